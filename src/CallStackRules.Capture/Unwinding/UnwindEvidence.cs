namespace CallStackRules.Capture.Unwinding;

/// <summary>
/// What decided how a stack was unwound: the registers it began with, and the words of the stack that were read. Where they are the same again, in an address space
/// that has not changed, so are the frames, and comparing some words is much less than following rules frame by frame.
/// </summary>
internal sealed class UnwindEvidence
{
    /// <summary>Words that are noted at most: two a frame, of stacks that are as deep as programs usually make them.</summary>
    private const int MostWords = 128;

    private readonly Word[] _words;
    private int _count;
    private ulong _instructionPointer;
    private ulong _stackPointer;
    private ulong _framePointer;

    /// <summary>Where the frame pointer was loaded from; 0 while it is the one that the stack began with.</summary>
    private ulong _framePointerPlace;

    private bool _dependsOnFramePointer;

    /// <summary>With room for the evidence of any stack.</summary>
    public UnwindEvidence() => _words = new Word[MostWords];

    /// <summary>Evidence that is kept, of one stack.</summary>
    private UnwindEvidence(UnwindEvidence other) => _words = new Word[other._count];

    /// <summary>Whether what was noted is all that mattered.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Begins with another stack.</summary>
    public void Begin(in Registers registers)
    {
        _count = 0;
        _instructionPointer = registers[Registers.Rip];
        _stackPointer = registers[Registers.Rsp];
        _framePointer = registers[Registers.Rbp];
        _framePointerPlace = 0;
        _dependsOnFramePointer = false;
        IsWhole = true;
    }

    /// <summary>Notes a word of the stack that mattered.</summary>
    public void Read(ulong address, ulong value)
    {
        if (_count == MostWords)
            IsWhole = false;
        else
            _words[_count++] = new Word(address - _stackPointer, value);
    }

    /// <summary>Notes where the frame pointer was loaded from. Whether its value matters is seen later.</summary>
    public void LoadFramePointer(ulong address) => _framePointerPlace = address;

    /// <summary>Notes that the frame pointer mattered.</summary>
    public void UseFramePointer(ulong value)
    {
        if (_framePointerPlace == 0)
            _dependsOnFramePointer = true;
        else
            Read(_framePointerPlace, value);
    }

    /// <summary>Something else mattered.</summary>
    public void GiveUp() => IsWhole = false;

    /// <summary>Whether a stack has what decided this one.</summary>
    /// <param name="registers">The registers it begins with.</param>
    /// <param name="stack">Its bytes, from the stack pointer on.</param>
    public bool HoldsFor(in Registers registers, ReadOnlySpan<byte> stack)
    {
        if (registers[Registers.Rip] != _instructionPointer || registers[Registers.Rsp] != _stackPointer)
            return false;
        if (_dependsOnFramePointer && registers[Registers.Rbp] != _framePointer)
            return false;
        var copy = new StackCopy(stack, 0);
        foreach (ref readonly Word word in _words.AsSpan(0, _count))
        {
            if (!copy.TryRead(word.Offset, out ulong value) || value != word.Value)
                return false;
        }
        return true;
    }

    /// <summary>A copy that stays, in the place of one that is no longer needed. Allocates when that has too little room.</summary>
    public UnwindEvidence Keep(UnwindEvidence? place)
    {
        UnwindEvidence kept = place is not null && place._words.Length >= _count ? place : new UnwindEvidence(this);
        _words.AsSpan(0, _count).CopyTo(kept._words);
        kept._count = _count;
        kept._instructionPointer = _instructionPointer;
        kept._stackPointer = _stackPointer;
        kept._framePointer = _framePointer;
        kept._dependsOnFramePointer = _dependsOnFramePointer;
        kept.IsWhole = IsWhole;
        return kept;
    }

    private readonly record struct Word(ulong Offset, ulong Value);
}
