using System.Diagnostics;
using System.Text;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Interop;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Linux.Hashing;

/// <summary>
/// Digests of the programs that processes run and of the libraries they load, for the thread that reads events. That of a file which was never seen is waited for, for a
/// moment, so that a rule finds a program the first time it runs. When it takes longer the event goes on without, and the process has it from then on.
/// </summary>
/// <param name="kinds">The digests that some rule reads.</param>
/// <param name="ofPrograms">Whether one reads them of programs.</param>
/// <param name="ofLibraries">Whether one reads them of libraries.</param>
/// <param name="mayWait">Whether there is time to wait: nothing is lost meanwhile, and nobody waits for us.</param>
/// <param name="statistics">Counts what came of it.</param>
internal sealed class HashedFiles(HashKinds kinds, bool ofPrograms, bool ofLibraries, Func<bool> mayWait, CaptureStatistics statistics) : IDisposable
{
    /// <summary>How long an event waits for the digests of its file.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    /// <summary>Processes that wait for the digests of one program, which may never come.</summary>
    private const int MostSharing = 4096;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(1);

    private readonly FileHasher _hasher = new(kinds);
    private readonly List<FileToHash> _late = [];
    private readonly byte[] _path = new byte[16 * 1024];

    /// <summary>Says what the digests of the program are that a process has just begun to run.</summary>
    public void DescribeProgram(LinuxProcess process)
    {
        process.Info.Hash.Clear();
        process.AwaitedHash = null;
        if (AskFor(process) is { } asked && !TryTake(asked, process.Info.Hash))
            AwaitFor(process, asked);
    }

    /// <summary>Says the same of a process that runs for a while already, once it is known: there is no event that could wait.</summary>
    public void DescribeRunning(LinuxProcess process)
    {
        if (AskFor(process) is { } asked)
            AwaitFor(process, asked);
    }

    /// <summary>A process that runs the same program as another gets its digests when that does.</summary>
    public static void Share(LinuxProcess from, LinuxProcess to)
    {
        if (from.AwaitedHash is not { } asked || asked.Processes.Count == MostSharing)
            return;
        to.AwaitedHash = asked;
        asked.Processes.Add(to);
    }

    /// <summary>Says what the digests of a library are.</summary>
    /// <param name="pid">The process that has just mapped it.</param>
    /// <param name="mapping">Where.</param>
    /// <param name="hashes">Receives them.</param>
    public void DescribeLibrary(int pid, in Mapping mapping, FileHashes hashes)
    {
        Span<byte> room = stackalloc byte[ProcLink.MostBytes];
        if (ofLibraries && Ask(ProcLink.Mapped(pid, mapping, room), mapping.File, pid, hashes) is { } asked && !TryTake(asked, hashes))
            _late.Add(asked);
    }

    /// <summary>Says what the digests of a program are that is held and about to run.</summary>
    /// <param name="descriptor">Our descriptor of its file.</param>
    /// <param name="hashes">Receives them.</param>
    public void DescribeHeld(int descriptor, FileHashes hashes)
    {
        Span<byte> room = stackalloc byte[ProcLink.MostBytes];
        if (ofPrograms && Ask(ProcLink.Descriptor(descriptor, room), null, Environment.ProcessId, hashes) is { } asked && !TryTake(asked, hashes))
            _late.Add(asked);
    }

    /// <summary>Gives processes the digests that have come meanwhile.</summary>
    public void TakeLate()
    {
        for (int i = _late.Count - 1; i >= 0; i--)
        {
            FileToHash asked = _late[i];
            if (!asked.IsAnswered)
                continue;
            Count(asked.Outcome);
            foreach (LinuxProcess process in asked.Processes)
            {
                // Another program may run in it by now.
                if (process.AwaitedHash != asked)
                    continue;
                process.AwaitedHash = null;
                if (asked.Hashes is { } hashes)
                    process.Info.Hash.CopyFrom(hashes);
            }
            _late[i] = _late[^1];
            _late.RemoveAt(_late.Count - 1);
        }
        statistics.HashesWaiting = _late.Count;
        statistics.HashesForgotten = _hasher.Forgotten;
    }

    public void Dispose() => _hasher.Dispose();

    private FileToHash? AskFor(LinuxProcess process)
    {
        Span<byte> room = stackalloc byte[ProcLink.MostBytes];
        return ofPrograms ? Ask(ProcLink.Program(process.Pid, room), process.Program, process.Pid, process.Info.Hash) : null;
    }

    /// <summary>Writes the digests of a file when they are known, and asks for them otherwise.</summary>
    /// <returns>What was asked for; null when there is nothing to wait for.</returns>
    private FileToHash? Ask(ReadOnlySpan<byte> link, MappedFile? file, int pid, FileHashes into)
    {
        if (TryFindVersion(link, file, out FileVersion version) && _hasher.TryFind(version, out FileHashes? known))
        {
            Count(known is null ? HashOutcome.Refused : HashOutcome.Known);
            if (known is not null)
                into.CopyFrom(known);
            return null;
        }
        var asked = new FileToHash(Encoding.UTF8.GetString(link[..^1]), file, pid);
        if (_hasher.Ask(asked))
            return asked;
        statistics.HashesLate++;
        return null;
    }

    /// <summary>Waits for an answer.</summary>
    /// <returns>False when it takes too long.</returns>
    private bool TryTake(FileToHash asked, FileHashes into)
    {
        long start = Stopwatch.GetTimestamp();
        while (!asked.IsAnswered && Stopwatch.GetElapsedTime(start) < LongestWait && mayWait())
            asked.Wait(BetweenLooks);
        if (!asked.IsAnswered)
        {
            statistics.HashesLate++;
            return false;
        }
        Count(asked.Outcome);
        if (asked.Hashes is { } hashes)
            into.CopyFrom(hashes);
        return true;
    }

    private void AwaitFor(LinuxProcess process, FileToHash asked)
    {
        process.AwaitedHash = asked;
        asked.Processes.Add(process);
        _late.Add(asked);
    }

    private void Count(HashOutcome outcome)
    {
        switch (outcome)
        {
            case HashOutcome.Computed:
                statistics.HashesComputed++;
                break;
            case HashOutcome.Known:
                statistics.HashesKnown++;
                break;
            default:
                statistics.HashesRefused++;
                break;
        }
    }

    /// <summary>Finds out which version a file has, without waiting for a disk or a server. By the link when the process is still there; by the path otherwise.</summary>
    private bool TryFindVersion(ReadOnlySpan<byte> link, MappedFile? file, out FileVersion version)
    {
        bool isFound = LinuxSystem.StatxBehind(link, out FileStatus status) == 0 && (file is null || status.Identity.Inode == file.Inode);
        if (!isFound && file is not null && Encoding.UTF8.TryGetBytes(file.Path, _path.AsSpan(0, _path.Length - 1), out int length))
        {
            _path[length] = 0;
            isFound = LinuxSystem.StatxCached(_path.AsSpan(0, length + 1), out status) == 0 && status.Identity == file.Identity;
        }
        version = FileVersion.Of(status);
        return isFound && status.IsRegular;
    }
}
