using CallStackRules.Events;

namespace CallStackRules.CallStacks;

/// <summary>A call stack, the innermost frame first. Reused: frames are valid until <see cref="Clear"/>.</summary>
/// <param name="buffer">The event's buffer, for the texts that are worked out.</param>
public sealed class CallStack(TextBuffer buffer) : IClearable, IObjectList
{
    private CallStackFrame[] _frames = [];
    private Text _summary;

    /// <summary>Frames that hold what they held before <see cref="Clear"/>: they are cleared when they are used again.</summary>
    private int _left;

    /// <summary>What the first of those are, see <see cref="CanRestore"/>; 0 where nobody has said.</summary>
    private long _content;

    private int _contentCount;

    /// <summary>How many frames there are; 0 is a missing stack.</summary>
    public int Count { get; private set; }

    /// <summary>The frame at a place, from 0 for the innermost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public CallStackFrame this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _frames[index];
        }
    }

    /// <summary>
    /// Names of the modules, the innermost first, joined by <c>|</c>, neighbours that repeat written once; missing when no frame has a module.
    /// </summary>
    public Text Summary
    {
        get
        {
            if (_summary.IsMissing)
                _summary = Summarize();
            return _summary;
        }
    }

    /// <summary>Whether a frame is in executable memory that belongs to no file; null when no frame has a module.</summary>
    public bool? ContainsUnbacked
    {
        get
        {
            bool? contains = null;
            for (int i = 0; i < Count; i++)
            {
                ModuleInfo? module = _frames[i].Module;
                if (module == ModuleInfo.Unbacked)
                    return true;
                if (module is not null)
                    contains = false;
            }
            return contains;
        }
    }

    /// <summary>Appends an empty frame, outside those there are. Allocates only when the stack has never been this deep.</summary>
    public CallStackFrame Add()
    {
        if (Count == _frames.Length)
        {
            Array.Resize(ref _frames, Math.Max(32, Count * 2));
            for (int i = Count; i < _frames.Length; i++)
                _frames[i] = new CallStackFrame(buffer);
        }
        _summary = default;
        _content = 0;
        if (Count < _left)
            _frames[Count].Clear();
        return _frames[Count++];
    }

    /// <summary>Appends a frame in a module.</summary>
    /// <param name="module">The module, or a pseudo module.</param>
    /// <param name="address">The address; null when only the offset is known.</param>
    /// <param name="rva">Offset of the address in the module; null for pseudo modules.</param>
    public CallStackFrame Add(ModuleInfo module, ulong? address, ulong? rva)
    {
        CallStackFrame frame = Add();
        frame.Module = module;
        frame.InstructionPointer = (long?)address;
        frame.Rva = (long?)rva;
        return frame;
    }

    /// <summary>Says what the frames are, so that the next event from the same place need not fill them again.</summary>
    /// <param name="content">A number that stands for these frames and no others, ever; 0 for none. They must hold nothing that ends with the event.</param>
    public void CanRestore(long content)
    {
        _content = content;
        _contentCount = Count;
    }

    /// <summary>Takes back the frames that <see cref="Clear"/> has left, if these are they. What was looked up for the event is forgotten.</summary>
    /// <param name="content">What they were said to be; 0 for frames that cannot be taken back.</param>
    public bool TryRestore(long content)
    {
        if (content == 0 || content != _content || Count != 0)
            return false;
        Count = _contentCount;
        for (int i = 0; i < Count; i++)
            _frames[i].ForgetAnswers();
        return true;
    }

    object IObjectList.ItemAt(int index) => this[index];

    object IObjectList.AddItem() => Add();

    /// <inheritdoc/>
    public void Clear()
    {
        // Most stacks are like the one before: the frames are left as they are until it is known that this one is not.
        _left = Math.Max(_left, Count);
        Count = 0;
        _summary = default;
    }

    /// <summary>
    /// Describes the module of the innermost frame outside <see cref="PlatformModules"/>; <see cref="ModuleInfo.Undetermined"/> when all frames are of the
    /// platform. Does nothing when no frame has a module.
    /// </summary>
    internal void DescribeFinalUserModule(CallStackModule description)
    {
        bool hasModules = false;
        for (int i = 0; i < Count; i++)
        {
            CallStackFrame frame = _frames[i];
            if (frame.Module is not { } module)
                continue;
            hasModules = true;
            if (module.IsPlatform)
                continue;
            frame.Ask(FrameFact.File);
            Describe(module, description);
            description.AllocationPrivateBytes = frame.AllocationPrivateBytes;
            description.Protection = frame.Protection;
            description.ProtectionProvenance = frame.ProtectionProvenance;
            description.ProtectionProvenancePath = frame.ProtectionProvenancePath;
            return;
        }
        if (hasModules)
            Describe(ModuleInfo.Undetermined, description);
    }

    private static void Describe(ModuleInfo module, CallStackModule description)
    {
        description.Name = module.Name;
        description.Path = module.Path;
        description.Hash.CopyFrom(module.Hash);
        for (int i = 0; i < module.CodeSignatures.Count; i++)
            description.CodeSignatures.Add().CopyFrom(module.CodeSignatures[i]);
    }

    private Text Summarize()
    {
        int room = 0;
        for (int i = 0; i < Count; i++)
            room += (_frames[i].Module?.Name.Length ?? 0) + 1;
        Span<char> summary = buffer.Reserve(room);
        int length = 0;
        Text last = default;
        for (int i = 0; i < Count; i++)
        {
            Text name = _frames[i].Module?.Name ?? default;
            if (name.IsMissing || name == last)
                continue;
            if (!last.IsMissing)
                summary[length++] = '|';
            name.Span.CopyTo(summary[length..]);
            length += name.Length;
            last = name;
        }
        return last.IsMissing ? Text.Missing : buffer.Commit(length);
    }
}
