using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>What the sensor found out about an API or system call beyond its arguments.</summary>
public sealed class ApiMetadata : IClearable
{
    /// <summary>Name of the module or region the address belongs to; <c>Unbacked</c> for none.</summary>
    [EqlField("target_address_name")]
    public Text TargetAddressName { get; set; }

    /// <summary>Path of the module the address belongs to.</summary>
    [EqlField("target_address_path")]
    public Text TargetAddressPath { get; set; }

    /// <summary>What the call returned.</summary>
    [EqlField("return_value")]
    public long? ReturnValue { get; set; }

    /// <summary>Number of windows the process has.</summary>
    [EqlField("windows_count")]
    public long? WindowsCount { get; set; }

    /// <summary>Number of those that can be seen.</summary>
    [EqlField("visible_windows_count")]
    public long? VisibleWindowsCount { get; set; }

    /// <summary>Flags of the calling GUI thread.</summary>
    [EqlField("thread_info_flags")]
    public long? ThreadInfoFlags { get; set; }

    /// <summary>Module the calling thread began in.</summary>
    [EqlField("start_address_module")]
    public Text StartAddressModule { get; set; }

    /// <summary>Protection of the memory the calling thread began in.</summary>
    [EqlField("start_address_allocation_protection")]
    public Text StartAddressAllocationProtection { get; set; }

    /// <summary>Symbol of the procedure handed over.</summary>
    [EqlField("procedure_symbol")]
    public Text ProcedureSymbol { get; set; }

    /// <summary>Milliseconds since the key state was last asked for.</summary>
    [EqlField("ms_since_last_keyevent")]
    public long? MillisecondsSinceLastKeyEvent { get; set; }

    /// <summary>Calls for the key state, failed ones included, since the last that succeeded.</summary>
    [EqlField("background_callcount")]
    public long? BackgroundCallCount { get; set; }

    /// <summary>Security descriptor of the object.</summary>
    [EqlField("security_descriptor")]
    public Text SecurityDescriptor { get; set; }

    /// <summary>Machine the call came from.</summary>
    [EqlField("client_machine")]
    public Text ClientMachine { get; set; }

    /// <summary>Full name of the machine the call came from.</summary>
    [EqlField("client_machine_fqdn")]
    public Text ClientMachineFqdn { get; set; }

    /// <summary>Number of the process the call came from.</summary>
    [EqlField("client_process_id")]
    public long? ClientProcessId { get; set; }

    /// <summary>Whether the call came from this machine.</summary>
    [EqlField("client_is_local")]
    public bool? ClientIsLocal { get; set; }

    /// <summary>Files among what was scanned.</summary>
    [EqlField("amsi_filenames")]
    public TextList AmsiFileNames { get; } = new();

    /// <summary>What was scanned before on the same thread.</summary>
    [EqlField("amsi_logs.entries")]
    public TextList AmsiLogEntries { get; } = new();

    /// <summary>Kind of what was scanned before.</summary>
    [EqlField("amsi_logs.type")]
    public Text AmsiLogType { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        TargetAddressName = default;
        TargetAddressPath = default;
        ReturnValue = null;
        WindowsCount = null;
        VisibleWindowsCount = null;
        ThreadInfoFlags = null;
        StartAddressModule = default;
        StartAddressAllocationProtection = default;
        ProcedureSymbol = default;
        MillisecondsSinceLastKeyEvent = null;
        BackgroundCallCount = null;
        SecurityDescriptor = default;
        ClientMachine = default;
        ClientMachineFqdn = default;
        ClientProcessId = null;
        ClientIsLocal = null;
        AmsiFileNames.Clear();
        AmsiLogEntries.Clear();
        AmsiLogType = default;
    }
}
