namespace CallStackRules.Capture.Unwinding;

/// <summary>How the caller is found from an address.</summary>
internal enum CompactRowKind : byte
{
    /// <summary>Not worked out.</summary>
    Empty,

    /// <summary>CFA = register + offset, return address at CFA - 8, registers saved below it: what compilers make nearly always.</summary>
    Plain,

    /// <summary>There is no caller.</summary>
    Outermost,

    /// <summary>Any other rule: the row is worked out again each time.</summary>
    Complex,

    /// <summary>Nothing is described here: the frame pointer must do.</summary>
    None,
}

/// <summary>A row in 24 bytes, for the table of rows.</summary>
/// <remarks>A saved register is at CFA - 8 * N, where N is its byte here; 0 says that the register was not saved.</remarks>
internal struct CompactRow
{
    public ulong Address;
    public uint Image;
    public int CfaOffset;
    public CompactRowKind Kind;
    public byte CfaRegister;
    public byte Rbx;
    public byte Rbp;
    public byte R12;
    public byte R13;
    public byte R14;
    public byte R15;

    /// <summary>Writes the rules of a row, leaving what it is found by.</summary>
    public void Set(in UnwindRow row)
    {
        RegisterRule returnAddress = row.Rules[Registers.Rip];
        Kind = CompactRowKind.Complex;
        if (returnAddress.Kind == RegisterRuleKind.Undefined)
        {
            Kind = CompactRowKind.Outermost;
            return;
        }
        if (row.IsSignalFrame || row.CfaKind != RegisterRuleKind.Register || row.CfaOffset is < int.MinValue or > int.MaxValue)
            return;
        if (returnAddress.Kind != RegisterRuleKind.Offset || returnAddress.Value != -8)
            return;
        for (int register = 0; register < Registers.Rip; register++)
        {
            bool isKept = register is Registers.Rbx or Registers.Rbp or (>= 12 and <= 15);
            if (!isKept && row.Rules[register].Kind is not (RegisterRuleKind.Unspecified or RegisterRuleKind.SameValue or RegisterRuleKind.Undefined))
                return;
        }
        bool fits = TrySlot(row.Rules[Registers.Rbx], out Rbx) & TrySlot(row.Rules[Registers.Rbp], out Rbp) & TrySlot(row.Rules[12], out R12)
            & TrySlot(row.Rules[13], out R13) & TrySlot(row.Rules[14], out R14) & TrySlot(row.Rules[15], out R15);
        if (!fits)
            return;
        (CfaRegister, CfaOffset) = ((byte)row.CfaRegister, (int)row.CfaOffset);
        Kind = CompactRowKind.Plain;
    }

    private static bool TrySlot(RegisterRule rule, out byte slot)
    {
        slot = 0;
        if (rule.Kind is RegisterRuleKind.Unspecified or RegisterRuleKind.SameValue or RegisterRuleKind.Undefined)
            return true;
        if (rule.Kind != RegisterRuleKind.Offset || rule.Value % 8 != 0 || rule.Value is >= 0 or < -8 * byte.MaxValue)
            return false;
        slot = (byte)(rule.Value / -8);
        return true;
    }
}
