namespace CallStackRules.Capture.Unwinding;

/// <summary>The frame of an entry of .eh_frame, which is a CIE or an FDE.</summary>
/// <param name="Content">Where what follows the id begins.</param>
/// <param name="End">Where the entry ends.</param>
/// <param name="Id">0 for a CIE; for an FDE the distance from the id back to its CIE.</param>
/// <param name="IdPosition">Where the id is.</param>
internal readonly record struct CallFrameEntry(int Content, int End, uint Id, int IdPosition)
{
    private const uint LengthIsLong = 0xffffffff;

    /// <summary>Whether this is a CIE.</summary>
    public bool IsCommon => Id == 0;

    /// <summary>Reads the entry at a place; false at the end of the section, which a length of 0 marks, and when its length is wrong.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frames, int position, out CallFrameEntry entry)
    {
        entry = default;
        if (position < 0)
            return false;
        var reader = new DwarfReader(frames, position);
        ulong length = reader.ReadUnsigned(4);
        if (length == LengthIsLong)
            length = reader.ReadUnsigned(8);
        int idPosition = reader.Position;
        uint id = (uint)reader.ReadUnsigned(4);
        if (reader.Failed || length < 4 || length > (ulong)(frames.Length - idPosition))
            return false;
        entry = new(reader.Position, idPosition + (int)length, id, idPosition);
        return true;
    }
}
