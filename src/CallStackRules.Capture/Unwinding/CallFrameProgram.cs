using System.Runtime.CompilerServices;

namespace CallStackRules.Capture.Unwinding;

/// <summary>Runs the instructions of a function's description up to an address.</summary>
/// <remarks>DWARF 5, section 6.4.2, "Call Frame Instructions"; DW_CFA_GNU_* as in binutils' <c>dwarf2.def</c>.</remarks>
internal ref struct CallFrameProgram(ReadOnlySpan<byte> frames, ulong framesAddress, CommonInformation common)
{
    // Real functions have a few hundred instructions. The limit bounds what made-up ones cost.
    private const int MostInstructions = 64 * 1024;

    private readonly ReadOnlySpan<byte> _frames = frames;
    private RegisterRules _initialRules;
    private RememberedRows _remembered;
    private int _rememberedCount;
    private ulong _location;

    /// <summary>The row that the instructions have led to.</summary>
    public UnwindRow Row;

    /// <summary>Finds the row of one address of a function; false when the instructions make no sense.</summary>
    public bool Run(in FunctionDescription function, ulong address)
    {
        if (!Run(common.InstructionsStart, common.InstructionsEnd, ulong.MaxValue))
            return false;
        _initialRules = Row.Rules;
        _rememberedCount = 0;
        _location = function.Start;
        return Run(function.InstructionsStart, function.InstructionsEnd, address) && Row.CfaKind != RegisterRuleKind.Unspecified;
    }

    private bool Run(int start, int end, ulong address)
    {
        var reader = new DwarfReader(_frames[..end], start);
        for (int i = 0; !reader.AtEnd; i++)
        {
            if (i == MostInstructions || !Execute(ref reader, out ulong location) || reader.Failed)
                return false;
            if (location > address)
                return true;
            _location = location;
        }
        return !reader.Failed;
    }

    /// <summary>One instruction. An instruction that advances says the location from which the ones behind it hold.</summary>
    private bool Execute(ref DwarfReader reader, out ulong location)
    {
        location = _location;
        byte instruction = reader.ReadByte();
        int operand = instruction & 0x3f;
        switch (instruction & 0xc0)
        {
            case 0x40: // DW_CFA_advance_loc
                location += (ulong)operand * common.CodeAlignment;
                return true;
            case 0x80: // DW_CFA_offset
                Set((ulong)operand, RegisterRuleKind.Offset, (long)reader.ReadUleb() * common.DataAlignment);
                return true;
            case 0xc0: // DW_CFA_restore
                Restore((ulong)operand);
                return true;
            default:
                return ExecuteExtended(instruction, ref reader, ref location);
        }
    }

    private bool ExecuteExtended(byte instruction, ref DwarfReader reader, ref ulong location)
    {
        switch (instruction)
        {
            case 0x00: // DW_CFA_nop
                return true;
            case 0x01: // DW_CFA_set_loc
                location = reader.ReadPointer(common.PointerEncoding, framesAddress, framesAddress);
                return true;
            case 0x02: // DW_CFA_advance_loc1
                location += reader.ReadUnsigned(1) * common.CodeAlignment;
                return true;
            case 0x03: // DW_CFA_advance_loc2
                location += reader.ReadUnsigned(2) * common.CodeAlignment;
                return true;
            case 0x04: // DW_CFA_advance_loc4
                location += reader.ReadUnsigned(4) * common.CodeAlignment;
                return true;
            case 0x05: // DW_CFA_offset_extended
                Set(reader.ReadUleb(), RegisterRuleKind.Offset, (long)reader.ReadUleb() * common.DataAlignment);
                return true;
            case 0x06: // DW_CFA_restore_extended
                Restore(reader.ReadUleb());
                return true;
            case 0x07: // DW_CFA_undefined
                Set(reader.ReadUleb(), RegisterRuleKind.Undefined);
                return true;
            case 0x08: // DW_CFA_same_value
                Set(reader.ReadUleb(), RegisterRuleKind.SameValue);
                return true;
            case 0x09: // DW_CFA_register
                SetRegister(reader.ReadUleb(), reader.ReadUleb());
                return true;
            case 0x0a: // DW_CFA_remember_state
                return Remember();
            case 0x0b: // DW_CFA_restore_state
                return Recall();
            case 0x0c: // DW_CFA_def_cfa
                SetCfaRegister(reader.ReadUleb());
                Row.CfaOffset = (long)reader.ReadUleb();
                return true;
            case 0x0d: // DW_CFA_def_cfa_register
                SetCfaRegister(reader.ReadUleb());
                return true;
            case 0x0e: // DW_CFA_def_cfa_offset
                Row.CfaOffset = (long)reader.ReadUleb();
                return true;
            case 0x0f: // DW_CFA_def_cfa_expression
                Row.CfaKind = RegisterRuleKind.Expression;
                Row.CfaLength = reader.SkipBlock();
                Row.CfaOffset = reader.Position - Row.CfaLength;
                return true;
            case 0x10: // DW_CFA_expression
                SetExpression(reader.ReadUleb(), RegisterRuleKind.Expression, ref reader);
                return true;
            case 0x11: // DW_CFA_offset_extended_sf
                Set(reader.ReadUleb(), RegisterRuleKind.Offset, reader.ReadSleb() * common.DataAlignment);
                return true;
            case 0x12: // DW_CFA_def_cfa_sf
                SetCfaRegister(reader.ReadUleb());
                Row.CfaOffset = reader.ReadSleb() * common.DataAlignment;
                return true;
            case 0x13: // DW_CFA_def_cfa_offset_sf
                Row.CfaOffset = reader.ReadSleb() * common.DataAlignment;
                return true;
            case 0x14: // DW_CFA_val_offset
                Set(reader.ReadUleb(), RegisterRuleKind.ValOffset, (long)reader.ReadUleb() * common.DataAlignment);
                return true;
            case 0x15: // DW_CFA_val_offset_sf
                Set(reader.ReadUleb(), RegisterRuleKind.ValOffset, reader.ReadSleb() * common.DataAlignment);
                return true;
            case 0x16: // DW_CFA_val_expression
                SetExpression(reader.ReadUleb(), RegisterRuleKind.ValExpression, ref reader);
                return true;
            case 0x2e: // DW_CFA_GNU_args_size: for exceptions only
                reader.ReadUleb();
                return true;
            case 0x2f: // DW_CFA_GNU_negative_offset_extended
                Set(reader.ReadUleb(), RegisterRuleKind.Offset, -((long)reader.ReadUleb() * common.DataAlignment));
                return true;
            default:
                return false;
        }
    }

    // Registers beyond those kept (vector registers and flags) play no part in finding callers.
    private void Set(ulong register, RegisterRuleKind kind, long value = 0)
    {
        if (register < Registers.Count)
            Row.Rules[(int)register] = new RegisterRule(kind, value);
    }

    private void SetRegister(ulong register, ulong other)
    {
        if (other < Registers.Count)
            Set(register, RegisterRuleKind.Register, (long)other);
        else
            Set(register, RegisterRuleKind.Undefined);
    }

    private void SetExpression(ulong register, RegisterRuleKind kind, ref DwarfReader reader)
    {
        int length = reader.SkipBlock();
        if (register < Registers.Count)
            Row.Rules[(int)register] = new RegisterRule(kind, reader.Position - length, length);
    }

    private void SetCfaRegister(ulong register)
    {
        Row.CfaKind = register < Registers.Count ? RegisterRuleKind.Register : RegisterRuleKind.Unspecified;
        Row.CfaRegister = register < Registers.Count ? (int)register : 0;
    }

    private void Restore(ulong register)
    {
        if (register < Registers.Count)
            Row.Rules[(int)register] = _initialRules[(int)register];
    }

    private bool Remember()
    {
        if (_rememberedCount == RememberedRows.Capacity)
            return false;
        _remembered[_rememberedCount++] = Row;
        return true;
    }

    private bool Recall()
    {
        if (_rememberedCount == 0)
            return false;
        Row = _remembered[--_rememberedCount];
        return true;
    }

    [InlineArray(Capacity)]
    private struct RememberedRows
    {
        public const int Capacity = 8;
        private UnwindRow _first;
    }
}
