using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>A process, and what an event or the process model knows of it.</summary>
/// <remarks>
/// An object of the process model outlives events, and its texts are over strings. An object that a source fills anew for every event is valid until
/// the event is cleared. Which of the two it is cannot be told, so who wants to remember a process remembers its entity id.
/// </remarks>
public sealed class ProcessInfo : IClearable
{
    private readonly CodeSignature _codeSignature = new();
    private readonly FileHashes _hash = new();
    private readonly PeInfo _pe = new();
    private readonly ObjectList<CodeSignature> _codeSignatures = new();
    private IFileFacts? _file;

    /// <summary>Identifier of the process, unlike those of all others on all machines; opaque.</summary>
    [EqlField("entity_id")]
    public Text EntityId { get; set; }

    /// <summary>Process number.</summary>
    [EqlField("pid")]
    public long? Pid { get; set; }

    /// <summary>File name of the program.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>Full path of the program.</summary>
    [EqlField("executable")]
    public Text Executable { get; set; }

    /// <summary>Command line as given.</summary>
    [EqlField("command_line")]
    public Text CommandLine { get; set; }

    /// <summary>Arguments, the program first.</summary>
    [EqlField("args")]
    public TextList Args { get; } = new();

    /// <summary>Number of arguments, the program included.</summary>
    [EqlField("args_count")]
    public long? ArgsCount { get; set; }

    /// <summary>Directory the process works in.</summary>
    [EqlField("working_directory")]
    public Text WorkingDirectory { get; set; }

    /// <summary>Title of the process.</summary>
    [EqlField("title")]
    public Text Title { get; set; }

    /// <summary>When the process began, ISO 8601.</summary>
    [EqlField("start")]
    public Text Start { get; set; }

    /// <summary>When the process ended, ISO 8601.</summary>
    [EqlField("end")]
    public Text End { get; set; }

    /// <summary>Code the process ended with.</summary>
    [EqlField("exit_code")]
    public long? ExitCode { get; set; }

    /// <summary>Whether the process has a terminal to talk to a user.</summary>
    [EqlField("interactive", OperatingSystems = "linux macos")]
    public bool? Interactive { get; set; }

    /// <summary>Whether this leader is the process itself.</summary>
    [EqlField("same_as_process", OperatingSystems = "linux macos")]
    public bool? SameAsProcess { get; set; }

    /// <summary>Process number inside its own name space.</summary>
    [EqlField("vpid", OperatingSystems = "linux")]
    public long? VirtualPid { get; set; }

    /// <summary>Environment variables, each as <c>NAME=value</c>.</summary>
    [EqlField("env_vars")]
    public TextList EnvironmentVariables { get; } = new();

    /// <summary>Address the program file was downloaded from.</summary>
    [EqlField("origin_url")]
    public Text OriginUrl { get; set; }

    /// <summary>Page that linked to the download.</summary>
    [EqlField("origin_referrer_url")]
    public Text OriginReferrerUrl { get; set; }

    /// <summary>Signature of the program file.</summary>
    [EqlField("code_signature", OperatingSystems = "windows macos")]
    public CodeSignature CodeSignature
    {
        get
        {
            AskFile();
            return _codeSignature;
        }
    }

    /// <summary>Digests of the program file.</summary>
    [EqlField("hash")]
    public FileHashes Hash
    {
        get
        {
            AskFile();
            return _hash;
        }
    }

    /// <summary>Headers of the program file.</summary>
    [EqlField("pe", OperatingSystems = "windows")]
    public PeInfo Pe
    {
        get
        {
            AskFile();
            return _pe;
        }
    }

    /// <summary>Effective user of the process.</summary>
    [EqlField("user")]
    public UserInfo User { get; } = new();

    /// <summary>User that started the process.</summary>
    [EqlField("real_user", OperatingSystems = "linux macos")]
    public UserInfo RealUser { get; } = new();

    /// <summary>User the process can return to.</summary>
    [EqlField("saved_user", OperatingSystems = "linux macos")]
    public UserInfo SavedUser { get; } = new();

    /// <summary>User as attested from outside the machine.</summary>
    [EqlField("attested_user", OperatingSystems = "linux macos")]
    public UserInfo AttestedUser { get; } = new();

    /// <summary>Effective group of the process.</summary>
    [EqlField("group", OperatingSystems = "linux macos")]
    public GroupInfo Group { get; } = new();

    /// <summary>Group of the user that started the process.</summary>
    [EqlField("real_group", OperatingSystems = "linux macos")]
    public GroupInfo RealGroup { get; } = new();

    /// <summary>Group the process can return to.</summary>
    [EqlField("saved_group", OperatingSystems = "linux macos")]
    public GroupInfo SavedGroup { get; } = new();

    /// <summary>Further groups of the process.</summary>
    [EqlField("supplemental_groups", OperatingSystems = "linux macos")]
    public ObjectList<GroupInfo> SupplementalGroups { get; } = new();

    /// <summary>Groups as attested from outside the machine.</summary>
    [EqlField("attested_groups", OperatingSystems = "linux macos")]
    public ObjectList<GroupInfo> AttestedGroups { get; } = new();

    /// <summary>Major device number of the terminal.</summary>
    [EqlField("tty.char_device.major", OperatingSystems = "linux macos")]
    public long? TtyMajor { get; set; }

    /// <summary>Minor device number of the terminal.</summary>
    [EqlField("tty.char_device.minor", OperatingSystems = "linux macos")]
    public long? TtyMinor { get; set; }

    /// <summary>Rows of the terminal.</summary>
    [EqlField("tty.rows", OperatingSystems = "linux macos")]
    public long? TtyRows { get; set; }

    /// <summary>Columns of the terminal.</summary>
    [EqlField("tty.columns", OperatingSystems = "linux macos")]
    public long? TtyColumns { get; set; }

    /// <summary>Text the process wrote to its terminal.</summary>
    [EqlField("io.text", OperatingSystems = "linux")]
    public Text IoText { get; set; }

    /// <summary>Bytes of terminal output that were captured.</summary>
    [EqlField("io.total_bytes_captured", OperatingSystems = "linux")]
    public long? IoTotalBytesCaptured { get; set; }

    /// <summary>Bytes of terminal output that were not captured.</summary>
    [EqlField("io.total_bytes_skipped", OperatingSystems = "linux")]
    public long? IoTotalBytesSkipped { get; set; }

    /// <summary>Whether capture stopped at the limit per process.</summary>
    [EqlField("io.max_bytes_per_process_exceeded", OperatingSystems = "linux")]
    public bool? IoMaxBytesExceeded { get; set; }

    /// <summary>How the session was entered: <c>sshd</c>, <c>terminal</c>, <c>init</c> ...</summary>
    [EqlField("entry_meta.type", OperatingSystems = "linux macos")]
    public Text EntryMetaType { get; set; }

    /// <summary>Address the session was entered from.</summary>
    [EqlField("entry_meta.source.ip", OperatingSystems = "linux macos")]
    public Text EntryMetaSourceIp { get; set; }

    /// <summary>Whether an AI agent is among the ancestors.</summary>
    [EqlField("ai_agent.is_descendant")]
    public bool? AiAgentIsDescendant { get; set; }

    /// <summary>Name of the AI agent among the ancestors.</summary>
    [EqlField("ai_agent.name")]
    public Text AiAgentName { get; set; }

    /// <summary>What the process ran before it replaced its program.</summary>
    [EqlField("previous", OperatingSystems = "linux macos")]
    public ProcessReference Previous { get; } = new();

    /// <summary>The process that started this one.</summary>
    [EqlField("parent")]
    public ProcessInfo? Parent { get; set; }

    /// <summary>Leader of the process group.</summary>
    [EqlField("group_leader", OperatingSystems = "linux macos")]
    public ProcessInfo? GroupLeader { get; set; }

    /// <summary>Leader of the session.</summary>
    [EqlField("session_leader", OperatingSystems = "linux macos")]
    public ProcessInfo? SessionLeader { get; set; }

    /// <summary>First process of the session's entry: the login shell, the container's first process ...</summary>
    [EqlField("entry_leader", OperatingSystems = "linux macos")]
    public ProcessInfo? EntryLeader { get; set; }

    /// <summary>Entity ids of the ancestors, the parent first.</summary>
    [EqlField("Ext.ancestry")]
    public TextList Ancestry { get; } = new();

    /// <summary>Processor the program is built for.</summary>
    [EqlField("Ext.architecture")]
    public Text Architecture { get; set; }

    /// <summary>Identifier of the logon session, as hexadecimal text.</summary>
    [EqlField("Ext.authentication_id", OperatingSystems = "windows")]
    public Text AuthenticationId { get; set; }

    /// <summary>All signatures of the program file.</summary>
    [EqlField("Ext.code_signature", OperatingSystems = "windows macos")]
    public ObjectList<CodeSignature> CodeSignatures
    {
        get
        {
            AskFile();
            return _codeSignatures;
        }
    }

    /// <summary>Whether the process seems to have been created suspended.</summary>
    [EqlField("Ext.created_suspended", OperatingSystems = "windows")]
    public bool? CreatedSuspended { get; set; }

    /// <summary>Tricks against inspection that were found in the process.</summary>
    [EqlField("Ext.defense_evasions", OperatingSystems = "windows")]
    public TextList DefenseEvasions { get; } = new();

    /// <summary>Desktop the process was started on.</summary>
    [EqlField("Ext.desktop_name", OperatingSystems = "windows")]
    public Text DesktopName { get; set; }

    /// <summary>Device the program file lies on.</summary>
    [EqlField("Ext.device")]
    public DeviceInfo Device { get; } = new();

    /// <summary>The process on whose behalf this one was started, where it is not the parent.</summary>
    [EqlField("Ext.effective_parent")]
    public ProcessReference EffectiveParent { get; } = new();

    /// <summary>The process that really asked for this one, where another was named as parent.</summary>
    [EqlField("Ext.real")]
    public ProcessReference Real { get; } = new();

    /// <summary>Name of the kernel module.</summary>
    [EqlField("Ext.load_module.name", OperatingSystems = "linux")]
    public Text LoadModuleName { get; set; }

    /// <summary>Version of the kernel module.</summary>
    [EqlField("Ext.load_module.version", OperatingSystems = "linux")]
    public Text LoadModuleVersion { get; set; }

    /// <summary>Digest of the kernel module's sources.</summary>
    [EqlField("Ext.load_module.src_version", OperatingSystems = "linux")]
    public Text LoadModuleSourceVersion { get; set; }

    /// <summary>Taint bits the kernel module causes.</summary>
    [EqlField("Ext.load_module.taints", OperatingSystems = "linux")]
    public long? LoadModuleTaints { get; set; }

    /// <summary>Taint letters the kernel module causes.</summary>
    [EqlField("Ext.load_module.taint_flags", OperatingSystems = "linux")]
    public Text LoadModuleTaintFlags { get; set; }

    /// <summary>Name of the anonymous memory file.</summary>
    [EqlField("Ext.memfd.name", OperatingSystems = "linux")]
    public Text MemfdName { get; set; }

    /// <summary>Flags the anonymous memory file was made with.</summary>
    [EqlField("Ext.memfd.flags", OperatingSystems = "linux")]
    public long? MemfdFlags { get; set; }

    /// <summary>Whether the memory file is closed when the program is replaced.</summary>
    [EqlField("Ext.memfd.flag_cloexec", OperatingSystems = "linux")]
    public bool? MemfdCloseOnExec { get; set; }

    /// <summary>Whether the memory file can be sealed.</summary>
    [EqlField("Ext.memfd.flag_allow_seal", OperatingSystems = "linux")]
    public bool? MemfdAllowSeal { get; set; }

    /// <summary>Whether the memory file uses huge pages.</summary>
    [EqlField("Ext.memfd.flag_hugetlb", OperatingSystems = "linux")]
    public bool? MemfdHugeTlb { get; set; }

    /// <summary>Whether the memory file is sealed against execution.</summary>
    [EqlField("Ext.memfd.flag_noexec_seal", OperatingSystems = "linux")]
    public bool? MemfdNoExecSeal { get; set; }

    /// <summary>Whether the memory file may be executed.</summary>
    [EqlField("Ext.memfd.flag_exec", OperatingSystems = "linux")]
    public bool? MemfdExec { get; set; }

    /// <summary>Memory region the event points to.</summary>
    [EqlField("Ext.memory_region", OperatingSystems = "windows")]
    public MemoryRegion MemoryRegion { get; } = new();

    /// <summary>Mitigations the process runs under.</summary>
    [EqlField("Ext.mitigation_policies", OperatingSystems = "windows")]
    public TextList MitigationPolicies { get; } = new();

    /// <summary>Protection level of the process, as in <c>PsProtectedSignerWinTcb</c>.</summary>
    [EqlField("Ext.protection", OperatingSystems = "windows")]
    public Text Protection { get; set; }

    /// <summary>Address argument of the ptrace call.</summary>
    [EqlField("Ext.ptrace.addr", OperatingSystems = "linux")]
    public long? PtraceAddress { get; set; }

    /// <summary>Number of the traced process.</summary>
    [EqlField("Ext.ptrace.child_pid", OperatingSystems = "linux")]
    public long? PtraceChildPid { get; set; }

    /// <summary>Data argument of the ptrace call.</summary>
    [EqlField("Ext.ptrace.data", OperatingSystems = "linux")]
    public long? PtraceData { get; set; }

    /// <summary>Request number of the ptrace call.</summary>
    [EqlField("Ext.ptrace.request", OperatingSystems = "linux")]
    public long? PtraceRequest { get; set; }

    /// <summary>Seconds from the creation of the program file to the start of the process; negative for a file from the future.</summary>
    [EqlField("Ext.relative_file_creation_time")]
    public double? RelativeFileCreationTime { get; set; }

    /// <summary>Seconds from the last renaming of the program file to the start of the process; negative for a file from the future.</summary>
    [EqlField("Ext.relative_file_name_modify_time")]
    public double? RelativeFileNameModifyTime { get; set; }

    /// <summary>Path of the script the process runs.</summary>
    [EqlField("Ext.script.path")]
    public Text ScriptPath { get; set; }

    /// <summary>Text of the script the process runs.</summary>
    [EqlField("Ext.script.content")]
    public Text ScriptContent { get; set; }

    /// <summary>Name of the session.</summary>
    [EqlField("Ext.session", OperatingSystems = "windows")]
    public Text Session { get; set; }

    /// <summary>Logon session of the process.</summary>
    [EqlField("Ext.session_info", OperatingSystems = "windows")]
    public SessionInfo SessionInfo { get; } = new();

    /// <summary>Access token of the process.</summary>
    [EqlField("Ext.token", OperatingSystems = "windows")]
    public TokenInfo Token { get; } = new();

    /// <summary>Whether the process is on the list of trusted programs.</summary>
    [EqlField("Ext.trusted")]
    public bool? Trusted { get; set; }

    /// <summary>Whether an ancestor is on the list of trusted programs.</summary>
    [EqlField("Ext.trusted_descendant")]
    public bool? TrustedDescendant { get; set; }

    /// <summary>Services the process hosts.</summary>
    [EqlField("Ext.services", OperatingSystems = "windows")]
    public TextList Services { get; } = new();

    /// <summary>Zone the program file was downloaded from: 3 is the Internet.</summary>
    [EqlField("Ext.windows.zone_identifier", OperatingSystems = "windows")]
    public long? ZoneIdentifier { get; set; }

    /// <summary>Says who knows signature, digests and headers of the file, so that they need not be asked for before somebody wants them.</summary>
    public void SetFileSource(IFileFacts facts) => _file = facts;

    /// <inheritdoc/>
    public void Clear()
    {
        _file = null;
        EntityId = default;
        Pid = null;
        Name = default;
        Executable = default;
        CommandLine = default;
        Args.Clear();
        ArgsCount = null;
        WorkingDirectory = default;
        Title = default;
        Start = default;
        End = default;
        ExitCode = null;
        Interactive = null;
        SameAsProcess = null;
        VirtualPid = null;
        EnvironmentVariables.Clear();
        OriginUrl = default;
        OriginReferrerUrl = default;
        _codeSignature.Clear();
        _hash.Clear();
        _pe.Clear();
        User.Clear();
        RealUser.Clear();
        SavedUser.Clear();
        AttestedUser.Clear();
        Group.Clear();
        RealGroup.Clear();
        SavedGroup.Clear();
        SupplementalGroups.Clear();
        AttestedGroups.Clear();
        TtyMajor = null;
        TtyMinor = null;
        TtyRows = null;
        TtyColumns = null;
        IoText = default;
        IoTotalBytesCaptured = null;
        IoTotalBytesSkipped = null;
        IoMaxBytesExceeded = null;
        EntryMetaType = default;
        EntryMetaSourceIp = default;
        AiAgentIsDescendant = null;
        AiAgentName = default;
        Previous.Clear();
        Parent = null;
        GroupLeader = null;
        SessionLeader = null;
        EntryLeader = null;
        Ancestry.Clear();
        Architecture = default;
        AuthenticationId = default;
        _codeSignatures.Clear();
        CreatedSuspended = null;
        DefenseEvasions.Clear();
        DesktopName = default;
        Device.Clear();
        EffectiveParent.Clear();
        Real.Clear();
        LoadModuleName = default;
        LoadModuleVersion = default;
        LoadModuleSourceVersion = default;
        LoadModuleTaints = null;
        LoadModuleTaintFlags = default;
        MemfdName = default;
        MemfdFlags = null;
        MemfdCloseOnExec = null;
        MemfdAllowSeal = null;
        MemfdHugeTlb = null;
        MemfdNoExecSeal = null;
        MemfdExec = null;
        MemoryRegion.Clear();
        MitigationPolicies.Clear();
        Protection = default;
        PtraceAddress = null;
        PtraceChildPid = null;
        PtraceData = null;
        PtraceRequest = null;
        RelativeFileCreationTime = null;
        RelativeFileNameModifyTime = null;
        ScriptPath = default;
        ScriptContent = default;
        Session = default;
        SessionInfo.Clear();
        Token.Clear();
        Trusted = null;
        TrustedDescendant = null;
        Services.Clear();
        ZoneIdentifier = null;
    }

    private void AskFile()
    {
        if (_file is not { } facts)
            return;
        _file = null;
        facts.Describe(this);
    }
}
