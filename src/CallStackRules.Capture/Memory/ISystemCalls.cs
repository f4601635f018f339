using CallStackRules.Capture.Sources.Etw;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Memory;

/// <summary>What <see cref="LiveFacts"/> calls of an operating system: Windows, or the tests'.</summary>
internal interface ISystemCalls
{
    /// <summary>How timestamps become points in time by the system's clock as it is now.</summary>
    TraceClock Clock { get; }

    /// <summary>Where Windows is.</summary>
    string WindowsFolder { get; }

    /// <summary>The device of a drive, such as <c>\Device\HarddiskVolume3</c> for <c>C:</c>; empty when there is no such drive.</summary>
    string DeviceOf(string drive);

    /// <summary>Opens a process, but not another one that has got its number since; null when that cannot be.</summary>
    /// <param name="process">Its number.</param>
    /// <param name="earliest">When it began at the earliest, FILETIME; 0 when not known.</param>
    /// <param name="latest">When it began at the latest.</param>
    IProcessMemory? Open(int process, long earliest, long latest);

    /// <summary>Checks the signature of an open file.</summary>
    SignatureFacts? CheckSignature(string path, SafeFileHandle file);
}

/// <summary>The memory of an open process.</summary>
internal interface IProcessMemory : IDisposable
{
    /// <summary>The region that an address lies in; null when there is none.</summary>
    RegionFacts? Region(ulong address);

    /// <summary>How many of the pages from an address on are in memory and a copy of the process's own.</summary>
    int PrivatePages(ulong address, int count);

    /// <summary>Copies memory from an address on.</summary>
    /// <returns>The bytes copied, 0 when that cannot be.</returns>
    int Read(ulong address, Span<byte> bytes);
}
