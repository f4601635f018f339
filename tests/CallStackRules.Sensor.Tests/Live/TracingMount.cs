using System.Diagnostics;

namespace CallStackRules.Sensor.Tests.Live;

/// <summary>tracefs on a folder of our own, for sensors that may not mount it themselves.</summary>
internal sealed class TracingMount : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("callstackrules-tests-").FullName;

    private TracingMount()
    {
    }

    /// <summary>Mounts it; skips the test where that is refused.</summary>
    public static TracingMount OfOurs()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        var mount = new TracingMount();
        if (Run("mount", "-t", "tracefs", "nodev", mount._folder) == 0)
            return mount;
        Directory.Delete(mount._folder);
        throw new SkipException("tracefs may not be mounted here.");
    }

    public void Dispose()
    {
        Run("umount", "--lazy", _folder);
        Directory.Delete(_folder);
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
