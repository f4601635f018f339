using System.Globalization;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Capture.Symbols;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>The processes of a trace by their number, and whose threads are whose.</summary>
/// <param name="table">Where they are kept for all.</param>
/// <param name="statistics">Counts what there was no room for.</param>
/// <param name="files">The files of images; null when nobody asks for what is in them.</param>
internal sealed class EtwProcesses(ProcessTable table, SourceStatistics statistics, ImageFiles? files = null)
{
    // More than machines have; made-up ones make all be forgotten, not the memory full.
    private const int MostProcesses = 64 * 1024;
    private const int MostThreads = 256 * 1024;

    private readonly Dictionary<int, EtwProcess> _byPid = [];
    private readonly Dictionary<int, int> _pidOfThread = [];
    private EtwProcess? _listed;
    private long _lastListed;

    /// <summary>The modules of the machine.</summary>
    public ModuleTable Modules { get; } = new(statistics);

    /// <summary>The files of images; null when nobody asks for what is in them.</summary>
    public ImageFiles? Files => files;

    /// <summary>Whether events were lost, so that an image may be mapped that nothing told of.</summary>
    public bool HasLostEvents { get; set; }

    /// <summary>Notes the time of an event.</summary>
    public void Advance(long utcTicks) => table.Advance(utcTicks);

    /// <summary>The process with a number, which may have ended; null when nothing told of it.</summary>
    public EtwProcess? Find(int pid) => _byPid.GetValueOrDefault(pid);

    /// <summary>The process whose images are the kernel and its drivers; null when nothing told of them.</summary>
    public EtwProcess? Kernel => Find(0) is { Images.Count: > 0 } idle ? idle : Find(4);

    /// <summary>The process with a number, made when nothing told of it.</summary>
    public EtwProcess GetOrAdd(int pid, long utcTicks) => Find(pid) ?? Add(pid, startTicks: null, utcTicks);

    /// <summary>A process that starts. When the same start was told before, by another provider, that process.</summary>
    public EtwProcess Start(int pid, long utcTicks, long timestamp) =>
        Find(pid) is { HasEnded: false, StartTicks: { } known } process && utcTicks - known < TimeSpan.TicksPerSecond ? process : Add(pid, utcTicks, utcTicks, timestamp);

    /// <summary>
    /// Notes that an image of a process is listed at the trace's beginning. The images of a process are listed one behind the other, so its list is whole when another's begins,
    /// or when nothing was listed for a second.
    /// </summary>
    public void List(EtwProcess process, long utcTicks)
    {
        if (_listed is not null && _listed != process)
            _listed.HasImageList = true;
        _listed = process;
        _lastListed = utcTicks;
    }

    /// <summary>Says how late it is: a list that went on until long before is whole.</summary>
    public void FinishListing(long utcTicks)
    {
        if (_listed is null || utcTicks - _lastListed < TimeSpan.TicksPerSecond)
            return;
        _listed.HasImageList = true;
        _listed = null;
    }

    /// <summary>Makes one process the parent of another.</summary>
    public void Link(EtwProcess child, int parent, long utcTicks)
    {
        if (parent > 0 && child.Info.Parent is null && GetOrAdd(parent, utcTicks) is { } known && known != child)
            table.Link(child.Info, known.Info);
    }

    /// <summary>Takes the path of a process's program; what is known already stays.</summary>
    public void SetProgram(ProcessInfo info, Text path)
    {
        if (!info.Executable.IsMissing || path.IsMissing)
            return;
        info.Executable = path.ToString();
        if (files is not null)
            info.SetFileSource(files);
    }

    /// <summary>Notes that a process has ended. Its number leads to it until it is given to another, because events may come late.</summary>
    public void End(EtwProcess process)
    {
        process.HasEnded = true;
        table.End(process.Info.EntityId.Span);
    }

    /// <summary>Notes whose a thread is.</summary>
    public void AddThread(int thread, int pid)
    {
        if (_pidOfThread.Count == MostThreads && !_pidOfThread.ContainsKey(thread))
        {
            statistics.CountFieldProblem("too many threads: all were forgotten");
            _pidOfThread.Clear();
        }
        _pidOfThread[thread] = pid;
    }

    /// <summary>Notes that a thread has ended: its number may come again in another process.</summary>
    public void RemoveThread(int thread) => _pidOfThread.Remove(thread);

    /// <summary>The process of an event: the one it names, or that of its thread.</summary>
    public EtwProcess? Of(in RawEvent raw, long utcTicks) =>
        raw.ProcessId > 0 ? GetOrAdd(raw.ProcessId, utcTicks)
        : raw.ThreadId > 0 && _pidOfThread.TryGetValue(raw.ThreadId, out int pid) ? GetOrAdd(pid, utcTicks)
        : null;

    /// <summary>Takes name, command line and account; what is known already stays.</summary>
    public static void Describe(ProcessInfo info, ReadOnlySpan<char> name, ReadOnlySpan<char> commandLine, ReadOnlySpan<byte> account, uint session)
    {
        if (info.Name.IsMissing && !name.IsEmpty)
            info.Name = name.ToString();
        info.SessionInfo.Id = session;
        if (info.CommandLine.IsMissing && !commandLine.IsEmpty)
        {
            info.CommandLine = commandLine.ToString();
            string[] arguments = WindowsCommandLine.Split(commandLine);
            foreach (string argument in arguments)
                info.Args.Add(argument);
            info.ArgsCount = arguments.Length;
        }
        Span<char> identifier = stackalloc char[SecurityIdentifier.MostCharacters];
        int length = SecurityIdentifier.Write(account, identifier);
        if (info.User.Id.IsMissing && length > 0)
            info.User.Id = identifier[..length].ToString();
    }

    private EtwProcess Add(int pid, long? startTicks, long utcTicks, long? startTimestamp = null)
    {
        if (_byPid.Count == MostProcesses && !_byPid.ContainsKey(pid))
        {
            statistics.CountFieldProblem("too many processes: all were forgotten");
            _byPid.Clear();
        }
        string entityId = string.Create(CultureInfo.InvariantCulture, $"{pid}-{startTicks ?? utcTicks:x}");
        ProcessInfo info = table.GetOrAdd(entityId);
        info.Pid = pid;
        if (startTicks is { } start)
            info.Start = new DateTime(start).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        var process = new EtwProcess { Info = info, StartTicks = startTicks, StartTimestamp = startTimestamp };
        _byPid[pid] = process;
        return process;
    }
}
