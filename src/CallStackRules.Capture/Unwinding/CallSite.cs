using System.Buffers.Binary;

namespace CallStackRules.Capture.Unwinding;

/// <summary>What stands before a return address.</summary>
internal enum CallKind
{
    /// <summary>No call: the address was not put on the stack by one.</summary>
    None,
    /// <summary>A call to a fixed place, or through a table of imports.</summary>
    Direct,
    /// <summary>A call through a register, or through memory that a register points to.</summary>
    Indirect,
}

/// <summary>Tells by the bytes before a return address what call it belongs to, if any, and where code jumps at once.</summary>
/// <remarks>
/// Instructions cannot be read backwards: bytes that merely end like a call count as one, so that a stack is called made up only where it must be.
/// Source: Intel 64 and IA-32 Architectures Software Developer's Manual, CALL: E8 rel32; FF /2 with ModR/M, SIB and displacement. A prefix before it
/// changes nothing here.
/// </remarks>
internal static class CallSite
{
    /// <summary>Bytes of the longest jump that is known.</summary>
    public const int LongestJump = 14;

    /// <summary>Bytes of the longest call.</summary>
    public const int LongestCall = 7;

    /// <summary>The call that ends the bytes.</summary>
    /// <param name="leading">The bytes before the return address, hexadecimal.</param>
    public static CallKind KindOf(ReadOnlySpan<char> leading)
    {
        Span<byte> room = stackalloc byte[LongestCall];
        leading = leading[^Math.Min(leading.Length & ~1, 2 * LongestCall)..];
        if (Convert.FromHexString(leading, room, out _, out int count) != System.Buffers.OperationStatus.Done || count == 0)
            return CallKind.Direct;
        return KindOf(room[..count]);
    }

    /// <summary>The call that ends the bytes.</summary>
    /// <param name="bytes">The bytes before the return address.</param>
    public static CallKind KindOf(ReadOnlySpan<byte> bytes)
    {
        CallKind kind = bytes.Length >= 5 && bytes[^5] == 0xE8 ? CallKind.Direct : CallKind.None;
        for (int length = 2; length <= LongestCall && length <= bytes.Length; length++)
        {
            ReadOnlySpan<byte> call = bytes[^length..];
            if (call[0] != 0xFF || LengthOf(call) != length)
                continue;
            // Through a place in memory with a fixed address: a table of imports.
            bool isImport = (call[1] & 0xC7) == 0x05;
            if (!isImport && kind == CallKind.None)
                kind = CallKind.Indirect;
            else if (isImport)
                kind = CallKind.Direct;
        }
        return kind;
    }

    /// <summary>Where the jump leads that code begins with; null when it begins with another instruction.</summary>
    /// <remarks>
    /// E9 rel32; FF 25 with the address behind it; 48 B8 address, FF E0. Jumps through a table (FF 25 with a distance) are how a library forwards to another, and do not
    /// count.
    /// </remarks>
    /// <param name="code">The code.</param>
    /// <param name="address">Where it lies.</param>
    public static ulong? JumpTarget(ReadOnlySpan<byte> code, ulong address)
    {
        const int near = 5;
        const int throughWord = 6;
        const int load = 10;
        if (code.Length >= near && code[0] == 0xE9)
            return unchecked(address + near + (ulong)BinaryPrimitives.ReadInt32LittleEndian(code[1..]));
        if (code.Length >= throughWord + sizeof(ulong) && code.StartsWith<byte>([0xFF, 0x25, 0, 0, 0, 0]))
            return BinaryPrimitives.ReadUInt64LittleEndian(code[throughWord..]);
        if (code.Length >= load + 2 && code.StartsWith<byte>([0x48, 0xB8]) && code[load..].StartsWith<byte>([0xFF, 0xE0]))
            return BinaryPrimitives.ReadUInt64LittleEndian(code[2..]);
        return null;
    }

    /// <summary>Bytes of FF /2; 0 when it is another instruction.</summary>
    private static int LengthOf(ReadOnlySpan<byte> call)
    {
        const int opcodeAndModRm = 2;
        int mode = call[1] >> 6;
        int register = call[1] >> 3 & 7;
        int memory = call[1] & 7;
        if (register != 2)
            return 0;
        bool hasSib = mode != 3 && memory == 4;
        int displacement = mode switch
        {
            1 => 1,
            2 => 4,
            0 when memory == 5 || (hasSib && call.Length > 2 && (call[2] & 7) == 5) => 4,
            _ => 0,
        };
        return opcodeAndModRm + (hasSib ? 1 : 0) + displacement;
    }
}
