using CallStackRules.CallStacks;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <summary>Unwinds the stack of a sample and says what each frame lies in.</summary>
/// <param name="statistics">Counts how stacks end.</param>
/// <param name="stackBytes">Bytes that the kernel copies of a stack at most.</param>
internal sealed class StackReader(CaptureStatistics statistics, int stackBytes)
{
    /// <summary>Of a stack that breaks, the innermost frames are looked at closely: code that was written over another's does not unwind like it.</summary>
    private const int FramesThatBreak = 4;

    /// <summary>There is room for 2 to this power of stacks that are known.</summary>
    private const int KnownBits = 11;

    /// <summary>Deeper stacks are not kept.</summary>
    private const int MostKnownFrames = 64;

    private readonly StackUnwinder _unwinder = new(stackBytes);
    private readonly PatchedCode _patched = new();
    private readonly UnwoundFrame[] _frames = new UnwoundFrame[StackFacts.MostFrames];
    private readonly StackFacts?[] _known = new StackFacts?[1 << KnownBits];
    private readonly StackFacts _other = new();

    /// <summary>
    /// Reads the stack of the thread that made a call. Programs do the same from the same places over and over: what the frames of a stack lie in is worked out once for each
    /// state of an address space, and kept until another stack takes the place.
    /// </summary>
    /// <param name="sample">The call.</param>
    /// <param name="process">Its process, with the memory it had then.</param>
    /// <returns>The frames, valid until the next stack is read.</returns>
    public StackFacts Read(in PerfSample sample, LinuxProcess process)
    {
        if (!TryUnwind(sample, process, out UnwindStatus status, out ReadOnlySpan<UnwoundFrame> frames))
        {
            _other.Clear();
            return _other;
        }
        bool canBeKnown = status != UnwindStatus.Broken && frames.Length <= MostKnownFrames;
        StackFacts facts = canBeKnown ? _known[Place(frames)] ??= new StackFacts() : _other;
        if (facts.SpaceVersion == 0 || facts.SpaceVersion != process.Space.Version || facts.Status != status || !facts.IsAt(frames))
            Describe(frames, status, process, sample.Time, facts);
        return facts;
    }

    /// <summary>Reads a stack and works out everything anew.</summary>
    /// <param name="sample">The call.</param>
    /// <param name="process">Its process, with the memory it had then.</param>
    /// <param name="facts">Receives the frames.</param>
    internal void ReadAnew(in PerfSample sample, LinuxProcess process, StackFacts facts)
    {
        facts.Clear();
        if (TryUnwind(sample, process, out UnwindStatus status, out ReadOnlySpan<UnwoundFrame> frames))
            Describe(frames, status, process, sample.Time, facts);
    }

    private bool TryUnwind(in PerfSample sample, LinuxProcess process, out UnwindStatus status, out ReadOnlySpan<UnwoundFrame> frames)
    {
        status = default;
        frames = default;
        if (sample.Abi != PerfSample.Abi64 || sample.Registers.IsEmpty)
        {
            statistics.StacksMissing++;
            return false;
        }
        Registers registers = Registers.FromPerf(sample.Registers);
        status = _unwinder.Unwind(process.Space, ref registers, sample.Stack, _frames, out int count);
        Count(status);
        frames = _frames.AsSpan(0, count);
        return true;
    }

    // Multiplying by 2^64 / golden ratio spreads addresses over the high bits.
    private static int Place(ReadOnlySpan<UnwoundFrame> frames)
    {
        ulong hash = 0;
        foreach (ref readonly UnwoundFrame frame in frames)
            hash = (hash ^ frame.Address) * 0x9E3779B97F4A7C15;
        return (int)(hash >> (64 - KnownBits));
    }

    private void Describe(ReadOnlySpan<UnwoundFrame> frames, UnwindStatus status, LinuxProcess process, ulong time, StackFacts facts)
    {
        facts.Clear();
        facts.Status = status;
        bool isLasting = status != UnwindStatus.Broken;
        for (int i = 0; i < frames.Length; i++)
        {
            facts.Add(Describe(frames[i], process, isSuspect: i < FramesThatBreak && status == UnwindStatus.Broken, time));
            isLasting &= IsLasting(frames[i], process.Space);
        }
        facts.SpaceVersion = isLasting ? process.Space.Version : 0;
    }

    /// <summary>Whether what a frame lies in is told by the address space alone: not by pages that can change, nor by a file that could not be read yet.</summary>
    private static bool IsLasting(in UnwoundFrame frame, AddressSpace space)
    {
        if (frame.MappingIndex < 0)
            return true;
        ref readonly Mapping mapping = ref space[frame.MappingIndex];
        return !mapping.IsReprotected && (mapping.File is not { IsMemoryFile: false } file || file.Image is not null);
    }

    private StackFacts.Frame Describe(in UnwoundFrame frame, LinuxProcess process, bool isSuspect, ulong time)
    {
        AddressSpace space = process.Space;
        if (frame.MappingIndex < 0)
        {
            return new StackFacts.Frame
            {
                Address = frame.Address,
                FileAddress = frame.Address,
                File = null,
                Module = ModuleInfo.Unknown,
                IsReturnAddress = frame.IsReturnAddress,
            };
        }
        ref readonly Mapping mapping = ref space[frame.MappingIndex];
        return new StackFacts.Frame
        {
            Address = frame.Address,
            FileAddress = AddressIn(mapping, frame.Address),
            File = mapping.File,
            Module = mapping.File is { IsMemoryFile: false } file ? file.Module : ModuleInfo.Unbacked,
            Protection = mapping.Protection,
            IsReturnAddress = frame.IsReturnAddress,
            Provenance = RuntimeOf(mapping, space),
            ProtectedBy = mapping.File is { IsMemoryFile: false } ? mapping.ProtectedBy : null,
            PrivateBytes = (isSuspect || mapping.IsReprotected) && mapping.File is { IsMemoryFile: false } && mapping.Use == MemoryUse.File
                ? _patched.PrivateBytes(process.Pid, mapping, time)
                : 0,
        };
    }

    private static ulong AddressIn(in Mapping mapping, ulong address) =>
        mapping.File is not { } file ? address
        : file.Image is { } image && image.TryGetVirtualAddress(mapping.FileOffsetOf(address), out ulong virtualAddress) ? virtualAddress
        : mapping.FileOffsetOf(address);

    /// <summary>The runtime that explains memory without a file: the one that made it executable. Of memory that was there before us it is only known that there is one.</summary>
    private static MappedFile? RuntimeOf(in Mapping mapping, AddressSpace space)
    {
        if (mapping.File is { IsMemoryFile: false })
            return null;
        if (mapping.Provenance is { } maker)
            return maker.Runtime != JitRuntimes.None ? maker : null;
        return space.IsJitCode(mapping) ? space.RuntimeFile : null;
    }

    private void Count(UnwindStatus status)
    {
        switch (status)
        {
            case UnwindStatus.Complete:
                statistics.StacksComplete++;
                break;
            case UnwindStatus.Truncated or UnwindStatus.FrameLimit:
                statistics.StacksTruncated++;
                break;
            default:
                statistics.StacksBroken++;
                break;
        }
    }
}
