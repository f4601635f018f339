using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Memory.Interop;

/// <summary>The memory of another process.</summary>
/// <remarks>
/// <code>
/// MEMORY_BASIC_INFORMATION (winnt.h), 48 bytes:    PSAPI_WORKING_SET_EX_INFORMATION (psapi.h), 16 bytes:
///  0 pointer BaseAddress                            0 pointer VirtualAddress
///  8 pointer AllocationBase                         8 u64     attributes: bit 0 valid, bit 15 shared
/// 16 u32     AllocationProtect
/// 24 u64     RegionSize
/// 32 u32     State
/// 36 u32     Protect
/// 40 u32     Type
/// </code>
/// </remarks>
[SupportedOSPlatform("windows")]
internal sealed unsafe partial class WindowsProcess(SafeProcessHandle process) : IProcessMemory
{
    private const uint QueryAndRead = 0x0400 | 0x0010;

    private const ulong PageIsValid = 1;
    private const ulong PageIsShared = 1 << 15;
    private const int LongestPath = 1024;
    private const int PageSize = 4096;
    private const int PagesAtOnce = 256;

    /// <inheritdoc cref="ISystemCalls.Open"/>
    public static WindowsProcess? Open(int process, long earliest, long latest)
    {
        SafeProcessHandle handle = OpenProcess(QueryAndRead, inheritHandle: false, process);
        // The kernel's own times of a start are microseconds apart from those of its events.
        const long tolerance = TimeSpan.TicksPerSecond;
        if (!handle.IsInvalid && (earliest == 0
            || (GetProcessTimes(handle, out long began, out _, out _, out _) && began > earliest - tolerance && began < latest + tolerance)))
        {
            return new WindowsProcess(handle);
        }
        handle.Dispose();
        return null;
    }

    public RegionFacts? Region(ulong address)
    {
        if (VirtualQueryEx(process, (nuint)address, out MemoryBasicInformation region, (nuint)sizeof(MemoryBasicInformation)) == 0)
            return null;
        return new RegionFacts
        {
            Base = region.BaseAddress,
            Size = region.RegionSize,
            AllocationBase = region.AllocationBase,
            AllocationProtection = (PageProtection)region.AllocationProtect,
            Protection = (PageProtection)region.Protect,
            State = (RegionState)region.State,
            Type = (RegionType)region.Type,
            MappedPath = (RegionType)region.Type is RegionType.Image or RegionType.Mapped ? MappedPath(address) : null,
        };
    }

    public int Read(ulong address, Span<byte> bytes)
    {
        fixed (byte* buffer = bytes)
            return ReadProcessMemory(process, (nuint)address, buffer, (nuint)bytes.Length, out nuint read) ? (int)read : 0;
    }

    public int PrivatePages(ulong address, int count)
    {
        Span<WorkingSetPage> room = stackalloc WorkingSetPage[PagesAtOnce];
        int isPrivate = 0;
        for (int done = 0; done < count; done += PagesAtOnce)
        {
            Span<WorkingSetPage> pages = room[..Math.Min(PagesAtOnce, count - done)];
            for (int i = 0; i < pages.Length; i++)
                pages[i] = new WorkingSetPage { VirtualAddress = (nuint)address + ((nuint)(done + i) * PageSize) };
            if (!QueryWorkingSetEx(process, ref pages[0], pages.Length * sizeof(WorkingSetPage)))
                break;
            foreach (WorkingSetPage page in pages)
                isPrivate += (page.Attributes & (PageIsValid | PageIsShared)) == PageIsValid ? 1 : 0;
        }
        return isPrivate;
    }

    public void Dispose() => process.Dispose();

    private string? MappedPath(ulong address)
    {
        char* path = stackalloc char[LongestPath];
        uint length = GetMappedFileName(process, (nuint)address, path, LongestPath);
        return length == 0 ? null : new string(path, 0, (int)Math.Min(length, LongestPath));
    }

    [LibraryImport("kernel32.dll", EntryPoint = "OpenProcess", SetLastError = true)]
    private static partial SafeProcessHandle OpenProcess(uint access, [MarshalAs(UnmanagedType.Bool)] bool inheritHandle, int process);

    [LibraryImport("kernel32.dll", EntryPoint = "GetProcessTimes")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetProcessTimes(SafeProcessHandle process, out long creation, out long exit, out long kernel, out long user);

    [LibraryImport("kernel32.dll", EntryPoint = "VirtualQueryEx")]
    private static partial nuint VirtualQueryEx(SafeProcessHandle process, nuint address, out MemoryBasicInformation region, nuint size);

    [LibraryImport("kernel32.dll", EntryPoint = "K32QueryWorkingSetEx")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool QueryWorkingSetEx(SafeProcessHandle process, ref WorkingSetPage page, int size);

    [LibraryImport("kernel32.dll", EntryPoint = "ReadProcessMemory")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool ReadProcessMemory(SafeProcessHandle process, nuint address, byte* buffer, nuint size, out nuint read);

    [LibraryImport("kernel32.dll", EntryPoint = "K32GetMappedFileNameW")]
    private static partial uint GetMappedFileName(SafeProcessHandle process, nuint address, char* path, uint size);

    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryBasicInformation
    {
        public nuint BaseAddress;
        public nuint AllocationBase;
        public uint AllocationProtect;
        public nuint RegionSize;
        public uint State;
        public uint Protect;
        public uint Type;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct WorkingSetPage
    {
        public nuint VirtualAddress;
        public nuint Attributes;
    }
}
