using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Memory.Interop;

/// <summary>The calls of Windows about drives, processes and files.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsCalls : ISystemCalls
{
    public string WindowsFolder => Environment.GetFolderPath(Environment.SpecialFolder.Windows);

    public string DeviceOf(string drive) => WindowsVolumes.DeviceOf(drive);

    public IProcessMemory? Open(int process, long startFileTime) => WindowsProcess.Open(process, startFileTime);

    public SignatureFacts? CheckSignature(string path, SafeFileHandle file) => WindowsTrust.Check(path, file);
}
