using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw.Live.Interop;
using CallStackRules.Capture.Sources.Linux;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>The live source of the system this runs on.</summary>
internal static class LiveSources
{
    /// <summary>The name of this system, as rules have it.</summary>
    public static string OperatingSystem => System.OperatingSystem.IsWindows() ? "windows" : System.OperatingSystem.IsLinux() ? "linux" : "macos";

    /// <summary>Whether a recording of this name is a trace of ETW, which the system writes itself.</summary>
    public static bool IsTrace(string file) => Path.GetExtension(file).Equals(".etl", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens it; it is yet to be started.</summary>
    /// <param name="needs">What rules need.</param>
    /// <param name="holdsPrograms">Whether programs are held until they are answered.</param>
    /// <param name="trace">The trace of ETW that is recorded meanwhile; null for none.</param>
    /// <exception cref="CaptureException">There is none for this system.</exception>
    public static ILiveSource Open(CaptureNeeds needs, bool holdsPrograms, string? trace) =>
        System.OperatingSystem.IsLinux() ? new LinuxSource(needs, holdsPrograms)
        : !System.OperatingSystem.IsWindows() ? throw new CaptureException("Live capture works on Linux and Windows; on this system, replay a recording with 'replay FILE'.")
        : holdsPrograms ? throw new CaptureException("--prevent works on Linux only: Windows holds programs for drivers alone.")
        : WindowsSystem.Watch(needs, trace);
}
