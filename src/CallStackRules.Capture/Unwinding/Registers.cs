using System.Runtime.CompilerServices;

namespace CallStackRules.Capture.Unwinding;

/// <summary>
/// The registers of x86-64 by their DWARF numbers (System V ABI, figure 3.36): rax 0, rdx 1, rcx 2, rbx 3, rsi 4, rdi 5, rbp 6, rsp 7, r8 to r15 8 to 15, and the
/// return address, which is rip, 16.
/// </summary>
[InlineArray(Count)]
internal struct Registers
{
    /// <summary>How many there are.</summary>
    public const int Count = 17;

    /// <summary>Saved by functions that use it.</summary>
    public const int Rbx = 3;

    /// <summary>The frame pointer, where code keeps one.</summary>
    public const int Rbp = 6;

    /// <summary>The stack pointer.</summary>
    public const int Rsp = 7;

    /// <summary>Saved by functions that use it, and so are the three after it.</summary>
    public const int R12 = 12;

    /// <summary>The instruction pointer.</summary>
    public const int Rip = 16;

    private ulong _first;

    /// <summary>From the order of perf: ax bx cx dx si di bp sp ip flags cs ss r8 to r15.</summary>
    public static Registers FromPerf(ReadOnlySpan<ulong> perf)
    {
        const int count = 20;
        ArgumentOutOfRangeException.ThrowIfLessThan(perf.Length, count);
        Registers registers = default;
        registers[0] = perf[0];
        registers[1] = perf[3];
        registers[2] = perf[2];
        registers[Rbx] = perf[1];
        registers[4] = perf[4];
        registers[5] = perf[5];
        registers[Rbp] = perf[6];
        registers[Rsp] = perf[7];
        registers[Rip] = perf[8];
        for (int i = 8; i < 16; i++)
            registers[i] = perf[i + 4];
        return registers;
    }
}
