using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace CallStackRules.Capture.Memory.Interop;

/// <summary>The devices that drive letters stand for: the kernel names files by them.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsVolumes
{
    private const int LongestName = 1024;

    /// <summary>The device of a drive, such as <c>\Device\HarddiskVolume3</c> for <c>C:</c>; empty when there is no such drive.</summary>
    public static string DeviceOf(string drive)
    {
        char* device = stackalloc char[LongestName];
        // A list of texts, each ended by a zero; the first is what the drive is now.
        return QueryDosDevice(drive, device, LongestName) == 0 ? "" : new string(device);
    }

    [LibraryImport("kernel32.dll", EntryPoint = "QueryDosDeviceW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial uint QueryDosDevice(string drive, char* device, uint length);
}
