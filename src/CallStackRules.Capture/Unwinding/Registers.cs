using System.Runtime.CompilerServices;

namespace CallStackRules.Capture.Unwinding;

/// <summary>The registers of a thread, by their DWARF numbers.</summary>
/// <remarks>
/// System V ABI for x86-64, figure "DWARF Register Number Mapping": 0 rax, 1 rdx, 2 rcx, 3 rbx, 4 rsi, 5 rdi, 6 rbp, 7 rsp, 8 to 15 r8 to r15, 16 the return
/// address column, which stands for rip.
/// </remarks>
[InlineArray(Count)]
public struct Registers
{
    /// <summary>How many registers there are.</summary>
    public const int Count = 17;

    /// <summary>Number of rbx.</summary>
    public const int Rbx = 3;

    /// <summary>Number of rbp.</summary>
    public const int Rbp = 6;

    /// <summary>Number of rsp.</summary>
    public const int Rsp = 7;

    /// <summary>Number of rip, and of the column with the rule for the return address.</summary>
    public const int Rip = 16;

    private ulong _first;

    /// <summary>From the order of perf samples: ax bx cx dx si di bp sp ip flags cs ss r8 to r15.</summary>
    /// <param name="perf">The 20 values.</param>
    public static Registers FromPerf(ReadOnlySpan<ulong> perf)
    {
        const int count = 20;
        ArgumentOutOfRangeException.ThrowIfLessThan(perf.Length, count, nameof(perf));
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
        for (int i = 8; i < Rip; i++)
            registers[i] = perf[i + 4];
        return registers;
    }
}
