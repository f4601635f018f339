using CallStackRules.CallStacks;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <summary>A call stack that was unwound, with what each frame lies in. Kept apart from the address space, which may change before the event is written.</summary>
internal sealed class StackFacts
{
    /// <summary>Frames that are kept of a stack.</summary>
    public const int MostFrames = 512;

    private static long s_lastContent;

    private Frame[] _frames = new Frame[16];

    /// <summary>Frames there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the stack reaches the start of its thread.</summary>
    public UnwindStatus Status { get; set; }

    /// <summary>Whether there is a stack at all.</summary>
    public bool IsMissing => Count == 0;

    /// <summary>Whether the system call was made by code other than the platform's.</summary>
    public bool IsDirectCall => Count > 0 && _frames[0].Module is var module && module != ModuleInfo.Unknown && !module.IsPlatform;

    /// <summary>Whether a frame lies in memory without a file, and no runtime with a compiler of its own made it.</summary>
    public bool HasUnexplainedMemory { get; private set; }

    /// <summary>
    /// Which state of an address space the frames were described by (<see cref="AddressSpace.Version"/>): by the same, the same addresses are the same frames. 0 where that is not
    /// so, because something else was looked at.
    /// </summary>
    public long SpaceVersion { get; private set; }

    /// <summary>A number for these frames, which no others ever have; 0 where they hold for one call only.</summary>
    public long Content { get; private set; }

    /// <summary>The file that is answerable: that of the innermost frame outside the platform's own; null when that lies in no file, or there is none.</summary>
    public MappedFile? AnswerableFile
    {
        get
        {
            for (int i = 0; i < Count; i++)
            {
                if (!_frames[i].Module.IsPlatform)
                    return _frames[i].IsUnbacked ? null : _frames[i].File;
            }
            return null;
        }
    }

    /// <summary>The same as a module: <see cref="ModuleInfo.Unbacked"/> when the frame lies in no file; null when nothing is known of it, or there is none.</summary>
    public ModuleInfo? AnswerableModule
    {
        get
        {
            for (int i = 0; i < Count; i++)
            {
                if (!_frames[i].Module.IsPlatform)
                    return _frames[i].Module == ModuleInfo.Unknown ? null : _frames[i].Module;
            }
            return null;
        }
    }

    /// <summary>
    /// Whether the function that made the system call was not called: no call stands before the address it returns to. Reads the file of its caller; false where that is none.
    /// </summary>
    public bool IsReturnedInto
    {
        get
        {
            if (Count < 2 || !_frames[1].IsReturnAddress || _frames[1].IsUnbacked || _frames[1].File?.Image is not { } image)
                return false;
            Span<byte> before = stackalloc byte[CallSite.LongestCall];
            return image.TryRead(_frames[1].FileAddress - CallSite.LongestCall, before) && CallSite.KindOf(before) == CallKind.None;
        }
    }

    /// <summary>Forgets the frames.</summary>
    public void Clear()
    {
        Count = 0;
        Status = default;
        HasUnexplainedMemory = false;
        SpaceVersion = 0;
        Content = 0;
    }

    /// <summary>Says that the frames hold for as long as an address space stays as it is.</summary>
    /// <param name="spaceVersion">Its state.</param>
    public void BecomeKnown(long spaceVersion)
    {
        SpaceVersion = spaceVersion;
        Content = Interlocked.Increment(ref s_lastContent);
    }

    /// <summary>Appends a frame. Allocates only when there have never been so many.</summary>
    public void Add(in Frame frame)
    {
        if (Count == _frames.Length)
            Array.Resize(ref _frames, Count * 2);
        _frames[Count++] = frame;
        HasUnexplainedMemory |= frame.IsUnbacked && frame.Provenance is null;
    }

    /// <summary>Copies the stack to one that is kept.</summary>
    public void CopyTo(StackFacts other)
    {
        other.Clear();
        other.Status = Status;
        for (int i = 0; i < Count; i++)
            other.Add(_frames[i]);
    }

    /// <summary>Whether the frames are at these addresses.</summary>
    public bool IsAt(ReadOnlySpan<UnwoundFrame> frames)
    {
        if (frames.Length != Count)
            return false;
        for (int i = 0; i < frames.Length; i++)
        {
            if (frames[i].Address != _frames[i].Address || frames[i].IsReturnAddress != _frames[i].IsReturnAddress)
                return false;
        }
        return true;
    }

    /// <summary>Writes the frames to an event's stack.</summary>
    public void WriteTo(CallStack stack)
    {
        if (stack.TryRestore(Content))
            return;
        for (int i = 0; i < Count; i++)
        {
            ref readonly Frame from = ref _frames[i];
            CallStackFrame frame = stack.Add(from.Module, from.Address, from.Module.IsPseudo ? null : from.FileAddress);
            if (from.File is { } file)
            {
                frame.SetSymbolSource(file, from.FileAddress, from.IsReturnAddress);
                if (from.IsUnbacked)
                    frame.ModulePathInSymbol = file.Path;
            }
            if ((from.Protection & MemoryProtection.Write) != 0)
                frame.Protection = "RWX";
            if (from.Provenance is { } provenance)
            {
                frame.ProtectionProvenance = provenance.Module.Name;
                frame.ProtectionProvenancePath = provenance.Path;
            }
            else if (from.ProtectedBy is { } maker)
            {
                frame.ProtectionProvenance = maker.Name;
                frame.ProtectionProvenancePath = maker.Path;
            }
            if (from.PrivateBytes > 0)
                frame.AllocationPrivateBytes = from.PrivateBytes;
        }
        stack.CanRestore(Content);
    }

    /// <summary>One frame.</summary>
    internal readonly struct Frame
    {
        /// <summary>Where control returns to, or is.</summary>
        public required ulong Address { get; init; }

        /// <summary>The address as the file counts; without a file, the address.</summary>
        public required ulong FileAddress { get; init; }

        /// <summary>The file, or null.</summary>
        public required MappedFile? File { get; init; }

        /// <summary>
        /// What the frame belongs to: the file; <see cref="ModuleInfo.Unbacked"/> when there is none that anybody could look at; <see cref="ModuleInfo.Unknown"/> when nothing
        /// executable is known to be there: a stack that leads nowhere, or memory whose making was not seen.
        /// </summary>
        public required ModuleInfo Module { get; init; }

        /// <summary>Protection of the pages.</summary>
        public MemoryProtection Protection { get; init; }

        /// <summary>Whether this is behind a call.</summary>
        public bool IsReturnAddress { get; init; }

        /// <summary>The runtime whose code this is, where it lies in no file; null when nobody explains it.</summary>
        public MappedFile? Provenance { get; init; }

        /// <summary>Whose code last changed the protection of the file's code; null when nobody did, or that is not known.</summary>
        public ModuleInfo? ProtectedBy { get; init; }

        /// <summary>Bytes of the file's executable pages that differ from the file.</summary>
        public long PrivateBytes { get; init; }

        /// <summary>Whether no file is behind the frame that anybody could look at.</summary>
        public bool IsUnbacked => Module == ModuleInfo.Unbacked;
    }
}
