namespace CallStackRules.Capture.Unwinding;

/// <summary>What descriptions of functions have in common: a CIE of .eh_frame.</summary>
/// <remarks>
/// Linux Standard Base, "The Common Information Entry Format":
/// <code>
/// u32 length (0xffffffff: a u64 follows), u32 0, u8 version, augmentation string, [8 bytes if it begins with "eh"],
/// uleb code alignment, sleb data alignment, return address register (u8 in version 1, else uleb),
/// if the augmentation begins with z: uleb length of what follows, for each letter of it: R u8 encoding of pointers, P u8 encoding and pointer, L u8; S and B
/// have nothing, initial instructions
/// </code>
/// </remarks>
internal readonly record struct CommonInformation(ulong CodeAlignment, long DataAlignment, byte PointerEncoding, bool HasAugmentationLength, bool IsSignalFrame,
    int InstructionsStart, int InstructionsEnd)
{
    private const int LongestAugmentation = 16;

    /// <summary>Reads the entry at a place in .eh_frame.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frames, int position, out CommonInformation information)
    {
        information = default;
        if (!CallFrameEntry.TryRead(frames, position, out CallFrameEntry entry) || !entry.IsCommon)
            return false;
        ReadOnlySpan<byte> bytes = frames[..entry.End];
        var reader = new DwarfReader(bytes, entry.Content);
        byte version = reader.ReadByte();
        ReadOnlySpan<byte> rest = bytes[reader.Position..];
        int length = rest[..Math.Min(rest.Length, LongestAugmentation)].IndexOf((byte)0);
        if (version is not (1 or 3 or 4) || length < 0)
            return false;
        ReadOnlySpan<byte> augmentation = rest[..length];
        reader.Skip(length + 1);
        if (augmentation.StartsWith("eh"u8))
            reader.Skip(8);
        // Version 4 says the size of addresses and of segment selectors.
        if (version == 4)
            reader.Skip(2);
        ulong codeAlignment = reader.ReadUleb();
        long dataAlignment = reader.ReadSleb();
        ulong returnAddress = version == 1 ? reader.ReadByte() : reader.ReadUleb();
        bool hasLength = augmentation.StartsWith("z"u8);
        (byte encoding, bool isSignalFrame) = (0, false);
        if (hasLength)
        {
            int size = reader.SkipBlock();
            if (reader.Failed)
                return false;
            ReadAugmentation(augmentation[1..], new DwarfReader(bytes, reader.Position - size), out encoding, out isSignalFrame);
        }
        information = new(codeAlignment, dataAlignment, encoding, hasLength, isSignalFrame, reader.Position, entry.End);
        return !reader.Failed && returnAddress == Registers.Rip;
    }

    private static void ReadAugmentation(ReadOnlySpan<byte> letters, DwarfReader reader, out byte encoding, out bool isSignalFrame)
    {
        (encoding, isSignalFrame) = (0, false);
        foreach (byte letter in letters)
        {
            switch (letter)
            {
                case (byte)'R':
                    encoding = reader.ReadByte();
                    break;
                case (byte)'P':
                    reader.ReadPointer((byte)(reader.ReadByte() & 0x0f), 0, 0);
                    break;
                case (byte)'L':
                    reader.ReadByte();
                    break;
                case (byte)'S':
                    isSignalFrame = true;
                    break;
            }
        }
    }
}
