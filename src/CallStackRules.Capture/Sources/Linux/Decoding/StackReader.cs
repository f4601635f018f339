using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <summary>Unwinds the stack of a sample and says what each frame lies in.</summary>
/// <param name="statistics">Counts how stacks end.</param>
internal sealed class StackReader(CaptureStatistics statistics)
{
    /// <summary>Of a stack that breaks, the innermost frames are looked at closely: code that was written over another's does not unwind like it.</summary>
    private const int FramesThatBreak = 4;

    private readonly StackUnwinder _unwinder = new();
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
        facts.Status = _unwinder.Unwind(new ProcessCode(process), ref registers, sample.Stack, sample.IsStackFull, _frames, out int count);
        Count(facts.Status);
        for (int i = 0; i < count; i++)
            facts.Add(Describe(_frames[i], process, isSuspect: i < FramesThatBreak && facts.Status is not (UnwindStatus.Complete or UnwindStatus.Truncated), sample.Time));
    }

    private StackFacts.Frame Describe(in UnwoundFrame frame, LinuxProcess process, bool isSuspect, ulong time)
    {
        AddressSpace space = process.Space;
        int index = space.Find(frame.IsReturnAddress ? frame.Address - 1 : frame.Address);
        if (index < 0)
            return new StackFacts.Frame { Address = frame.Address, FileAddress = frame.Address, File = null, IsReturnAddress = frame.IsReturnAddress };
        ref readonly Mapping mapping = ref space[index];
        bool hasNoFile = mapping.File is null or { Kind: MappedFileKind.Memory };
        return new StackFacts.Frame
        {
            Address = frame.Address,
            FileAddress = mapping.File?.AddressOf(mapping, frame.Address) ?? frame.Address,
            File = mapping.File,
            Protection = mapping.Protection,
            IsReturnAddress = frame.IsReturnAddress,
            // Of memory that was there before we came it is only known that the runtime makes such.
            Provenance = mapping.Provenance ?? (hasNoFile ? space.Runtime : null),
            PrivateBytes = (isSuspect || mapping.IsReprotected) && mapping.File is { Kind: MappedFileKind.Regular or MappedFileKind.Deleted }
                ? _patched.PrivateBytes(process.Pid, mapping, time)
                : 0,
        };
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

    /// <summary>The executable memory of a process, as the unwinder asks for it.</summary>
    private readonly struct ProcessCode(LinuxProcess process) : ICodeMap
    {
        public bool TryFind(ulong address, out CodeRange range)
        {
            int index = process.Space.Find(address);
            if (index < 0)
            {
                range = default;
                return false;
            }
            ref readonly Mapping mapping = ref process.Space[index];
            range = new CodeRange
            {
                Start = mapping.Start,
                FileOffset = mapping.FileOffset,
                Image = mapping.File?.ImageFor(process.Pid, mapping),
            };
            return true;
        }
    }
}
