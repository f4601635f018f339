using System.Buffers.Binary;
using System.Globalization;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Procmon;

/// <summary>The processes of a log, by their number. Each is read when it is first asked for.</summary>
/// <remarks>
/// The table: u32 count, u32[count] numbers, u32[count] offsets from the table's start, then the processes:
/// <code>
/// offset type   field
///   0x00 u32    number
///   0x04 u32    process id
///   0x08 u32    id of the parent
///   0x0C u32    number of the parent
///   0x10 u64    logon session
///   0x18 u32    terminal session
///   0x20 u64    start, FILETIME
///   0x28 u64    end, FILETIME; 0 for none
///   0x34 u32    1: 64 bits
///   0x38 u32[8] strings: integrity level, user, name, path, command line, company, version, description
///   0x60 pointer, then u32 count of modules, then the modules
/// </code>
/// </remarks>
internal sealed class ProcmonProcesses
{
    private const int FixedSize = 0x60;
    private const int MostThreads = 64 * 1024;
    private const int MostAncestors = 64;
    // More than any machine has; a damaged log must not fill the memory.
    private const uint MostProcesses = 1024 * 1024;
    private const long MostModules = 4 * 1024 * 1024;

    private readonly PmlLog _log;
    private readonly PmlWindow _window;
    private readonly ProcessTable _table;
    private readonly ModuleTable _modules;
    private readonly WindowsAccounts _accounts;
    private readonly Dictionary<uint, long> _offsets = [];
    private readonly Dictionary<uint, ProcmonProcess> _read = [];
    private readonly Dictionary<uint, ProcmonProcess> _owners = [];
    private long _modulesRead;

    /// <summary>Reads where the processes are.</summary>
    /// <exception cref="InvalidDataException">The table is damaged.</exception>
    public ProcmonProcesses(PmlLog log, ProcessTable table, ModuleTable modules, WindowsAccounts accounts)
    {
        (_log, _table, _modules, _accounts) = (log, table, modules, accounts);
        _window = new PmlWindow(log.Bytes, 64 * 1024);
        long start = log.Header.Processes;
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(_window.Read(start, 4));
        if (count > MostProcesses || start + 4 > log.Bytes.Length - (count * 8L))
            throw log.Bytes.Damage(start, $"the process table says it has {count} entries, more than there can be.");
        for (uint i = 0; i < count; i++)
        {
            uint number = BinaryPrimitives.ReadUInt32LittleEndian(_window.Read(start + 4 + (i * 4L), 4));
            _offsets[number] = start + BinaryPrimitives.ReadUInt32LittleEndian(_window.Read(start + 4 + (count * 4L) + (i * 4L), 4));
        }
    }

    /// <summary>The process with a number; null when the table does not have it.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public ProcmonProcess? Get(uint number)
    {
        if (_read.TryGetValue(number, out ProcmonProcess? known))
            return known;
        if (!_offsets.TryGetValue(number, out long offset))
            return null;
        ProcmonProcess process = Read(number, offset, out uint parent);
        ProcmonProcess child = process;
        for (int generation = 0; generation < MostAncestors; generation++)
        {
            bool isKnown = _read.TryGetValue(parent, out ProcmonProcess? maker);
            uint next = 0;
            if (!isKnown && !_offsets.TryGetValue(parent, out offset))
                break;
            maker ??= Read(parent, offset, out next);
            _table.Link(child.Info, maker.Info);
            if (isKnown)
                break;
            (child, parent) = (maker, next);
        }
        return process;
    }

    /// <summary>The process that is named as the parent; null when it is not in the table.</summary>
    public ProcmonProcess? ParentOf(ProcmonProcess process) => process.Parent == process.Number ? null : Get(process.Parent);

    /// <summary>The process a thread belongs to, by what was seen of it so far; null when nothing was.</summary>
    public ProcmonProcess? OwnerOf(uint thread) => _owners.GetValueOrDefault(thread);

    /// <summary>Notes that a thread belongs to a process.</summary>
    public void Own(uint thread, ProcmonProcess process)
    {
        if (thread == 0)
            return;
        if (_owners.Count == MostThreads)
            _owners.Clear();
        _owners[thread] = process;
    }

    /// <summary>Notes that a thread has ended: its number may come again in another process.</summary>
    public void Disown(uint thread) => _owners.Remove(thread);

    /// <summary>Takes the security identifier of the account that a process runs as; empty when not known.</summary>
    public void Learn(ProcmonProcess process, ReadOnlySpan<char> identifier)
    {
        if (!identifier.IsEmpty)
            _accounts.LearnIdentifier(process.Info.User, identifier);
    }

    /// <summary>Takes the security identifier from a registry path that a process touched.</summary>
    public void LearnFromPath(ProcmonProcess process, ReadOnlySpan<char> path) => _accounts.Learn(process.Info.User, path);

    /// <summary>Writes the account of a process to an event.</summary>
    public void DescribeUser(ProcmonProcess process, EndpointEvent e)
    {
        _accounts.Complete(process.Info.User);
        e.User.Id = process.Info.User.Id;
        e.User.Name = process.Info.User.Name;
        e.User.Domain = process.Info.User.Domain;
    }

    /// <summary>Notes the time of an event.</summary>
    public void Advance(long utcTicks) => _table.Advance(utcTicks);

    /// <summary>Notes that a process has ended.</summary>
    public void End(ProcmonProcess process) => _table.End(process.Info.EntityId.Span);

    private ProcmonProcess Read(uint number, long offset, out uint parent)
    {
        int pointerSize = _log.Header.PointerSize;
        ReadOnlySpan<byte> entry = _window.Read(offset, FixedSize + pointerSize + 4);
        uint pid = U32(entry, 0x04);
        parent = U32(entry, 0x0C);
        ulong logon = BinaryPrimitives.ReadUInt64LittleEndian(entry[0x10..]);
        uint session = U32(entry, 0x18);
        long start = PmlLog.ToTicks(BinaryPrimitives.ReadUInt64LittleEndian(entry[0x20..]));
        bool is64Bit = U32(entry, 0x34) != 0;
        Span<uint> strings = stackalloc uint[8];
        for (int i = 0; i < strings.Length; i++)
            strings[i] = U32(entry, 0x38 + (i * 4));
        uint moduleCount = U32(entry, FixedSize + pointerSize);
        long listStart = offset + FixedSize + pointerSize + 4;
        _modulesRead += moduleCount;
        if (_modulesRead > MostModules)
            throw _log.Bytes.Damage(listStart - 4, $"the process is said to have {moduleCount} modules, with those before more than there can be.");
        ReadOnlySpan<byte> list = _window.Read(listStart, (long)moduleCount * ProcmonModules.SizeOfModule(pointerSize));
        ProcmonModules modules = ProcmonModules.Read(list, pointerSize, _log.Strings, _modules);

        string entityId = string.Create(CultureInfo.InvariantCulture, $"{_log.Header.Computer}-{pid}-{start:x}").ToLowerInvariant();
        ProcessInfo process = _table.GetOrAdd(entityId);
        process.Pid = pid;
        process.Name = Said(strings[2]);
        process.Executable = Said(strings[3]);
        process.CommandLine = Said(strings[4]);
        process.Args.Clear();
        if (!process.CommandLine.IsMissing)
        {
            string[] arguments = WindowsCommandLine.Split(process.CommandLine.Span);
            foreach (string argument in arguments)
                process.Args.Add(argument);
            process.ArgsCount = arguments.Length;
        }
        process.Start = start == 0 ? default(Text) : new DateTime(start).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        process.AuthenticationId = $"0x{logon:x}";
        process.SessionInfo.Id = session;
        process.Architecture = is64Bit ? "x86_64" : "x86";
        process.Token.IntegrityLevelName = Said(strings[0]) is { IsMissing: false } level ? level.ToString().ToLowerInvariant() : default(Text);
        process.Pe.Company = Said(strings[5]);
        process.Pe.FileVersion = Said(strings[6]);
        process.Pe.Description = Said(strings[7]);
        _accounts.Describe(Said(strings[1]), process.User);
        var read = new ProcmonProcess { Number = number, Parent = parent, Info = process, StartTicks = start, Modules = modules };
        _read.Add(number, read);
        return read;
    }

    private Text Said(uint number) => _log.Strings[number] is { Length: > 0 } text ? text : default(Text);

    private static uint U32(ReadOnlySpan<byte> entry, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(entry[offset..]);
}
