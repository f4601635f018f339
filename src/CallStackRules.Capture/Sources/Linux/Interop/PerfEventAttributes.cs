using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Linux.Interop;

/// <summary><c>struct perf_event_attr</c>, version 8 (136 bytes) of <c>include/uapi/linux/perf_event.h</c>; fields that are never set are left out.</summary>
[StructLayout(LayoutKind.Explicit, Size = 136)]
internal struct PerfEventAttributes
{
    public const uint TypeSoftware = 1;
    public const uint TypeTracepoint = 2;

    /// <summary>A counter that counts nothing: it carries the records of mappings, names, forks and exits.</summary>
    public const ulong ConfigDummy = 9;

    /// <summary>What <c>bpf_perf_event_output</c> writes to.</summary>
    public const ulong ConfigBpfOutput = 10;

    public const ulong SampleTid = 1 << 1;
    public const ulong SampleTime = 1 << 2;
    public const ulong SampleRaw = 1 << 10;
    public const ulong SampleUserRegisters = 1 << 12;
    public const ulong SampleUserStack = 1 << 13;

    /// <summary>What the sample of a call has; <see cref="Perf.PerfSample"/> has the layout.</summary>
    public const ulong SampleOfCall = SampleTid | SampleTime | SampleRaw | SampleUserRegisters | SampleUserStack;

    /// <summary>Reading the event gives its value and then how many records of it were lost (PERF_FORMAT_LOST, Linux 6.0).</summary>
    public const ulong FormatLost = 1 << 4;

    public const ulong FlagDisabled = 1 << 0;
    public const ulong FlagMmap = 1 << 8;
    public const ulong FlagComm = 1 << 9;
    public const ulong FlagTask = 1 << 13;
    public const ulong FlagWatermark = 1 << 14;
    public const ulong FlagSampleIdAll = 1 << 18;
    public const ulong FlagMmap2 = 1 << 23;
    public const ulong FlagCommExec = 1 << 24;
    public const ulong FlagUseClock = 1 << 25;

    /// <summary><c>CLOCK_MONOTONIC</c>, the clock of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public const int ClockMonotonic = 1;

    /// <summary>
    /// The registers that <see cref="Unwinding.Registers.FromPerf"/> reads, by their bits (arch/x86/include/uapi/asm/perf_regs.h): bx 1, di 5, bp 6, sp 7, ip 8, r12 to r15
    /// 20 to 23. The kernel copies them one by one.
    /// </summary>
    public const ulong UserRegisters = (1 << 1) | (1 << 5) | (1 << 6) | (1 << 7) | (1 << 8) | (0xful << 20);

    /// <summary>The same and those that arguments of a system call are in: dx 3, si 4, r8 to r10 16 to 18.</summary>
    public const ulong UserRegistersWithArguments = UserRegisters | (1 << 3) | (1 << 4) | (7ul << 16);

    public const ulong ControlEnable = 0x2400;
    public const ulong ControlDisable = 0x2401;
    public const ulong ControlSetOutput = 0x2405;
    public const ulong ControlSetFilter = 0x40082406;
    public const ulong ControlSetBpf = 0x40042408;

    [FieldOffset(0)] public uint Type;
    [FieldOffset(4)] public uint Size;
    [FieldOffset(8)] public ulong Config;
    [FieldOffset(16)] public ulong SamplePeriod;
    [FieldOffset(24)] public ulong SampleType;
    [FieldOffset(32)] public ulong ReadFormat;
    [FieldOffset(40)] public ulong Flags;
    [FieldOffset(48)] public uint Wakeup;
    [FieldOffset(80)] public ulong SampleUserRegistersMask;
    [FieldOffset(88)] public uint SampleUserStackBytes;
    [FieldOffset(92)] public int Clock;

    /// <summary>Attributes of the size the kernel expects.</summary>
    public static PerfEventAttributes Of(uint type, ulong config) => new() { Type = type, Size = 136, Config = config };
}
