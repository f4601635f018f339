using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Hashing;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Linux.Processes;

/// <summary>A process, as far as capture must know it.</summary>
internal sealed class LinuxProcess
{
    /// <summary>Describes a process of which nothing else is known yet.</summary>
    public LinuxProcess(int pid, ProcessInfo info)
    {
        Pid = pid;
        Info = info;
    }

    /// <summary>Its number in our name space.</summary>
    public int Pid { get; }

    /// <summary>What rules see of it.</summary>
    public ProcessInfo Info { get; }

    /// <summary>Its executable memory.</summary>
    public AddressSpace Space { get; } = new();

    /// <summary>Where the stack of its first thread begins, from which it grows downwards; 0 when not known.</summary>
    public ulong StackTop { get; set; }

    /// <summary>Whether that is the stack of the process it was forked from, and it is yet to be seen whether it is on it.</summary>
    public bool IsStackInherited { get; set; }

    /// <summary>Whether <see cref="Space"/> may be wrong because records were lost, and is to be read anew.</summary>
    public bool IsSpaceStale { get; set; }

    /// <summary>
    /// When <see cref="Space"/> was read from <c>/proc</c>, in nanoseconds of CLOCK_MONOTONIC; records of before tell what was already read. 0: built of records alone.
    /// </summary>
    public ulong SpaceReadAt { get; set; }

    /// <summary>The program file it runs, found as the first that was mapped after it began to run it; null until then.</summary>
    public MappedFile? Program { get; set; }

    /// <summary>The digests of its program that are on their way; null when there are none.</summary>
    public FileToHash? AwaitedHash { get; set; }

    /// <summary>What its threads ask to run, the last that asked first, until it is known what came of it; null when none asks.</summary>
    public PendingExecution? Executions { get; set; }

    /// <summary>Whether it was gone when records of ends may have been lost; it is believed when it is still so at the next look.</summary>
    public bool SeemsGone { get; set; }

    /// <summary>Threads beside its first.</summary>
    public long OtherThreads { get; set; }

    /// <summary>When they were counted, in nanoseconds of CLOCK_MONOTONIC; earlier records are in the count. 0: counted from the beginning.</summary>
    public ulong CountedAt { get; set; }

    /// <summary>
    /// Whether its working directory is what it or a process it was forked from asked for, with symbolic links unresolved, or may have changed without our knowing; it is looked at
    /// when the process runs its next program.
    /// </summary>
    public bool IsFolderUncertain { get; set; } = true;

    /// <summary>Whether it or a process it was forked from has changed sessions or process groups: it may have got a terminal since. Looked at at the same time.</summary>
    public bool IsSessionUncertain { get; set; } = true;

    /// <summary>Whether its first thread has ended, and others go on.</summary>
    public bool IsLeaderless { get; set; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded { get; set; }
}
