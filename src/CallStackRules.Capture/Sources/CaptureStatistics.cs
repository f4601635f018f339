namespace CallStackRules.Capture.Sources;

/// <summary>What a live source has counted besides its events. Written by the reading thread; other threads may read, and see a number of a moment ago.</summary>
public sealed class CaptureStatistics
{
    /// <summary>Whether capture is weaker than it could be, see <see cref="ILiveSource.Weakness"/>.</summary>
    public bool IsBestEffort { get; set; }

    /// <summary>Events that the kernel could not deliver because its buffers were full.</summary>
    public long LostByKernel { get; set; }

    /// <summary>Records about processes and mappings that the kernel could not deliver: the model may be wrong until it is read anew.</summary>
    public long LostModelRecords { get; set; }

    /// <summary>Stacks that reach the start of their thread.</summary>
    public long StacksComplete { get; set; }

    /// <summary>Stacks that are deeper than what the kernel copies, or than the frames that are kept.</summary>
    public long StacksTruncated { get; set; }

    /// <summary>Stacks that end before the start of their thread for another reason.</summary>
    public long StacksBroken { get; set; }

    /// <summary>Events that should have a stack and came without.</summary>
    public long StacksMissing { get; set; }

    /// <summary>Stacks that came by themselves and whose event is not known: it came without one, or is of a kind that is not decoded.</summary>
    public long StacksUnmatched { get; set; }

    /// <summary>Frames outside all images that are known, and that are not called unbacked because the load of an image may be among the events that were lost.</summary>
    public long FramesUncertain { get; set; }

    /// <summary>Programs that were held until they were answered.</summary>
    public long ProgramsHeld { get; set; }

    /// <summary>Whether programs are no longer held, although they were to be: the reader was silent for too long.</summary>
    public bool HasStoppedHolding { get; set; }

    /// <summary>Events that were left out to save time, see <see cref="ILiveSource.Shedding"/>.</summary>
    public long Shed { get; set; }

    /// <summary>Records of the kernel that could not be read.</summary>
    public long BadRecords { get; set; }

    /// <summary>Events, and answers of the system, that the trace that is recorded meanwhile did not take.</summary>
    public long NotRecorded { get; set; }

    /// <summary>Why the answers of the system are no longer recorded; null when all is well.</summary>
    public string? RecordingProblem { get; set; }

    /// <summary>Paths and arguments that could not be read from the process.</summary>
    public long TextsMissing { get; set; }

    /// <summary>Whether digests were asked for.</summary>
    public bool HasHashes => HashesComputed + HashesKnown + HashesRefused + HashesLate > 0;

    /// <summary>Files that were read for their digests.</summary>
    public long HashesComputed { get; set; }

    /// <summary>Digests that were known from before.</summary>
    public long HashesKnown { get; set; }

    /// <summary>Files without digests: too large, out of reach, or changed while they were read.</summary>
    public long HashesRefused { get; set; }

    /// <summary>Events that went on without digests, because these did not come in time, or too many files waited.</summary>
    public long HashesLate { get; set; }

    /// <summary>Digests that are still to come.</summary>
    public long HashesWaiting { get; set; }

    /// <summary>Digests that were forgotten because there were too many.</summary>
    public long HashesForgotten { get; set; }

    /// <summary>Events of processes that nothing else was known of.</summary>
    public long UnknownProcesses { get; set; }
}
