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

    private readonly StackUnwinder _unwinder = new(stackBytes);
    private readonly PatchedCode _patched = new();
    private readonly UnwoundFrame[] _frames = new UnwoundFrame[StackFacts.MostFrames];

    /// <summary>Reads the stack of the thread that made a call.</summary>
    /// <param name="sample">The call.</param>
    /// <param name="process">Its process, with the memory it had then.</param>
    /// <param name="facts">Receives the frames.</param>
    public void Read(in PerfSample sample, LinuxProcess process, StackFacts facts)
    {
        facts.Clear();
        if (sample.Abi != PerfSample.Abi64 || sample.Registers.IsEmpty)
        {
            statistics.StacksMissing++;
            return;
        }
        Registers registers = Registers.FromPerf(sample.Registers);
        facts.Status = _unwinder.Unwind(process.Space, ref registers, sample.Stack, _frames, out int count);
        Count(facts.Status);
        for (int i = 0; i < count; i++)
            facts.Add(Describe(_frames[i], process, isSuspect: i < FramesThatBreak && facts.Status == UnwindStatus.Broken, sample.Time));
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
