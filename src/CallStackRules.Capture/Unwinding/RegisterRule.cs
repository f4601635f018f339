using System.Runtime.CompilerServices;

namespace CallStackRules.Capture.Unwinding;

/// <summary>How the caller's value of a register is found. DWARF 5, section 6.4.1, "Structure of Call Frame Information".</summary>
internal enum RegisterRuleKind : byte
{
    /// <summary>Nothing was said. For registers that a function must keep this means the same value.</summary>
    Unspecified,

    /// <summary>It cannot be found. For the return address: there is no caller.</summary>
    Undefined,

    /// <summary>It has not been changed.</summary>
    SameValue,

    /// <summary>It is saved at CFA + N.</summary>
    Offset,

    /// <summary>It is CFA + N.</summary>
    ValOffset,

    /// <summary>It is in another register.</summary>
    Register,

    /// <summary>It is saved at the address that an expression gives.</summary>
    Expression,

    /// <summary>It is the value that an expression gives.</summary>
    ValExpression,
}

/// <summary>The rule for one register.</summary>
/// <param name="Kind">Which kind of rule.</param>
/// <param name="Value">The offset in bytes, the number of the other register, or where the expression is in .eh_frame.</param>
/// <param name="Length">Bytes of the expression.</param>
internal readonly record struct RegisterRule(RegisterRuleKind Kind, long Value = 0, int Length = 0);

/// <summary>The rules for all registers.</summary>
[InlineArray(Registers.Count)]
internal struct RegisterRules
{
    private RegisterRule _first;
}
