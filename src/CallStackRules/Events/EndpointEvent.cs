using CallStackRules.Events;
using CallStackRules.Schema;

[assembly: EqlSchema(typeof(EndpointEvent))]

namespace CallStackRules.Events;

/// <summary>One event: what happened on a machine, who did it, and from which call stack. The root of the fields of EQL.</summary>
/// <remarks>
/// One object is reused for all events of a reader: a source clears it, fills it, and hands it to the rules. Nothing it holds, its texts included, may be
/// kept beyond the next <see cref="Clear"/>.
/// </remarks>
public sealed class EndpointEvent : IClearable
{
    // Alerts of other products carry the fields of what they are about.
    private const string AlertCategories = "intrusion_detection malware";

    private EventPart<EventInfo> _event = new(new());
    private EventPart<ApiCall> _api = new(new());
    private EventPart<ThreadInfo> _thread;
    private EventPart<ThreadInfo> _parentThread;
    private EventPart<ProcessReference> _parentGroupLeader = new(new());
    private EventPart<ProcessReference> _entryLeaderParent = new(new());
    private EventPart<ProcessReference> _sessionLeaderParent = new(new());
    private EventPart<ThreadInfo> _targetThread;
    private EventPart<ProcessReference> _effectiveProcess = new(new());
    private EventPart<FileDetails> _file = new(new());
    private EventPart<LibraryInfo> _library = new(new());
    private EventPart<RegistryInfo> _registry = new(new());
    private EventPart<PersistenceInfo> _persistence = new(new());
    private EventPart<NetworkInfo> _network = new(new());
    private EventPart<NetworkEndpoint> _source = new(new());
    private EventPart<NetworkEndpoint> _destination = new(new());
    private EventPart<DnsInfo> _dns = new(new());
    private EventPart<HttpInfo> _http = new(new());
    private EventPart<UrlInfo> _url = new(new());
    private EventPart<UserInfo> _user = new(new());
    private EventPart<UserInfo> _effectiveUser = new(new());
    private EventPart<UserInfo> _realUser = new(new());
    private EventPart<UserInfo> _targetUser = new(new());
    private EventPart<GroupInfo> _group = new(new());
    private EventPart<GroupInfo> _realGroup = new(new());
    private EventPart<HostInfo> _host = new(new());
    private EventPart<AgentInfo> _agent = new(new());
    private EventPart<DeviceInfo> _device = new(new());
    private EventPart<WinlogInfo> _winlog = new(new());
    private EventPart<ContainerInfo> _container = new(new());
    private EventPart<OrchestratorInfo> _orchestrator = new(new());
    private EventPart<CloudInfo> _cloud = new(new());
    private EventPart<RuleReference> _rule = new(new());
    private EventPart<FurtherFields> _further = new(new());

    /// <summary>Creates an event without any field.</summary>
    public EndpointEvent()
    {
        _thread = new(new ThreadInfo(Buffer));
        _parentThread = new(new ThreadInfo(Buffer));
        _targetThread = new(new ThreadInfo(Buffer));
    }

    /// <summary>Where texts that live as long as the event are kept.</summary>
    public TextBuffer Buffer { get; } = new();

    /// <summary>When it happened, in ticks of <see cref="DateTime"/> (100 ns, UTC); null when not known.</summary>
    public long? UtcTicks { get; set; }

    /// <summary>When it happened, in milliseconds since 1970-01-01 UTC.</summary>
    [EqlField("@timestamp")]
    public long? Timestamp => (UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    /// <summary>What happened, as a sentence.</summary>
    [EqlField("message")]
    public Text Message { get; set; }

    /// <summary>What happened, in general terms.</summary>
    [EqlField("event", Categories = EventCategories.All)]
    public EventInfo Event => _event.Value;

    /// <summary>The process that did it; for process events, the process they are about.</summary>
    [EqlField("process")]
    public ProcessInfo? Process { get; set; }

    /// <summary>Seconds from the start of the process to the event.</summary>
    [EqlField("process.uptime")]
    public long? ProcessUptime { get; set; }

    /// <summary>The API or system call that was made.</summary>
    [EqlField("process.Ext.api", Categories = "process api library file registry network authentication credential_access " + AlertCategories)]
    public ApiCall Api => _api.Value;

    /// <summary>The thread that did it.</summary>
    [EqlField("process.thread")]
    public ThreadInfo Thread => _thread.Value;

    /// <summary>The thread that started the process.</summary>
    [EqlField("process.parent.thread", Categories = "process " + AlertCategories)]
    public ThreadInfo ParentThread => _parentThread.Value;

    /// <summary>Leader of the parent's process group.</summary>
    [EqlField("process.parent.group_leader", OperatingSystems = "linux macos")]
    public ProcessReference ParentGroupLeader => _parentGroupLeader.Value;

    /// <summary>The process that started the session's entry.</summary>
    [EqlField("process.entry_leader.parent", OperatingSystems = "linux macos")]
    public ProcessReference EntryLeaderParent => _entryLeaderParent.Value;

    /// <summary>The process that started the session's leader.</summary>
    [EqlField("process.session_leader.parent", OperatingSystems = "linux macos")]
    public ProcessReference SessionLeaderParent => _sessionLeaderParent.Value;

    /// <summary>The process that was acted upon.</summary>
    [EqlField("Target.process")]
    public ProcessInfo? TargetProcess { get; set; }

    /// <summary>The thread that was acted upon, or that was made.</summary>
    [EqlField("Target.process.thread")]
    public ThreadInfo TargetThread => _targetThread.Value;

    /// <summary>The process on whose behalf it was done, where it is not the acting one.</summary>
    [EqlField("Effective_process")]
    public ProcessReference EffectiveProcess => _effectiveProcess.Value;

    /// <summary>The file it is about.</summary>
    [EqlField("file", Categories = "file library driver authentication session persistence " + AlertCategories)]
    public FileDetails File => _file.Value;

    /// <summary>The library or driver that was loaded.</summary>
    [EqlField("dll", Categories = "library driver api " + AlertCategories)]
    public LibraryInfo Library => _library.Value;

    /// <summary>The registry key or value it is about.</summary>
    [EqlField("registry", Categories = "registry " + AlertCategories, OperatingSystems = "windows")]
    public RegistryInfo Registry => _registry.Value;

    /// <summary>The entry that makes a program start by itself.</summary>
    [EqlField("Persistence", Categories = "persistence file " + AlertCategories, OperatingSystems = "macos")]
    public PersistenceInfo Persistence => _persistence.Value;

    /// <summary>The connection it is about.</summary>
    [EqlField("network", Categories = "network dns api web authentication session " + AlertCategories)]
    public NetworkInfo Network => _network.Value;

    /// <summary>The end of the connection that opened it.</summary>
    [EqlField("source", Categories = "network dns api web authentication session " + AlertCategories)]
    public NetworkEndpoint Source => _source.Value;

    /// <summary>The end of the connection that was asked.</summary>
    [EqlField("destination", Categories = "network dns api web authentication session " + AlertCategories)]
    public NetworkEndpoint Destination => _destination.Value;

    /// <summary>The name lookup it is about.</summary>
    [EqlField("dns", Categories = "network dns api " + AlertCategories)]
    public DnsInfo Dns => _dns.Value;

    /// <summary>The web request it is about.</summary>
    [EqlField("http", Categories = "network api web " + AlertCategories)]
    public HttpInfo Http => _http.Value;

    /// <summary>The web address it is about.</summary>
    [EqlField("url", Categories = "network api web " + AlertCategories)]
    public UrlInfo Url => _url.Value;

    /// <summary>The account it was done with.</summary>
    [EqlField("user")]
    public UserInfo User => _user.Value;

    /// <summary>The account whose rights were used, where it is another one.</summary>
    [EqlField("user.effective")]
    public UserInfo EffectiveUser => _effectiveUser.Value;

    /// <summary>The account that logged in, where it differs from the effective one.</summary>
    [EqlField("user.Ext.real", OperatingSystems = "linux macos")]
    public UserInfo RealUser => _realUser.Value;

    /// <summary>The account that was acted upon.</summary>
    [EqlField("user.target")]
    public UserInfo TargetUser => _targetUser.Value;

    /// <summary>The group it was done with.</summary>
    [EqlField("group")]
    public GroupInfo Group => _group.Value;

    /// <summary>The group of the account that logged in.</summary>
    [EqlField("group.Ext.real", OperatingSystems = "linux macos")]
    public GroupInfo RealGroup => _realGroup.Value;

    /// <summary>The machine it happened on.</summary>
    [EqlField("host")]
    public HostInfo Host => _host.Value;

    /// <summary>The sensor that saw it.</summary>
    [EqlField("agent")]
    public AgentInfo Agent => _agent.Value;

    /// <summary>The device that was attached or mounted.</summary>
    [EqlField("device", Categories = "device host file " + AlertCategories)]
    public DeviceInfo Device => _device.Value;

    /// <summary>The record in the Windows event log.</summary>
    [EqlField("winlog", OperatingSystems = "windows")]
    public WinlogInfo Winlog => _winlog.Value;

    /// <summary>The container it happened in.</summary>
    [EqlField("container", OperatingSystems = "linux")]
    public ContainerInfo Container => _container.Value;

    /// <summary>The cluster it happened in.</summary>
    [EqlField("orchestrator", OperatingSystems = "linux")]
    public OrchestratorInfo Orchestrator => _orchestrator.Value;

    /// <summary>The cloud machine it happened on.</summary>
    [EqlField("cloud")]
    public CloudInfo Cloud => _cloud.Value;

    /// <summary>The rule that raised the alert.</summary>
    [EqlField("rule")]
    public RuleReference Rule => _rule.Value;

    /// <summary>Fields of other products' recordings.</summary>
    [EqlFieldTable(FurtherFieldNames.Table)]
    public FurtherFields Further => _further.Value;

    /// <summary>Stream the event is stored in.</summary>
    [EqlField("data_stream.dataset")]
    public Text DataStreamDataset { get; set; }

    /// <summary>Name space of the stream.</summary>
    [EqlField("data_stream.namespace")]
    public Text DataStreamNamespace { get; set; }

    /// <summary>Kind of stream.</summary>
    [EqlField("data_stream.type")]
    public Text DataStreamType { get; set; }

    /// <summary>Version of the schema the event was written in.</summary>
    [EqlField("ecs.version")]
    public Text EcsVersion { get; set; }

    /// <summary>Makes all fields missing and forgets their texts.</summary>
    public void Clear()
    {
        UtcTicks = null;
        Message = default;
        _event.Clear();
        Process = null;
        ProcessUptime = null;
        _api.Clear();
        _thread.Clear();
        _parentThread.Clear();
        _parentGroupLeader.Clear();
        _entryLeaderParent.Clear();
        _sessionLeaderParent.Clear();
        TargetProcess = null;
        _targetThread.Clear();
        _effectiveProcess.Clear();
        _file.Clear();
        _library.Clear();
        _registry.Clear();
        _persistence.Clear();
        _network.Clear();
        _source.Clear();
        _destination.Clear();
        _dns.Clear();
        _http.Clear();
        _url.Clear();
        _user.Clear();
        _effectiveUser.Clear();
        _realUser.Clear();
        _targetUser.Clear();
        _group.Clear();
        _realGroup.Clear();
        _host.Clear();
        _agent.Clear();
        _device.Clear();
        _winlog.Clear();
        _container.Clear();
        _orchestrator.Clear();
        _cloud.Clear();
        _rule.Clear();
        _further.Clear();
        DataStreamDataset = default;
        DataStreamNamespace = default;
        DataStreamType = default;
        EcsVersion = default;
        Buffer.Clear();
    }
}
