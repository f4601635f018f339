using CallStackRules.CallStacks;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>Sysmon records to events in the shape of the Elastic Common Schema and the endpoint's own fields. One method for each kind of record.</summary>
internal sealed class SysmonMapper
{
    /// <summary>Modules that there is room for from the beginning: those of some machines.</summary>
    private const int PreparedModules = 4096;

    private const string AnonymousPipe = "<Anonymous Pipe>";
    private const int MostHosts = 1024;

    private readonly Dictionary<string, SysmonHost> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly ModuleTable _modules;
    private readonly SysmonHost _namelessHost;
    private readonly SysmonProcesses _processes;
    private readonly SharedTexts _texts;
    private readonly SourceStatistics _statistics;
    private int _lastHost;

    /// <summary>Knows no machine yet.</summary>
    /// <param name="processes">Keeps the processes.</param>
    /// <param name="texts">Keeps texts that many things have in common.</param>
    /// <param name="statistics">Counts what cannot be read, and what there was no room for.</param>
    public SysmonMapper(SysmonProcesses processes, SharedTexts texts, SourceStatistics statistics)
    {
        _processes = processes;
        _texts = texts;
        _statistics = statistics;
        _modules = new ModuleTable(statistics, PreparedModules);
        _namelessHost = new SysmonHost(name: null, number: 0, _modules, texts);
    }

    /// <summary>Fills a cleared event.</summary>
    /// <returns>Null, or why the record has no place among events.</returns>
    public string? Map(SysmonRecord record, EndpointEvent e)
    {
        if (record.Has(SysmonKey.Channel) && record.Raw(SysmonKey.Channel).IndexOf("Sysmon"u8) < 0)
            return "record of another event log";
        if (record.Number(SysmonKey.EventId) is not { } id)
            return "no event id";
        if (SysmonEventIds.WhyUnmapped(id) is { } reason)
            return reason;

        TextBuffer buffer = e.Buffer;
        SysmonHost host = Host(record, buffer);
        host.Describe(e.Host);
        e.UtcTicks = SysmonTime.Ticks(record.Scratch(SysmonKey.UtcTime, buffer));
        if (e.UtcTicks is { } ticks)
            _processes.Advance(ticks);
        else
            _statistics.CountFieldProblem("UtcTime missing or unreadable");
        e.Event.Kind = "event";
        e.Event.Module = "sysmon";
        e.Event.Provider = "Microsoft-Windows-Sysmon";
        e.Event.Dataset = "windows.sysmon_operational";
        e.Event.Outcome = "success";
        e.Event.Code = record.Text(SysmonKey.EventId, buffer);
        e.Winlog.EventId = e.Event.Code;
        e.Winlog.ProviderName = e.Event.Provider;
        e.Winlog.ComputerName = e.Host.Name;
        e.Winlog.Channel = "Microsoft-Windows-Sysmon/Operational";

        e.Process = _processes.Actor(record, host, buffer);
        switch (id)
        {
            case 1:
                if (e.Process is { } started)
                    _processes.Started(record, started, host, e.UtcTicks, buffer);
                e.Winlog.EventData.IntegrityLevel = record.Text(SysmonKey.IntegrityLevel, buffer);
                Classify(e, "process", "start", "start");
                break;
            case 2:
                File(record, e, "change", "modification");
                break;
            case 3:
                Network(record, e);
                break;
            case 5:
                if (e.Process is { } ended)
                    _processes.Ended(ended);
                Classify(e, "process", "end", "end");
                break;
            case 6:
                e.Process = null;
                Library(record, e, host, "driver");
                break;
            case 7:
                Library(record, e, host, "library");
                break;
            case 8:
                RemoteThread(record, e);
                break;
            case 10:
                ProcessAccess(record, e, host);
                break;
            case 11 or 15:
                File(record, e, "creation", "creation");
                break;
            case 12:
                RegistryKey(record, e, host);
                break;
            case 13:
                Registry(record, e, host, namesValue: true, "change", "modification");
                Details(record, e);
                break;
            case 14:
                Registry(record, e, host, namesValue: false, "change", "rename");
                break;
            case 17:
                Pipe(record, e, "creation");
                break;
            case 18:
                Pipe(record, e, "access");
                break;
            case 22:
                Lookup(record, e);
                break;
            case 23 or 26:
                File(record, e, "deletion", "deletion");
                break;
        }
        if (e.Process is { } process)
        {
            e.User.Id = process.User.Id;
            e.User.Name = process.User.Name;
            e.User.Domain = process.User.Domain;
            e.ProcessUptime = Uptime(process, e.UtcTicks);
        }
        return null;
    }

    private SysmonHost Host(SysmonRecord record, TextBuffer buffer)
    {
        ReadOnlySpan<char> name = record.Scratch(SysmonKey.Computer, buffer);
        if (name.IsEmpty)
            return _namelessHost;
        var hosts = _hosts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (hosts.TryGetValue(name, out SysmonHost? host))
            return host;
        // Only made-up recordings have so many machines; what was learned of them may go.
        if (_hosts.Count == MostHosts)
            _hosts.Clear();
        host = new SysmonHost(name.ToString(), ++_lastHost, _modules, _texts);
        hosts[name] = host;
        return host;
    }

    private static void Classify(EndpointEvent e, string category, string type, string? action)
    {
        e.Event.Category.Add(category);
        e.Event.Type.Add(type);
        e.Event.Action = action;
    }

    private static long? Uptime(ProcessInfo process, long? ticks) =>
        process.Start is { IsMissing: false } start && SysmonTime.Ticks(start.Span) is { } began && ticks >= began
            ? (ticks - began) / TimeSpan.TicksPerSecond : null;

    private static void File(SysmonRecord record, EndpointEvent e, string type, string action)
    {
        Classify(e, "file", type, action);
        e.File.Path = record.Text(SysmonKey.TargetFilename, e.Buffer);
        e.File.Name = WindowsPath.Name(e.File.Path);
        e.File.Directory = WindowsPath.Directory(e.File.Path);
        e.File.Extension = WindowsPath.Extension(e.File.Path);
        HashList.Describe(record.Text(SysmonKey.Hashes, e.Buffer), e.File.Hash, e.File.Pe, e.Buffer);
    }

    private static void Pipe(SysmonRecord record, EndpointEvent e, string type)
    {
        const string devices = @"\Device\NamedPipe";
        Classify(e, "file", type, type);
        Text pipe = record.Text(SysmonKey.PipeName, e.Buffer);
        if (pipe.Span is AnonymousPipe)
            return;
        e.File.Name = pipe;
        if (!pipe.Span.StartsWith('\\'))
            return;
        Span<char> path = e.Buffer.Reserve(devices.Length + pipe.Length);
        devices.CopyTo(path);
        pipe.Span.CopyTo(path[devices.Length..]);
        e.File.Path = e.Buffer.Commit(path.Length);
    }

    private void Library(SysmonRecord record, EndpointEvent e, SysmonHost host, string category)
    {
        Classify(e, category, "start", "load");
        LibraryInfo library = e.Library;
        library.Path = record.Text(SysmonKey.ImageLoaded, e.Buffer);
        library.Name = WindowsPath.Name(library.Path);
        library.Pe.OriginalFileName = record.Text(SysmonKey.OriginalFileName, e.Buffer);
        HashList.Describe(record.Text(SysmonKey.Hashes, e.Buffer), library.Hash, library.Pe, e.Buffer);
        if (!record.Has(SysmonKey.Signed))
            return;
        CodeSignature signature = library.CodeSignature;
        signature.Exists = record.Is(SysmonKey.Signed, "true"u8);
        signature.Trusted = signature.Exists == true && record.Is(SysmonKey.SignatureStatus, "Valid"u8);
        if (signature.Exists == true)
        {
            signature.SubjectName = record.Text(SysmonKey.Signature, e.Buffer);
            signature.Status = signature.Trusted == true ? "trusted"
                : record.Is(SysmonKey.SignatureStatus, "Expired"u8) ? "errorExpired"
                : record.Is(SysmonKey.SignatureStatus, "Revoked"u8) ? "errorRevoked"
                : "errorUntrustedRoot";
        }
        library.CodeSignatures.Add().CopyFrom(signature);
        _processes.Loaded(library, e.Process, host);
    }

    private void RemoteThread(SysmonRecord record, EndpointEvent e)
    {
        Classify(e, "api", "change", action: null);
        e.Api.Name = "CreateRemoteThread";
        e.Api.Parameters.Procedure = record.Number(SysmonKey.StartAddress);
        Target(record, e);
        e.TargetThread.Id = record.Number(SysmonKey.NewThreadId);
        e.TargetThread.StartAddress = e.Api.Parameters.Procedure;
        Text module = record.Text(SysmonKey.StartModule, e.Buffer);
        e.TargetThread.StartAddressModule = module.IsMissing ? ModuleInfo.Unbacked.Name : module;
    }

    private void ProcessAccess(SysmonRecord record, EndpointEvent e, SysmonHost host)
    {
        Classify(e, "api", "access", action: null);
        e.Api.Name = "OpenProcess";
        e.Api.Metadata.ReturnValue = 0;
        e.Api.Parameters.HandleType = "process";
        if (record.Number(SysmonKey.GrantedAccess) is { } mask)
        {
            e.Api.Parameters.DesiredAccessNumeric = mask;
            AccessRights.AddOfProcess(mask, e.Api.Parameters.DesiredAccess);
        }
        e.Winlog.EventData.GrantedAccess = record.Text(SysmonKey.GrantedAccess, e.Buffer);
        e.Winlog.EventData.CallTrace = record.Text(SysmonKey.CallTrace, e.Buffer);
        Target(record, e);
        e.Thread.Id = record.Number(SysmonKey.ThreadId);
        int malformed = SysmonCallStack.Fill(e.Thread.CallStack, e.Winlog.EventData.CallTrace.Span, host);
        for (; malformed > 0; malformed--)
            _statistics.CountFieldProblem("CallTrace frame unreadable");
    }

    /// <summary>Whom it was done to. Rules for event logs know these records as events of processes, and the two by the record's own names.</summary>
    private void Target(SysmonRecord record, EndpointEvent e)
    {
        e.Event.Category.Add("process");
        e.TargetProcess = _processes.Target(record, e.Buffer);
        e.Winlog.EventData.SourceImage = e.Process?.Executable ?? default;
        e.Winlog.EventData.TargetImage = e.TargetProcess?.Executable ?? default;
        if (e.Process is null || e.TargetProcess is null || e.Process == e.TargetProcess)
            return;
        e.Api.Behaviors.Add("cross-process");
        if (e.TargetProcess.Parent == e.Process)
            e.Api.Behaviors.Add("parent-child");
    }

    private static void RegistryKey(SysmonRecord record, EndpointEvent e, SysmonHost host)
    {
        bool deletesValue = record.Is(SysmonKey.EventType, "DeleteValue"u8);
        if (deletesValue || record.Is(SysmonKey.EventType, "DeleteKey"u8))
            Registry(record, e, host, deletesValue, "deletion", "deletion");
        else if (record.Is(SysmonKey.EventType, "CreateKey"u8))
            Registry(record, e, host, namesValue: false, "creation", "creation");
        else
            Registry(record, e, host, namesValue: false, type: null, action: null);
    }

    private static void Registry(SysmonRecord record, EndpointEvent e, SysmonHost host, bool namesValue, string? type, string? action)
    {
        e.Event.Category.Add("registry");
        if (type is not null)
            e.Event.Type.Add(type);
        e.Event.Action = action;
        Text target = record.Text(SysmonKey.TargetObject, e.Buffer);
        if (e.Process is { } process)
            host.Accounts.Learn(process.User, target.Span);
        RegistryPath path = RegistryPath.Split(target, namesValue, e.Buffer);
        e.Registry.Path = path.Path;
        e.Registry.Hive = path.Hive;
        e.Registry.Key = path.Key;
        e.Registry.Value = path.Value;
    }

    private static void Details(SysmonRecord record, EndpointEvent e)
    {
        RegistryDetails details = RegistryDetails.Read(record.Text(SysmonKey.Details, e.Buffer), e.Buffer);
        e.Registry.DataType = details.Type;
        if (!details.String.IsMissing)
            e.Registry.Strings.Add(details.String);
    }

    private static void Network(SysmonRecord record, EndpointEvent e)
    {
        bool initiated = record.Is(SysmonKey.Initiated, "true"u8);
        Classify(e, "network", "start", initiated ? "connection_attempted" : "connection_accepted");
        e.Event.Type.Add("connection");
        e.Network.Direction = initiated ? "egress" : "ingress";
        e.Network.Transport = record.Text(SysmonKey.Protocol, e.Buffer);
        e.Network.Type = record.Is(SysmonKey.SourceIsIpv6, "true"u8) ? "ipv6" : "ipv4";
        e.Source.Ip = NetworkAddress.Shorten(record.Text(SysmonKey.SourceIp, e.Buffer), e.Buffer);
        e.Source.Address = e.Source.Ip;
        e.Source.Port = record.Number(SysmonKey.SourcePort);
        e.Destination.Ip = NetworkAddress.Shorten(record.Text(SysmonKey.DestinationIp, e.Buffer), e.Buffer);
        e.Destination.Address = e.Destination.Ip;
        e.Destination.Port = record.Number(SysmonKey.DestinationPort);
        e.Destination.Domain = record.Text(SysmonKey.DestinationHostname, e.Buffer);
    }

    private static void Lookup(SysmonRecord record, EndpointEvent e)
    {
        Classify(e, "network", "connection", "lookup_result");
        e.Event.Type.Add("protocol");
        e.Event.Type.Add("info");
        e.Network.Protocol = "dns";
        e.Dns.QuestionName = record.Text(SysmonKey.QueryName, e.Buffer);
        e.Dns.Status = record.Number(SysmonKey.QueryStatus);
        DnsResults.AddAddresses(record.Text(SysmonKey.QueryResults, e.Buffer), e.Dns.ResolvedIp);
    }
}
