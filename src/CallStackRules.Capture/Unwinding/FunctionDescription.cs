namespace CallStackRules.Capture.Unwinding;

/// <summary>The description of one function: an FDE of .eh_frame.</summary>
/// <remarks>
/// Linux Standard Base, "The Frame Description Entry Format": <c>u32 length, u32 distance back to the CIE, first address and number of bytes in the CIE's
/// encoding, [uleb length of augmentation data, those data], instructions</c>.
/// </remarks>
internal readonly record struct FunctionDescription(CommonInformation Common, ulong Start, ulong Size, int InstructionsStart, int InstructionsEnd)
{
    /// <summary>Reads the entry at a place in .eh_frame.</summary>
    /// <param name="frames">.eh_frame.</param>
    /// <param name="address">Its virtual address.</param>
    /// <param name="position">Where the entry begins.</param>
    /// <param name="description">The description.</param>
    public static bool TryRead(ReadOnlySpan<byte> frames, ulong address, int position, out FunctionDescription description)
    {
        description = default;
        if (!CallFrameEntry.TryRead(frames, position, out CallFrameEntry entry) || entry.IsCommon || entry.Id > (uint)entry.IdPosition)
            return false;
        if (!CommonInformation.TryRead(frames, entry.IdPosition - (int)entry.Id, out CommonInformation common))
            return false;
        var reader = new DwarfReader(frames[..entry.End], entry.Content);
        ulong start = reader.ReadPointer(common.PointerEncoding, address, address);
        ulong size = reader.ReadPointer((byte)(common.PointerEncoding & 0x0f), 0, 0);
        if (common.HasAugmentationLength)
            reader.SkipBlock();
        description = new(common, start, size, reader.Position, entry.End);
        return !reader.Failed;
    }
}
