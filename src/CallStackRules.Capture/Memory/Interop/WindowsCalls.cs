using System.Diagnostics;
using System.Runtime.Versioning;
using CallStackRules.Capture.Sources.Etw;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Memory.Interop;

/// <summary>The calls of Windows about drives, processes and files.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsCalls : ISystemCalls
{
    public TraceClock Clock => new(Stopwatch.GetTimestamp(), DateTime.UtcNow.Ticks, Stopwatch.Frequency);

    public string WindowsFolder => Environment.GetFolderPath(Environment.SpecialFolder.Windows);

    public string DeviceOf(string drive) => WindowsVolumes.DeviceOf(drive);

    public IProcessMemory? Open(int process, long earliest, long latest) => WindowsProcess.Open(process, earliest, latest);

    public SignatureFacts? CheckSignature(string path, SafeFileHandle file) => WindowsTrust.Check(path, file);
}
