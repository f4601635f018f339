using System.Buffers.Binary;
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
    private readonly FollowedStack[] _followed = new FollowedStack[1 << KnownBits];
    private readonly StackFacts?[] _known = new StackFacts?[1 << KnownBits];
    private readonly StackFacts _other = new();

    /// <summary>
    /// Reads the stack of the thread that made a call. Programs do the same from the same places over and over: a stack like one that was followed before is not followed again, and
    /// what the frames of a stack lie in is worked out once for each state of an address space, and kept until another stack takes the place.
    /// </summary>
    /// <param name="sample">The call.</param>
    /// <param name="process">Its process, with the memory it had then.</param>
    /// <returns>The frames, valid until the next stack is read.</returns>
    public StackFacts Read(in PerfSample sample, LinuxProcess process)
    {
        if (!TryStart(sample, out Registers registers))
        {
            _other.Clear();
            return _other;
        }
        ref FollowedStack followed = ref _followed[Place(registers, sample.Stack)];
        if (followed.Evidence is { } evidence && followed.SpaceVersion == process.Space.Version && followed.Facts!.Content == followed.Content
            && evidence.HoldsFor(registers, sample.Stack))
        {
            Count(followed.Facts.Status);
            return followed.Facts;
        }
        UnwindStatus status = Unwind(sample, process, ref registers, out ReadOnlySpan<UnwoundFrame> frames);
        bool canBeKnown = status != UnwindStatus.Broken && frames.Length <= MostKnownFrames;
        StackFacts facts = canBeKnown ? _known[Place(frames)] ??= new StackFacts() : _other;
        if (facts.SpaceVersion == 0 || facts.SpaceVersion != process.Space.Version || facts.Status != status || !facts.IsAt(frames))
            Describe(frames, status, process, sample.Time, facts);
        // How a stack that was not followed to its end goes on depends on how much was copied of it.
        if (status == UnwindStatus.Complete && facts.Content != 0 && _unwinder.Evidence.IsWhole)
            followed = new FollowedStack(_unwinder.Evidence.Keep(followed.Evidence), facts.SpaceVersion, facts, facts.Content);
        return facts;
    }

    /// <summary>Reads a stack and works out everything anew.</summary>
    /// <param name="sample">The call.</param>
    /// <param name="process">Its process, with the memory it had then.</param>
    /// <param name="facts">Receives the frames.</param>
    internal void ReadAnew(in PerfSample sample, LinuxProcess process, StackFacts facts)
    {
        facts.Clear();
        if (!TryStart(sample, out Registers registers))
            return;
        UnwindStatus status = Unwind(sample, process, ref registers, out ReadOnlySpan<UnwoundFrame> frames);
        Describe(frames, status, process, sample.Time, facts);
    }

    private bool TryStart(in PerfSample sample, out Registers registers)
    {
        registers = default;
        if (sample.Registers.IsEmpty)
        {
            statistics.StacksMissing++;
            return false;
        }
        registers = Registers.FromPerf(sample.Registers);
        return true;
    }

    private UnwindStatus Unwind(in PerfSample sample, LinuxProcess process, ref Registers registers, out ReadOnlySpan<UnwoundFrame> frames)
    {
        UnwindStatus status;
        int count;
        if (sample.Abi == PerfSample.Abi32)
        {
            // Of 32-bit code only where it is: its call frame information is not read.
            int index = process.Space.IndexOf(registers[Registers.Rip]);
            _frames[0] = new UnwoundFrame(registers[Registers.Rip], index >= 0 && process.Space[index].IsExecutable ? index : -1, IsReturnAddress: false, UnwindMethod.InstructionPointer);
            (status, count) = (UnwindStatus.Truncated, 1);
        }
        else
        {
            status = _unwinder.Unwind(process.Space, ref registers, sample.Stack, _frames, out count);
        }
        Count(status);
        frames = _frames.AsSpan(0, count);
        return status;
    }

    // Calls from one place differ in how deep the stack is and in who called: that is mostly the word on top.
    private static int Place(in Registers registers, ReadOnlySpan<byte> stack)
    {
        ulong top = BinaryPrimitives.TryReadUInt64LittleEndian(stack, out ulong word) ? word : 0;
        return Place(Mix(Mix(Mix(0, registers[Registers.Rip]), registers[Registers.Rsp]), top));
    }

    private static int Place(ReadOnlySpan<UnwoundFrame> frames)
    {
        ulong hash = 0;
        foreach (ref readonly UnwoundFrame frame in frames)
            hash = Mix(hash, frame.Address);
        return Place(hash);
    }

    private static int Place(ulong hash) => (int)(hash >> (64 - KnownBits));

    // Multiplying by 2^64 / golden ratio spreads addresses over the high bits.
    private static ulong Mix(ulong hash, ulong address) => (hash ^ address) * 0x9E3779B97F4A7C15;

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
        if (isLasting)
            facts.BecomeKnown(process.Space.Version);
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
    internal static MappedFile? RuntimeOf(in Mapping mapping, AddressSpace space)
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

    /// <summary>A stack that was followed to its end.</summary>
    /// <param name="Evidence">What decided how; null where there is none yet.</param>
    /// <param name="SpaceVersion">State of the address space then.</param>
    /// <param name="Facts">What it was.</param>
    /// <param name="Content">What these held then: they may hold another stack by now.</param>
    private readonly record struct FollowedStack(UnwindEvidence? Evidence, long SpaceVersion, StackFacts? Facts, long Content);
}
