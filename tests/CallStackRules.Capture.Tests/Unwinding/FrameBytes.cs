using System.Buffers.Binary;
using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Capture.Tests.Unwinding;

/// <summary>An .eh_frame section of one function, made by hand.</summary>
internal static class FrameBytes
{
    public const ulong Address = 0x4000;
    public const ulong Function = 0x1000;
    public const uint FunctionSize = 0x100;

    /// <summary>
    /// A CIE (code alignment 1, data alignment -8, absolute pointers, CFA = rsp + 8, return address at CFA - 8) and an FDE with these instructions.
    /// </summary>
    public static byte[] Section(ReadOnlySpan<byte> instructions, string augmentation = "zR")
    {
        byte[] letters = [.. augmentation.Select(letter => (byte)letter), 0];
        byte[] common = Entry(0, [1, .. letters, 1, 0x78, 16, 1, 0, 0x0c, 7, 8, 0x90, 1]);
        byte[] range = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(range, Function);
        BinaryPrimitives.WriteUInt64LittleEndian(range.AsSpan(8), FunctionSize);
        return [.. common, .. Entry((uint)common.Length + 4, [.. range, 0, .. instructions]), 0, 0, 0, 0];
    }

    public static CallFrameInformation Read(params byte[] instructions) => new(Section(instructions), Address, table: null);

    private static byte[] Entry(uint id, ReadOnlySpan<byte> content)
    {
        var entry = new byte[8 + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(entry, 4 + content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(4), id);
        content.CopyTo(entry.AsSpan(8));
        return entry;
    }
}
