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
    /// <summary>Creates an event without any field.</summary>
    public EndpointEvent()
    {
        Thread = new ThreadInfo(Buffer);
        ParentThread = new ThreadInfo(Buffer);
        TargetThread = new ThreadInfo(Buffer);
    }

    // Alerts of other products carry the fields of what they are about.
    private const string AlertCategories = "intrusion_detection malware";

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
    public EventInfo Event { get; } = new();

    /// <summary>The process that did it; for process events, the process they are about.</summary>
    [EqlField("process")]
    public ProcessInfo? Process { get; set; }

    /// <summary>Seconds from the start of the process to the event.</summary>
    [EqlField("process.uptime")]
    public long? ProcessUptime { get; set; }

    /// <summary>The API or system call that was made.</summary>
    [EqlField("process.Ext.api", Categories = "process api library file registry network authentication credential_access " + AlertCategories)]
    public ApiCall Api { get; } = new();

    /// <summary>The thread that did it.</summary>
    [EqlField("process.thread")]
    public ThreadInfo Thread { get; }

    /// <summary>The thread that started the process.</summary>
    [EqlField("process.parent.thread", Categories = "process " + AlertCategories)]
    public ThreadInfo ParentThread { get; }

    /// <summary>Leader of the parent's process group.</summary>
    [EqlField("process.parent.group_leader", OperatingSystems = "linux macos")]
    public ProcessReference ParentGroupLeader { get; } = new();

    /// <summary>The process that started the session's entry.</summary>
    [EqlField("process.entry_leader.parent", OperatingSystems = "linux macos")]
    public ProcessReference EntryLeaderParent { get; } = new();

    /// <summary>The process that started the session's leader.</summary>
    [EqlField("process.session_leader.parent", OperatingSystems = "linux macos")]
    public ProcessReference SessionLeaderParent { get; } = new();

    /// <summary>The process that was acted upon.</summary>
    [EqlField("Target.process")]
    public ProcessInfo? TargetProcess { get; set; }

    /// <summary>The thread that was acted upon, or that was made.</summary>
    [EqlField("Target.process.thread")]
    public ThreadInfo TargetThread { get; }

    /// <summary>The process on whose behalf it was done, where it is not the acting one.</summary>
    [EqlField("Effective_process")]
    public ProcessReference EffectiveProcess { get; } = new();

    /// <summary>The file it is about.</summary>
    [EqlField("file", Categories = "file library driver authentication session persistence " + AlertCategories)]
    public FileDetails File { get; } = new();

    /// <summary>The library or driver that was loaded.</summary>
    [EqlField("dll", Categories = "library driver api " + AlertCategories)]
    public LibraryInfo Library { get; } = new();

    /// <summary>The registry key or value it is about.</summary>
    [EqlField("registry", Categories = "registry " + AlertCategories, OperatingSystems = "windows")]
    public RegistryInfo Registry { get; } = new();

    /// <summary>The entry that makes a program start by itself.</summary>
    [EqlField("Persistence", Categories = "persistence file " + AlertCategories, OperatingSystems = "macos")]
    public PersistenceInfo Persistence { get; } = new();

    /// <summary>The connection it is about.</summary>
    [EqlField("network", Categories = "network dns api web authentication session " + AlertCategories)]
    public NetworkInfo Network { get; } = new();

    /// <summary>The end of the connection that opened it.</summary>
    [EqlField("source", Categories = "network dns api web authentication session " + AlertCategories)]
    public NetworkEndpoint Source { get; } = new();

    /// <summary>The end of the connection that was asked.</summary>
    [EqlField("destination", Categories = "network dns api web authentication session " + AlertCategories)]
    public NetworkEndpoint Destination { get; } = new();

    /// <summary>The name lookup it is about.</summary>
    [EqlField("dns", Categories = "network dns api " + AlertCategories)]
    public DnsInfo Dns { get; } = new();

    /// <summary>The web request it is about.</summary>
    [EqlField("http", Categories = "network api web " + AlertCategories)]
    public HttpInfo Http { get; } = new();

    /// <summary>The web address it is about.</summary>
    [EqlField("url", Categories = "network api web " + AlertCategories)]
    public UrlInfo Url { get; } = new();

    /// <summary>The account it was done with.</summary>
    [EqlField("user")]
    public UserInfo User { get; } = new();

    /// <summary>The account whose rights were used, where it is another one.</summary>
    [EqlField("user.effective")]
    public UserInfo EffectiveUser { get; } = new();

    /// <summary>The account that logged in, where it differs from the effective one.</summary>
    [EqlField("user.Ext.real", OperatingSystems = "linux macos")]
    public UserInfo RealUser { get; } = new();

    /// <summary>The account that was acted upon.</summary>
    [EqlField("user.target")]
    public UserInfo TargetUser { get; } = new();

    /// <summary>The group it was done with.</summary>
    [EqlField("group")]
    public GroupInfo Group { get; } = new();

    /// <summary>The group of the account that logged in.</summary>
    [EqlField("group.Ext.real", OperatingSystems = "linux macos")]
    public GroupInfo RealGroup { get; } = new();

    /// <summary>The machine it happened on.</summary>
    [EqlField("host")]
    public HostInfo Host { get; } = new();

    /// <summary>The sensor that saw it.</summary>
    [EqlField("agent")]
    public AgentInfo Agent { get; } = new();

    /// <summary>The device that was attached or mounted.</summary>
    [EqlField("device", Categories = "device host file " + AlertCategories)]
    public DeviceInfo Device { get; } = new();

    /// <summary>The record in the Windows event log.</summary>
    [EqlField("winlog", OperatingSystems = "windows")]
    public WinlogInfo Winlog { get; } = new();

    /// <summary>The container it happened in.</summary>
    [EqlField("container", OperatingSystems = "linux")]
    public ContainerInfo Container { get; } = new();

    /// <summary>The cluster it happened in.</summary>
    [EqlField("orchestrator", OperatingSystems = "linux")]
    public OrchestratorInfo Orchestrator { get; } = new();

    /// <summary>The cloud machine it happened on.</summary>
    [EqlField("cloud")]
    public CloudInfo Cloud { get; } = new();

    /// <summary>The rule that raised the alert.</summary>
    [EqlField("rule")]
    public RuleReference Rule { get; } = new();

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
        Event.Clear();
        Process = null;
        ProcessUptime = null;
        Api.Clear();
        Thread.Clear();
        ParentThread.Clear();
        ParentGroupLeader.Clear();
        EntryLeaderParent.Clear();
        SessionLeaderParent.Clear();
        TargetProcess = null;
        TargetThread.Clear();
        EffectiveProcess.Clear();
        File.Clear();
        Library.Clear();
        Registry.Clear();
        Persistence.Clear();
        Network.Clear();
        Source.Clear();
        Destination.Clear();
        Dns.Clear();
        Http.Clear();
        Url.Clear();
        User.Clear();
        EffectiveUser.Clear();
        RealUser.Clear();
        TargetUser.Clear();
        Group.Clear();
        RealGroup.Clear();
        Host.Clear();
        Agent.Clear();
        Device.Clear();
        Winlog.Clear();
        Container.Clear();
        Orchestrator.Clear();
        Cloud.Clear();
        Rule.Clear();
        DataStreamDataset = default;
        DataStreamNamespace = default;
        DataStreamType = default;
        EcsVersion = default;
        Buffer.Clear();
    }
}
