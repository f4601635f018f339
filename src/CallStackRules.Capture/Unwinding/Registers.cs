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

    /// <summary>Number of rdi.</summary>
    public const int Rdi = 5;

    /// <summary>Number of rbp.</summary>
    public const int Rbp = 6;

    /// <summary>Number of rsp.</summary>
    public const int Rsp = 7;

    /// <summary>Number of rip, and of the column with the rule for the return address.</summary>
    public const int Rip = 16;

    private ulong _first;

    /// <summary>How many registers a perf sample has: those that a function keeps for its caller, and rdi, in which vfork keeps its return address.</summary>
    public const int PerfCount = 9;

    /// <summary>Which of them is the stack pointer.</summary>
    public const int PerfStackPointer = 3;

    /// <summary>From the order of perf samples: bx di bp sp ip r12 r13 r14 r15. The others, which calls do not keep, are 0.</summary>
    /// <param name="perf">The values.</param>
    public static Registers FromPerf(ReadOnlySpan<ulong> perf)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perf.Length, PerfCount, nameof(perf));
        Registers registers = default;
        registers[Rbx] = perf[0];
        registers[Rdi] = perf[1];
        registers[Rbp] = perf[2];
        registers[Rsp] = perf[PerfStackPointer];
        registers[Rip] = perf[4];
        registers[12] = perf[5];
        registers[13] = perf[6];
        registers[14] = perf[7];
        registers[15] = perf[8];
        return registers;
    }
}
