using System.Runtime.CompilerServices;

namespace CallStackRules.Capture.Unwinding;

/// <summary>How the caller's value of a register is found.</summary>
internal enum RegisterRule : byte
{
    /// <summary>It has not changed.</summary>
    Same,
    /// <summary>It cannot be known; for the return address: there is no caller.</summary>
    Undefined,
    /// <summary>It lies at the frame's address plus an offset.</summary>
    AtOffset,
    /// <summary>It is the frame's address plus an offset.</summary>
    IsOffset,
    /// <summary>It is in another register.</summary>
    InRegister,
    /// <summary>It lies at an address that an expression computes.</summary>
    AtExpression,
    /// <summary>It is what an expression computes.</summary>
    IsExpression,
}

/// <summary>How to step from one place in the code to its caller: a row of the table that call frame information describes.</summary>
internal struct UnwindRow
{
    /// <summary>The registers whose rules are kept: those a caller's frame is found with, rbx rbp r12 r13 r14 r15 and the return address.</summary>
    public const int KeptRegisters = 7;

    /// <summary>Whether there is unwind information for the place.</summary>
    public bool IsFound;

    /// <summary>Whether the frame is that of a signal handler's return: its caller did not call.</summary>
    public bool IsSignalFrame;

    /// <summary>Whether an expression computes the frame's address; <see cref="FrameValue"/> is then its place.</summary>
    public bool IsFrameExpression;

    /// <summary>The register that the frame's address is counted from.</summary>
    public byte FrameRegister;

    /// <summary>The offset from it.</summary>
    public int FrameValue;

    /// <summary>A rule for each kept register.</summary>
    public Rules Rule;

    /// <summary>For each kept register its offset, its register, or the place of its expression.</summary>
    public Values Value;

    /// <summary>The kept registers by their DWARF numbers.</summary>
    public static ReadOnlySpan<byte> Kept => [Registers.Rbx, Registers.Rbp, Registers.R12, Registers.R12 + 1, Registers.R12 + 2, Registers.R12 + 3, Registers.Rip];

    /// <summary>The place of the return address among the kept registers.</summary>
    public const int ReturnAddress = 6;

    /// <summary>Where a register is among the kept ones, or -1.</summary>
    public static int IndexOf(ulong register) => register switch
    {
        Registers.Rbx => 0,
        Registers.Rbp => 1,
        >= Registers.R12 and < Registers.Rip => (int)register - Registers.R12 + 2,
        Registers.Rip => ReturnAddress,
        _ => -1,
    };

    /// <summary>A rule for each kept register.</summary>
    [InlineArray(KeptRegisters)]
    public struct Rules
    {
        private RegisterRule _first;
    }

    /// <summary>A number for each kept register.</summary>
    [InlineArray(KeptRegisters)]
    public struct Values
    {
        private int _first;
    }
}
