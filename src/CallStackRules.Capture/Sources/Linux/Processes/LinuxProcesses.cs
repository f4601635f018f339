using System.Diagnostics;
using System.Globalization;
using System.Text;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Linux.Hashing;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Sources.Linux.Processes;

/// <summary>The processes of the machine: read from <c>/proc</c> once, then kept right by the records of the kernel.</summary>
internal sealed class LinuxProcesses
{
    /// <summary>How long a process is known after its end: other threads of it may have been in a call that is told a moment later.</summary>
    public static readonly TimeSpan KeepAfterEnd = TimeSpan.FromSeconds(2);

    private const ulong Second = 1_000_000_000;

    private readonly Dictionary<int, LinuxProcess> _byPid = [];
    private readonly Queue<(ulong Time, LinuxProcess Process)> _ended = new();
    private readonly ProcessTable _table;
    private readonly CaptureStatistics _statistics;
    private readonly BootClock _clock;
    private readonly string _boot;
    private readonly List<LinuxProcess> _leaderless = [];
    private ulong _nextCheck = ulong.MaxValue;
    private ulong _nextLeaderlessCheck;
    private ulong _allReadAt;
    private int _checksLeft;

    /// <summary>Makes a table for all processes that there can be: none has to go for another. Those that come and go allocate little.</summary>
    public static ProcessTable CreateTable()
    {
        // The kernel's own limit (PID_MAX_LIMIT of include/linux/threads.h).
        const int mostProcesses = 4 * 1024 * 1024;
        const int prepared = 128;
        return new ProcessTable(mostProcesses, reuses: true, prepared: prepared);
    }

    /// <summary>Creates a model that knows nothing yet.</summary>
    public LinuxProcesses(ProcessTable table, CaptureStatistics statistics, BootClock clock)
    {
        _table = table;
        _statistics = statistics;
        _clock = clock;
        _boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Replace("-", "", StringComparison.Ordinal);
    }

    /// <summary>The files that processes have mapped.</summary>
    public MappedFileTable Files { get; } = new();

    /// <summary>Names of users and groups.</summary>
    public UserNames Users { get; } = new();

    /// <summary>Files below <c>/proc</c>.</summary>
    public ProcFiles Proc { get; } = new();

    /// <summary>Digests of programs and libraries; null when no rule reads any.</summary>
    public HashedFiles? Hashes { get; init; }

    /// <summary>Processes known now.</summary>
    public int Count => _byPid.Count;

    /// <summary>Reads all processes that there are. Those that end meanwhile are left out: nothing more will come of them.</summary>
    public void ReadAll()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
                FindOrRead(pid, depth: 0);
        }
        _allReadAt = (ulong)Stopwatch.GetTimestamp();
    }

    /// <summary>Whether a record is about a process that was gone before all were read: what it did was before capture had begun.</summary>
    public bool IsOfBefore(int pid, ulong time) => time < _allReadAt && FindOrRead(pid) is null;

    /// <summary>The process with a number; one that is not known is read from <c>/proc</c>, and when it is gone nothing but its number is known.</summary>
    public LinuxProcess GetOrRead(int pid)
    {
        if (FindOrRead(pid) is { } process)
            return process;
        _statistics.UnknownProcesses++;
        return Create(pid, _clock.StartTicks((ulong)Stopwatch.GetTimestamp()));
    }

    /// <summary>The process with a number; one that is not known is read from <c>/proc</c>, and null when it is gone.</summary>
    public LinuxProcess? FindOrRead(int pid)
    {
        LinuxProcess? process = FindOrRead(pid, depth: 0);
        if (process is { IsSpaceStale: true })
            ReadSpace(process);
        return process;
    }

    /// <summary>The process that made a call. When it is gone already and its beginning was not told, it is what the call says of it.</summary>
    public LinuxProcess GetOrRead(int pid, in CaptureRecord call)
    {
        LinuxProcess process = GetOrRead(pid);
        ProcessInfo info = process.Info;
        if (!info.Name.IsMissing || call.ThreadName.IsEmpty)
            return process;
        info.Name = Encoding.UTF8.GetString(call.ThreadName);
        SetUser(info, call.User, call.User);
        SetGroup(info, call.Group, call.Group);
        return process;
    }

    /// <summary>The process with a number, or null.</summary>
    public LinuxProcess? Find(int pid) => _byPid.GetValueOrDefault(pid);

    /// <summary>
    /// A process began as a copy of another. While capture begins, that one can be gone before anybody could look at it: then only the beginning is known, and what calls say.
    /// </summary>
    public LinuxProcess Fork(int parentPid, int pid, ulong time)
    {
        if (FindOrRead(parentPid) is not { } parent)
            return FindOrRead(pid) ?? Create(pid, _clock.StartTicks(time));
        if (_byPid.TryGetValue(pid, out LinuxProcess? known) && !known.HasEnded && known.Info.Pid == pid && IsSame(known, time))
        {
            // It was read from /proc before this record was: what it has done since will come as records, one after the other.
            known.Space.CopyFrom(parent.Space);
            known.SpaceReadAt = 0;
            return known;
        }
        LinuxProcess child = Create(pid, _clock.StartTicks(time));
        ProcessInfo from = parent.Info;
        ProcessInfo to = child.Info;
        _table.Link(to, from);
        to.Name = from.Name;
        to.Executable = from.Executable;
        to.CommandLine = from.CommandLine;
        CopyTexts(from.Args, to.Args);
        to.ArgsCount = from.ArgsCount;
        to.WorkingDirectory = from.WorkingDirectory;
        to.Interactive = from.Interactive;
        _table.InheritLeaders(to, from);
        to.User.CopyFrom(from.User);
        to.RealUser.CopyFrom(from.RealUser);
        to.Group.CopyFrom(from.Group);
        to.RealGroup.CopyFrom(from.RealGroup);
        to.Hash.CopyFrom(from.Hash);
        child.Space.CopyFrom(parent.Space);
        child.IsSpaceStale = parent.IsSpaceStale;
        child.IsFolderUncertain = parent.IsFolderUncertain;
        child.IsSessionUncertain = parent.IsSessionUncertain;
        child.Program = parent.Program;
        child.StackTop = parent.StackTop;
        child.IsStackInherited = true;
        HashedFiles.Share(parent, child);
        return child;
    }

    /// <summary>A process runs another program: its memory is that of the new one, of which nothing is mapped yet.</summary>
    public static void BeginProgram(LinuxProcess process)
    {
        process.Space.Clear();
        process.IsSpaceStale = false;
        process.SpaceReadAt = 0;
        process.Program = null;
        process.IsLeaderless = false;
        process.OtherThreads = 0;
    }

    /// <summary>The new program is in place: says what it is.</summary>
    /// <param name="process">The process.</param>
    /// <param name="stack">The stack the program begins with.</param>
    /// <param name="execution">What was asked for; null when it was not seen.</param>
    public void CompleteProgram(LinuxProcess process, InitialStack stack, PendingExecution? execution)
    {
        ProcessInfo info = process.Info;
        ProcessReference previous = info.Previous;
        previous.Clear();
        previous.Executable = info.Executable;
        previous.Name = info.Name;
        previous.CommandLine = info.CommandLine;
        previous.ArgsCount = info.ArgsCount;
        CopyTexts(info.Args, previous.Args);

        string? executable = process.Program?.Path ?? Proc.ReadLink(process.Pid, "exe"u8) ?? execution?.Path;
        info.Executable = executable;
        info.Name = executable is null ? default : executable[(executable.LastIndexOf('/') + 1)..];
        Hashes?.DescribeProgram(process);
        info.Args.Clear();
        // What was copied when it was asked for is less, but always there.
        bool isAskedForMore = stack.IsIncomplete && execution?.Arguments.Count > stack.Arguments.Count;
        List<string> arguments = isAskedForMore ? ArgumentsOf(process.Pid, execution!, executable) : stack.Arguments;
        foreach (string argument in arguments)
            info.Args.Add(argument);
        info.ArgsCount = stack.ArgumentCount ?? arguments.Count;
        info.CommandLine = string.Join(' ', arguments);
        info.EnvironmentVariables.Clear();
        foreach (string variable in stack.LoaderVariables)
            info.EnvironmentVariables.Add(variable);
        ReadPlace(process);
        if (stack.Credentials is { } credentials)
        {
            SetUser(info, credentials.User, credentials.EffectiveUser);
            SetGroup(info, credentials.Group, credentials.EffectiveGroup);
        }
        if (stack.ArgumentCount is not { } count || count > arguments.Count)
            _statistics.TextsMissing++;
    }

    /// <summary>A process began a session, which has no terminal yet.</summary>
    public void BeginSession(LinuxProcess process)
    {
        process.Info.Interactive = false;
        process.IsSessionUncertain = true;
        _table.SetGroupLeader(process.Info, process.Info);
        _table.SetSessionLeader(process.Info, process.Info);
    }

    /// <summary>A process may have been moved to another process group of its session.</summary>
    public void ChangeGroup(LinuxProcess process)
    {
        if (Proc.ReadStat(process.Pid) is { } stat)
            SetSession(process.Info, stat);
        process.IsSessionUncertain = true;
    }

    /// <summary>A thread of a process began.</summary>
    public void BeginThread(int pid, ulong time)
    {
        if (Find(pid) is { } process && time > process.CountedAt)
            process.OtherThreads++;
    }

    /// <summary>
    /// A thread of a process ended. The first can end before others (pthread_exit), and another can take its place (execve): the process ends with the last.
    /// </summary>
    /// <returns>Whether the process ends with it.</returns>
    public bool EndThread(LinuxProcess process, bool isFirst, ulong time)
    {
        if (process.HasEnded)
            return false;
        if (!isFirst)
        {
            if (time > process.CountedAt && process.OtherThreads > 0)
                process.OtherThreads--;
            return process.IsLeaderless && process.OtherThreads == 0;
        }
        if (process.OtherThreads == 0)
            return true;
        AwaitLastThread(process, time);
        return false;
    }

    /// <summary>A process has ended. Late records still find it.</summary>
    public void End(int pid, ulong time)
    {
        if (!_byPid.TryGetValue(pid, out LinuxProcess? process) || process.HasEnded)
            return;
        process.HasEnded = true;
        _ended.Enqueue((time, process));
    }

    /// <summary>Forgets processes that ended a while ago.</summary>
    public void Advance(ulong time)
    {
        ulong keep = (ulong)KeepAfterEnd.TotalSeconds * Second;
        while (_ended.TryPeek(out (ulong Time, LinuxProcess Process) entry) && entry.Time + keep < time)
        {
            _ended.Dequeue();
            Forget(entry.Process);
        }
        if (time >= _nextCheck)
            EndThoseThatAreGone(time);
        if (_leaderless.Count > 0 && time >= _nextLeaderlessCheck)
            EndLeaderless(time);
    }

    private void Forget(LinuxProcess process)
    {
        // What it is told by may become another process's, so nothing must be written there any more.
        process.AwaitedHash = null;
        // The number may belong to another process by now; one that began within the same tick of the clock is told by the same.
        LinuxProcess? current = _byPid.GetValueOrDefault(process.Pid);
        if (current == process)
            _byPid.Remove(process.Pid);
        if (current == process || current?.Info != process.Info)
            _table.Remove(process.Info.EntityId.Span);
    }

    /// <summary>
    /// Records about processes and mappings were lost: what is known of all address spaces may be wrong, and is read anew when it is next needed. Processes may have ended
    /// without our knowing; that is looked after twice, a second between.
    /// </summary>
    public void Distrust(ulong time)
    {
        foreach (LinuxProcess process in _byPid.Values)
            process.IsSpaceStale = true;
        if (_checksLeft == 0)
            _nextCheck = time + Second;
        _checksLeft = 2;
    }

    /// <summary>Records of calls were lost: one may have told of another working directory or session.</summary>
    public void DistrustPlaces()
    {
        foreach (LinuxProcess process in _byPid.Values)
            process.IsFolderUncertain = process.IsSessionUncertain = true;
    }

    /// <summary>Ends processes that were gone at the last look, too: for the others a record of their end may be on its way.</summary>
    private void EndThoseThatAreGone(ulong time)
    {
        _nextCheck = --_checksLeft > 0 ? time + Second : ulong.MaxValue;
        foreach (LinuxProcess process in _byPid.Values)
        {
            if (process.HasEnded)
                continue;
            bool isGone = Proc.ReadStat(process.Pid) is not { } stat || !HasBegun(process, stat.StartTicks);
            if (isGone && process.SeemsGone)
                End(process.Pid, time);
            process.SeemsGone = isGone;
        }
    }

    /// <summary>Ends processes whose first thread has ended and that are gone, although by our count a thread is left: of those that were there before us it can be wrong.</summary>
    private void EndLeaderless(ulong time)
    {
        _nextLeaderlessCheck = time + Second;
        for (int i = _leaderless.Count - 1; i >= 0; i--)
        {
            LinuxProcess process = _leaderless[i];
            if (process.IsLeaderless && !process.HasEnded)
            {
                if (IsRunning(process))
                    continue;
                End(process.Pid, time);
            }
            _leaderless[i] = _leaderless[^1];
            _leaderless.RemoveAt(_leaderless.Count - 1);
        }
    }

    private void AwaitLastThread(LinuxProcess process, ulong time)
    {
        // What /proc says is later than the records: these must have their turn before.
        if (_leaderless.Count == 0)
            _nextLeaderlessCheck = time + Second;
        process.IsLeaderless = true;
        _leaderless.Add(process);
    }

    /// <summary>Whether a thread of a process runs: it is there, and is not dead but for its parent's knowing.</summary>
    private bool IsRunning(LinuxProcess process) =>
        Proc.ReadStat(process.Pid) is { } stat && HasBegun(process, stat.StartTicks) && (!stat.IsDead || stat.Threads > 1);

    /// <summary>Says with whose rights a process acts.</summary>
    public void SetUser(ProcessInfo info, uint real, uint effective)
    {
        info.RealUser.Id = Users.Number(real);
        info.RealUser.Name = Users.User(real);
        info.User.Id = Users.Number(effective);
        info.User.Name = Users.User(effective);
    }

    /// <summary>The same for groups.</summary>
    public void SetGroup(ProcessInfo info, uint real, uint effective)
    {
        info.RealGroup.Id = Users.Number(real);
        info.RealGroup.Name = Users.Group(real);
        info.Group.Id = Users.Number(effective);
        info.Group.Name = Users.Group(effective);
    }

    private static void CopyTexts(TextList from, TextList to)
    {
        to.Clear();
        for (int i = 0; i < from.Count; i++)
            to.Add(from[i]);
    }

    /// <summary>The arguments that a program was asked for with. Of a script, the kernel makes them those of its interpreter.</summary>
    private static List<string> ArgumentsOf(int pid, PendingExecution execution, string? executable)
    {
        bool isScript = executable is not null && execution.Arguments.Count > 0 && Path.GetFileName(executable.AsSpan()) is var name
            && !name.SequenceEqual(Path.GetFileName(execution.Path.AsSpan())) && IsScript(pid, execution.Path);
        return isScript ? [executable!, execution.Path, .. execution.Arguments[1..]] : execution.Arguments;
    }

    private static bool IsScript(int pid, string path)
    {
        // The path is the process's choice; it may name a pipe, or one of our own open files.
        using SafeFileHandle? file = FileIdentity.OpenRegular($"/proc/{pid}/root{path}", out _);
        if (file is null)
            return false;
        Span<byte> start = stackalloc byte[2];
        try
        {
            return RandomAccess.Read(file, start, 0) == start.Length && start.SequenceEqual("#!"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether a process that was read from /proc is the one that a record of its beginning is about.</summary>
    private bool IsSame(LinuxProcess process, ulong time) => HasBegun(process, _clock.StartTicks(time));

    private static bool HasBegun(LinuxProcess process, long startTicks) =>
        LinuxEntityId.TryParse(process.Info.EntityId.Span, out _, out _, out long ticks) && Math.Abs(ticks - startTicks) <= 2;

    private LinuxProcess Create(int pid, long startTicks)
    {
        // Its end was not told.
        End(pid, (ulong)Stopwatch.GetTimestamp());
        Span<char> id = stackalloc char[LinuxEntityId.MostCharacters];
        ProcessInfo info = _table.GetOrAdd(id[..LinuxEntityId.Write(_boot, pid, startTicks, id)]);
        info.Pid = pid;
        info.Start = new DateTime(_clock.UtcTicksOfStart(startTicks), DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);
        var process = new LinuxProcess(pid, info);
        _byPid[pid] = process;
        return process;
    }

    /// <summary>The process with a number, read when it is not known; null when it is gone.</summary>
    private LinuxProcess? FindOrRead(int pid, int depth)
    {
        // Parents are read with their children; a chain of them is not endless.
        const int mostParents = 64;
        if (_byPid.TryGetValue(pid, out LinuxProcess? known))
            return known;
        if (Proc.ReadStat(pid) is not { } stat)
            return null;
        LinuxProcess process = Create(pid, stat.StartTicks);
        process.OtherThreads = stat.Threads - 1;
        process.CountedAt = (ulong)Stopwatch.GetTimestamp();
        if (stat.IsDead)
            AwaitLastThread(process, process.CountedAt);
        ProcessInfo info = process.Info;
        if (stat.Parent > 0 && depth < mostParents && FindOrRead(stat.Parent, depth + 1) is { } parent)
            _table.Link(info, parent.Info);
        if (Proc.ReadLink(pid, "exe"u8) is { } executable)
        {
            info.Executable = executable;
            info.Name = executable[(executable.LastIndexOf('/') + 1)..];
        }
        else
        {
            info.Name = Encoding.UTF8.GetString(Proc.Read(pid, "comm"u8).TrimEnd((byte)'\n'));
        }
        ReadArguments(info, Proc.Read(pid, "cmdline"u8));
        SetSession(info, stat);
        process.IsSessionUncertain = false;
        ReadPlace(process);
        if (ProcStatus.ReadIds(Proc.Read(pid, "status"u8)) is { } ids)
        {
            SetUser(info, ids.User, ids.EffectiveUser);
            SetGroup(info, ids.Group, ids.EffectiveGroup);
        }
        ReadSpace(process);
        Hashes?.DescribeRunning(process);
        return process;
    }

    /// <summary>Looks at where a process is, as far as that is not certain: its working directory and its session.</summary>
    private void ReadPlace(LinuxProcess process)
    {
        if (process.IsFolderUncertain && Proc.ReadLink(process.Pid, "cwd"u8) is { } folder)
        {
            process.Info.WorkingDirectory = folder;
            process.IsFolderUncertain = false;
        }
        if (process.IsSessionUncertain && Proc.ReadStat(process.Pid) is { } stat)
        {
            SetSession(process.Info, stat);
            process.IsSessionUncertain = false;
        }
    }

    private void ReadSpace(LinuxProcess process)
    {
        process.IsSpaceStale = false;
        ReadOnlySpan<byte> maps = Proc.Read(process.Pid, "maps"u8);
        // A process that is gone keeps what was known of it.
        if (maps.IsEmpty)
            return;
        process.SpaceReadAt = (ulong)Stopwatch.GetTimestamp();
        process.Space.Clear();
        _statistics.BadRecords += ProcMaps.Read(maps, process.Space, Files, process.Pid);
        for (int i = 0; i < process.Space.Count; i++)
        {
            if (process.Space[i].Use == MemoryUse.Stack)
                process.StackTop = process.Space[i].End;
        }
    }

    private void SetSession(ProcessInfo info, in ProcStat stat)
    {
        info.Interactive = stat.Terminal != 0;
        _table.SetGroupLeader(info, stat.Group == info.Pid ? info : Find(stat.Group)?.Info);
        _table.SetSessionLeader(info, stat.Session == info.Pid ? info : Find(stat.Session)?.Info);
    }

    private static void ReadArguments(ProcessInfo info, ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> rest = content.TrimEnd((byte)0);
        if (content.IsEmpty)
            return;
        foreach (Range range in rest.Split((byte)0))
            info.Args.Add(Encoding.UTF8.GetString(rest[range]));
        info.ArgsCount = info.Args.Count;
        info.CommandLine = Encoding.UTF8.GetString(rest).Replace('\0', ' ');
    }
}
