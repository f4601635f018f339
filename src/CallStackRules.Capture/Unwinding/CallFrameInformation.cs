namespace CallStackRules.Capture.Unwinding;

/// <summary>The call frame information of one image, .eh_frame: for an address in its code, how to find the caller.</summary>
/// <remarks>
/// DWARF 5, section 6.4, with the differences of the Linux Standard Base, chapter "DWARF Extensions". Bytes that make no sense describe nothing.
/// </remarks>
public sealed class CallFrameInformation
{
    private const int MostFunctions = 1 << 20;

    private readonly byte[] _frames;
    private readonly ulong _address;
    private readonly CallFrameTable _table;

    /// <summary>Takes the section and the table that .eh_frame_hdr has of it, or makes that table.</summary>
    internal CallFrameInformation(byte[] frames, ulong address, CallFrameTable? table)
    {
        (_frames, _address) = (frames, address);
        _table = table ?? CallFrameTable.Make(FindFunctions(frames, address), address);
    }

    /// <summary>How many functions are described.</summary>
    public int Count => _table.Count;

    /// <summary>The bytes of .eh_frame, which expressions are in.</summary>
    internal ReadOnlySpan<byte> Frames => _frames;

    /// <summary>First address of each function that the table lists.</summary>
    internal ulong FunctionAt(int index) => _table[index].Function;

    /// <summary>The row for an address.</summary>
    /// <param name="address">Virtual address as the file counts.</param>
    /// <param name="row">How to find the caller.</param>
    /// <returns>False when no function is described there, or the description makes no sense.</returns>
    internal bool TryFindRow(ulong address, out UnwindRow row)
    {
        row = default;
        if (!TryFindFunction(address, out FunctionDescription function))
            return false;
        var program = new CallFrameProgram(_frames, _address, function.Common);
        if (!program.Run(function, address))
            return false;
        row = program.Row;
        row.IsSignalFrame = function.Common.IsSignalFrame;
        return true;
    }

    private bool TryFindFunction(ulong address, out FunctionDescription function)
    {
        function = default;
        if (!_table.TryFind(address, out ulong description))
            return false;
        ulong position = description - _address;
        return position < (ulong)_frames.Length
            && FunctionDescription.TryRead(_frames, _address, (int)position, out function) && address - function.Start < function.Size;
    }

    private static List<(ulong Function, ulong Description)> FindFunctions(ReadOnlySpan<byte> frames, ulong address)
    {
        var functions = new List<(ulong, ulong)>();
        int position = 0;
        while (functions.Count < MostFunctions && CallFrameEntry.TryRead(frames, position, out CallFrameEntry entry))
        {
            if (!entry.IsCommon && FunctionDescription.TryRead(frames, address, position, out FunctionDescription function))
                functions.Add((function.Start, address + (ulong)position));
            position = entry.End;
        }
        return functions;
    }
}
