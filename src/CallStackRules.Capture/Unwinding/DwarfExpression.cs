using System.Runtime.CompilerServices;

namespace CallStackRules.Capture.Unwinding;

/// <summary>Evaluates the DWARF expressions of call frame information: procedure linkage tables and signal frames use them.</summary>
/// <remarks>
/// DWARF 5, section 2.5. Memory is the copy of the stack and nothing else. Operations that need more context (objects, types, entry values, the frame base) do
/// not occur in call frame information and end the evaluation. Branches can loop, so the number of operations is bounded.
/// </remarks>
internal static class DwarfExpression
{
    private const int MostOperations = 512;

    /// <summary>Evaluates an expression.</summary>
    /// <param name="expression">Its operations.</param>
    /// <param name="registers">The registers of the frame.</param>
    /// <param name="memory">The copy of the stack.</param>
    /// <param name="cfa">The CFA, which is on the stack from the start in rules for registers; null in the rule for the CFA.</param>
    /// <param name="result">The value; when memory was read that was not copied, its address; else 0.</param>
    public static bool TryEvaluate(ReadOnlySpan<byte> expression, in Registers registers, StackCopy memory, ulong? cfa, out ulong result)
    {
        var values = default(Values);
        var reader = new DwarfReader(expression);
        result = 0;
        if (cfa is { } address)
            values.Push(address);
        for (int i = 0; i < MostOperations && !reader.AtEnd; i++)
        {
            if (!Execute(reader.ReadByte(), ref reader, ref values, registers, memory, ref result))
                return false;
        }
        if (!reader.AtEnd || reader.Failed)
            return false;
        result = values.Pop();
        return !values.Failed;
    }

    private static bool Execute(byte operation, ref DwarfReader reader, ref Values values, in Registers registers, StackCopy memory, ref ulong result)
    {
        switch (operation)
        {
            case 0x06: // DW_OP_deref
                return Dereference(8, ref values, memory, ref result);
            case 0x94: // DW_OP_deref_size
                return Dereference(reader.ReadByte(), ref values, memory, ref result);
            case >= 0x30 and <= 0x4f: // DW_OP_lit0..31
                values.Push((ulong)(operation - 0x30));
                break;
            case >= 0x70 and <= 0x8f: // DW_OP_breg0..31
                return PushRegister((ulong)(operation - 0x70), ref reader, ref values, registers);
            case 0x92: // DW_OP_bregx
                return PushRegister(reader.ReadUleb(), ref reader, ref values, registers);
            case 0x28: // DW_OP_bra
                long distance = reader.ReadSigned(2);
                if (values.Pop() != 0)
                    reader.Skip(distance);
                break;
            case 0x2f: // DW_OP_skip
                reader.Skip(reader.ReadSigned(2));
                break;
            case 0x96: // DW_OP_nop
                break;
            case 0x03 or (>= 0x08 and <= 0x11):
                values.Push(Constant(operation, ref reader));
                break;
            case >= 0x12 and <= 0x17:
                Shuffle(operation, ref reader, ref values);
                break;
            case 0x19 or 0x1f or 0x20 or 0x23:
                values.Push(Unary(operation, values.Pop(), ref reader));
                break;
            default:
                ulong right = values.Pop();
                ulong left = values.Pop();
                if (!TryBinary(operation, left, right, out ulong value))
                    return false;
                values.Push(value);
                break;
        }
        return !values.Failed && !reader.Failed;
    }

    private static bool Dereference(int size, ref Values values, StackCopy memory, ref ulong result)
    {
        ulong address = values.Pop();
        if (values.Failed)
            return false;
        if (!memory.TryRead(address, size, out ulong value))
        {
            result = address;
            return false;
        }
        values.Push(value);
        return !values.Failed;
    }

    private static bool PushRegister(ulong register, ref DwarfReader reader, ref Values values, in Registers registers)
    {
        long offset = reader.ReadSleb();
        if (register >= Registers.Count)
            return false;
        values.Push(registers[(int)register] + (ulong)offset);
        return !values.Failed && !reader.Failed;
    }

    private static ulong Constant(byte operation, ref DwarfReader reader) => operation switch
    {
        0x08 => reader.ReadUnsigned(1), // DW_OP_const1u
        0x09 => (ulong)reader.ReadSigned(1), // DW_OP_const1s
        0x0a => reader.ReadUnsigned(2), // DW_OP_const2u
        0x0b => (ulong)reader.ReadSigned(2), // DW_OP_const2s
        0x0c => reader.ReadUnsigned(4), // DW_OP_const4u
        0x0d => (ulong)reader.ReadSigned(4), // DW_OP_const4s
        0x10 => reader.ReadUleb(), // DW_OP_constu
        0x11 => (ulong)reader.ReadSleb(), // DW_OP_consts
        _ => reader.ReadUnsigned(8), // DW_OP_addr, DW_OP_const8u, DW_OP_const8s
    };

    private static void Shuffle(byte operation, ref DwarfReader reader, ref Values values)
    {
        switch (operation)
        {
            case 0x12: // DW_OP_dup
                values.Pick(0);
                break;
            case 0x13: // DW_OP_drop
                values.Pop();
                break;
            case 0x14: // DW_OP_over
                values.Pick(1);
                break;
            case 0x15: // DW_OP_pick
                values.Pick(reader.ReadByte());
                break;
            case 0x16: // DW_OP_swap
                values.Rotate(2);
                break;
            default: // DW_OP_rot
                values.Rotate(3);
                break;
        }
    }

    private static ulong Unary(byte operation, ulong value, ref DwarfReader reader) => operation switch
    {
        0x19 => (long)value < 0 ? 0 - value : value, // DW_OP_abs
        0x1f => 0 - value, // DW_OP_neg
        0x20 => ~value, // DW_OP_not
        _ => value + reader.ReadUleb(), // DW_OP_plus_uconst
    };

    private static bool TryBinary(byte operation, ulong left, ulong right, out ulong value)
    {
        (long signedLeft, long signedRight) = ((long)left, (long)right);
        value = operation switch
        {
            0x1a => left & right, // DW_OP_and
            0x1b => Divide(signedLeft, signedRight), // DW_OP_div
            0x1c => left - right, // DW_OP_minus
            0x1d => right == 0 ? 0 : left % right, // DW_OP_mod
            0x1e => left * right, // DW_OP_mul
            0x21 => left | right, // DW_OP_or
            0x22 => left + right, // DW_OP_plus
            0x24 => right < 64 ? left << (int)right : 0, // DW_OP_shl
            0x25 => right < 64 ? left >> (int)right : 0, // DW_OP_shr
            0x26 => (ulong)(signedLeft >> (int)Math.Min(right, 63)), // DW_OP_shra
            0x27 => left ^ right, // DW_OP_xor
            0x29 => left == right ? 1u : 0, // DW_OP_eq
            0x2a => signedLeft >= signedRight ? 1u : 0, // DW_OP_ge
            0x2b => signedLeft > signedRight ? 1u : 0, // DW_OP_gt
            0x2c => signedLeft <= signedRight ? 1u : 0, // DW_OP_le
            0x2d => signedLeft < signedRight ? 1u : 0, // DW_OP_lt
            0x2e => left != right ? 1u : 0, // DW_OP_ne
            _ => 0,
        };
        bool dividesByZero = operation is 0x1b or 0x1d && right == 0;
        return operation is (>= 0x1a and <= 0x1e) or 0x21 or 0x22 or (>= 0x24 and <= 0x27) or (>= 0x29 and <= 0x2e) && !dividesByZero;
    }

    // The smallest number divided by -1 is the one quotient that does not fit, and .NET throws on it.
    private static ulong Divide(long left, long right) => right switch
    {
        0 => 0,
        -1 => 0 - (ulong)left,
        _ => (ulong)(left / right),
    };

    /// <summary>The evaluation's stack of values. Too many or too few of them are a failure, not an exception.</summary>
    private struct Values
    {
        private Room _room;
        private int _count;

        public bool Failed { get; private set; }

        public void Push(ulong value)
        {
            if (_count < Room.Size)
                _room[_count++] = value;
            else
                Failed = true;
        }

        public ulong Pop()
        {
            if (_count > 0)
                return _room[--_count];
            Failed = true;
            return 0;
        }

        /// <summary>Pushes a copy of the value this far below the top.</summary>
        public void Pick(int depth)
        {
            if (depth < _count)
                Push(_room[_count - 1 - depth]);
            else
                Failed = true;
        }

        /// <summary>Moves the top below the values under it.</summary>
        public void Rotate(int count)
        {
            if (_count < count)
            {
                Failed = true;
                return;
            }
            Span<ulong> top = ((Span<ulong>)_room).Slice(_count - count, count);
            ulong value = top[^1];
            top[..^1].CopyTo(top[1..]);
            top[0] = value;
        }

        [InlineArray(Size)]
        private struct Room
        {
            public const int Size = 32;
            private ulong _first;
        }
    }
}
