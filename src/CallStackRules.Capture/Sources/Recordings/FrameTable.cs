using CallStackRules.CallStacks;

namespace CallStackRules.Capture.Sources.Recordings;

/// <summary>The frames that a block has already: stacks of one program share most of theirs, and their symbols need not be looked up again.</summary>
internal sealed class FrameTable
{
    /// <summary>Places; twice the frames there can be, so that a search ends soon.</summary>
    private const int Places = 2 * MostFrames;

    /// <summary>Frames of a block that are referred to; those beyond are written whole.</summary>
    private const int MostFrames = 8 * 1024;

    private readonly Place[] _places = new Place[Places];
    private int _generation = 1;

    /// <summary>Frames written to the block so far.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets the frames.</summary>
    public void Clear()
    {
        Count = 0;
        _generation++;
    }

    /// <summary>
    /// The number of a frame that says the same, from 1; 0 when there is none, and this one, which must then be written, has the next. A frame is told by its module,
    /// its address, and what is known of the memory there; not by its symbol, which follows from these.
    /// </summary>
    public int FindOrAdd(CallStackFrame frame)
    {
        bool isShared = frame is { IsSymbolInfoGiven: false, Module: not null, InstructionPointer: not null, CallSiteLeadingBytes.IsMissing: true, CallSiteTrailingBytes.IsMissing: true };
        if (!isShared || Count >= MostFrames)
        {
            Count++;
            return 0;
        }
        var key = new Key(
            frame.Module!, frame.InstructionPointer!.Value, frame.Rva, frame.AllocationPrivateBytes, frame.ModulePathInSymbol, frame.Protection.GetHashCode(),
            frame.ProtectionProvenancePath.GetHashCode());
        int index = (int)((ulong)key.Address * 0x9e3779b97f4a7c15 >> 40) & (Places - 1);
        while (_places[index].Generation == _generation)
        {
            if (_places[index].Key == key)
                return _places[index].Number;
            index = (index + 1) & (Places - 1);
        }
        _places[index] = new Place(_generation, ++Count, key);
        return 0;
    }

    private readonly record struct Key(
        ModuleInfo Module, long Address, long? Rva, long? PrivateBytes, string? PathInSymbol, int ProtectionHash, int ProvenanceHash);

    private readonly record struct Place(int Generation, int Number, Key Key);
}
