namespace CallStackRules.Capture.Unwinding;

/// <summary>Computes DWARF expressions (DWARF 5, 2.5) over registers and a copy of the stack. Bounded in steps and depth.</summary>
internal static class DwarfExpression
{
    private const int MostSteps = 512;
    private const int Depth = 32;

    /// <summary>Computes an expression.</summary>
    /// <param name="bytes">The bytes it lies in.</param>
    /// <param name="place">Where its length stands, followed by its operations.</param>
    /// <param name="initial">What lies on the stack of the machine at first; null for nothing.</param>
    /// <param name="registers">The registers.</param>
    /// <param name="memory">The memory that can be read.</param>
    /// <param name="result">Receives what lies on top at the end.</param>
    /// <returns>False when it is malformed, takes too long, or reads memory that is not there.</returns>
    public static bool TryCompute(ReadOnlySpan<byte> bytes, int place, ulong? initial, in Registers registers, in StackCopy memory, out ulong result)
    {
        result = 0;
        var reader = new DwarfReader(bytes, place, bytes.Length);
        ulong length = reader.Unsigned();
        if (reader.HasFailed || length > (ulong)(bytes.Length - reader.Place))
            return false;
        int begin = reader.Place;
        reader = new DwarfReader(bytes, begin, begin + (int)length);
        Span<ulong> stack = stackalloc ulong[Depth];
        int count = 0;
        if (initial is { } first)
            stack[count++] = first;
        for (int step = 0; !reader.IsAtEnd; step++)
        {
            if (step == MostSteps || !TryStep(ref reader, stack, ref count, registers, memory) || reader.HasFailed || reader.Place < begin)
                return false;
        }
        if (count == 0 || reader.HasFailed)
            return false;
        result = stack[count - 1];
        return true;
    }

    private static bool TryStep(scoped ref DwarfReader reader, scoped Span<ulong> stack, ref int count, in Registers registers, scoped in StackCopy memory)
    {
        byte operation = reader.Byte();
        switch (operation)
        {
            case >= 0x30 and <= 0x4f: // DW_OP_lit0..31
                return Push(stack, ref count, (ulong)(operation - 0x30));
            case >= 0x70 and <= 0x8f: // DW_OP_breg0..31
                int register = operation - 0x70;
                return register < Registers.Count && Push(stack, ref count, registers[register] + (ulong)reader.Signed());
            case 0x03: // DW_OP_addr: expressions here are of code that may lie anywhere
                return false;
            case 0x08: // DW_OP_const1u
                return Push(stack, ref count, reader.Byte());
            case 0x09: // DW_OP_const1s
                return Push(stack, ref count, (ulong)(sbyte)reader.Byte());
            case 0x0a: // DW_OP_const2u
                return Push(stack, ref count, reader.UInt16());
            case 0x0b: // DW_OP_const2s
                return Push(stack, ref count, (ulong)(short)reader.UInt16());
            case 0x0c: // DW_OP_const4u
                return Push(stack, ref count, reader.UInt32());
            case 0x0d: // DW_OP_const4s
                return Push(stack, ref count, (ulong)(int)reader.UInt32());
            case 0x0e or 0x0f: // DW_OP_const8u, DW_OP_const8s
                return Push(stack, ref count, reader.UInt64());
            case 0x10: // DW_OP_constu
                return Push(stack, ref count, reader.Unsigned());
            case 0x11: // DW_OP_consts
                return Push(stack, ref count, (ulong)reader.Signed());
            case 0x12: // DW_OP_dup
                return count > 0 && Push(stack, ref count, stack[count - 1]);
            case 0x13: // DW_OP_drop
                return --count >= 0;
            case 0x14: // DW_OP_over
                return count > 1 && Push(stack, ref count, stack[count - 2]);
            case 0x15: // DW_OP_pick
                int pick = reader.Byte();
                return pick < count && Push(stack, ref count, stack[count - 1 - pick]);
            case 0x16: // DW_OP_swap
                if (count < 2)
                    return false;
                (stack[count - 1], stack[count - 2]) = (stack[count - 2], stack[count - 1]);
                return true;
            case 0x17: // DW_OP_rot
                if (count < 3)
                    return false;
                (stack[count - 1], stack[count - 2], stack[count - 3]) = (stack[count - 2], stack[count - 3], stack[count - 1]);
                return true;
            case 0x06: // DW_OP_deref
                return count > 0 && memory.TryRead(stack[count - 1], out stack[count - 1]);
            case 0x19: // DW_OP_abs
                return count > 0 && Replace(stack, count, (long)stack[count - 1] < 0 ? 0 - stack[count - 1] : stack[count - 1]);
            case 0x1f: // DW_OP_neg
                return count > 0 && Replace(stack, count, 0 - stack[count - 1]);
            case 0x20: // DW_OP_not
                return count > 0 && Replace(stack, count, ~stack[count - 1]);
            case 0x23: // DW_OP_plus_uconst
                return count > 0 && Replace(stack, count, stack[count - 1] + reader.Unsigned());
            case 0x2f: // DW_OP_skip
                Jump(ref reader);
                return true;
            case 0x28: // DW_OP_bra
                if (--count < 0)
                    return false;
                if (stack[count] != 0)
                    Jump(ref reader);
                else
                    reader.Skip(2);
                return true;
            case 0x96: // DW_OP_nop
                return true;
            default:
                return count > 1 && TryCombine(operation, stack, ref count);
        }
    }

    private static bool TryCombine(byte operation, Span<ulong> stack, ref int count)
    {
        ulong right = stack[--count];
        ulong left = stack[count - 1];
        ulong? value = operation switch
        {
            0x1a => left & right,
            0x1b => right == 0 || (left == 1UL << 63 && right == ulong.MaxValue) ? null : (ulong)((long)left / (long)right),
            0x1c => left - right,
            0x1d => right == 0 ? null : left % right,
            0x1e => left * right,
            0x21 => left | right,
            0x22 => left + right,
            0x24 => right > 63 ? 0 : left << (int)right,
            0x25 => right > 63 ? 0 : left >> (int)right,
            0x26 => (ulong)((long)left >> (int)Math.Min(right, 63)),
            0x27 => left ^ right,
            0x29 => left == right ? 1UL : 0,
            0x2a => (long)left >= (long)right ? 1UL : 0,
            0x2b => (long)left > (long)right ? 1UL : 0,
            0x2c => (long)left <= (long)right ? 1UL : 0,
            0x2d => (long)left < (long)right ? 1UL : 0,
            0x2e => left != right ? 1UL : 0,
            _ => null,
        };
        stack[count - 1] = value ?? 0;
        return value is not null;
    }

    private static void Jump(ref DwarfReader reader)
    {
        short distance = (short)reader.UInt16();
        reader.MoveTo(reader.Place + distance);
    }

    private static bool Push(Span<ulong> stack, ref int count, ulong value)
    {
        if (count == Depth)
            return false;
        stack[count++] = value;
        return true;
    }

    private static bool Replace(Span<ulong> stack, int count, ulong value)
    {
        stack[count - 1] = value;
        return true;
    }
}
