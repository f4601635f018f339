namespace CallStackRules.Capture.Unwinding;

/// <summary>How to find the caller from one address: a row of the table that call frame information encodes.</summary>
internal struct UnwindRow
{
    /// <summary>The rule for the canonical frame address, the value rsp has in the caller: Register means register + offset, Expression a value.</summary>
    public RegisterRuleKind CfaKind;

    /// <summary>The register of the rule for the CFA.</summary>
    public int CfaRegister;

    /// <summary>The offset of the rule for the CFA, or where its expression is in .eh_frame.</summary>
    public long CfaOffset;

    /// <summary>Bytes of the CFA's expression.</summary>
    public int CfaLength;

    /// <summary>The rules for the registers.</summary>
    public RegisterRules Rules;

    /// <summary>Whether the frame was made by the kernel to deliver a signal: its caller was interrupted and made no call.</summary>
    public bool IsSignalFrame;
}
