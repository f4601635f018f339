using CallStackRules.Capture.Sources.Linux.Hashing;
using CallStackRules.Capture.Sources.Linux.Tracing;

namespace CallStackRules.Capture.Sources.Linux;

/// <summary>What is captured on Linux, and with how much room.</summary>
internal sealed record LinuxCaptureOptions
{
    /// <summary>The calls that some rule needs. Calls that keep the model right are captured besides.</summary>
    public required IReadOnlySet<CapturedCall> Calls { get; init; }

    /// <summary>Whether files that are opened only for reading are wanted, of which there are many.</summary>
    public bool WantsReading { get; init; }

    /// <summary>Whether a process that begins as a copy of another, and one that ends, are events.</summary>
    public bool ReportsForksAndExits { get; init; } = true;

    /// <summary>Digests of files that some rule reads.</summary>
    public HashKinds Hashes { get; init; }

    /// <summary>Whether they are read of the programs that processes run.</summary>
    public bool HashesPrograms { get; init; }

    /// <summary>Whether they are read of libraries.</summary>
    public bool HashesLibraries { get; init; }

    /// <summary>Whether programs are held until rules have seen who asks for them.</summary>
    public bool HoldsPrograms { get; init; }

    /// <summary>Whether programs are loaded into the kernel where it lets us; otherwise all is captured by tracepoints alone, as where it does not.</summary>
    public bool LoadsPrograms { get; init; } = true;

    /// <summary>Bytes of the user stack that the kernel copies with a call: a multiple of 8 below 65,528. Deeper stacks are truncated.</summary>
    public int StackBytes { get; init; } = 24 * 1024;

    /// <summary>Pages of 4 KiB of the ring for calls, for each processor: a power of two.</summary>
    public int RingPages { get; init; } = 8192;

    /// <summary>
    /// Pages of 4 KiB of the ring for processes and mappings, for each processor: a power of two. Enough for what is told while the reader works off a full ring of calls: a
    /// call that is lost is one event less, but what is lost here makes others wrong.
    /// </summary>
    public int ModelRingPages { get; init; } = 1024;

    /// <summary>Only calls with one of these flags matter; 0: all.</summary>
    public int FlagsThatMatter(CaptureRow row) =>
        row.Call == CapturedCall.Open && !WantsReading && row.Flags >= 0 ? CaptureTable.OpensForWriting : row.AnyOfFlags;
}
