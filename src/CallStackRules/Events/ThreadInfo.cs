using CallStackRules.CallStacks;
using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>A thread and the call stack it had when the event happened.</summary>
/// <remarks>
/// What can be told from the stack is worked out when it is first read, unless the source has said it: the summary, whether there is unbacked code, and
/// the final user module.
/// </remarks>
/// <param name="buffer">The event's buffer, for the texts that are worked out.</param>
public sealed class ThreadInfo(TextBuffer buffer) : IClearable
{
    private EventPart<MemoryRegion> _startAddressDetails = new(new());
    private EventPart<TokenInfo> _token = new(new());
    private EventPart<CallStackModule> _finalHookModule = new(new());
    private EventPart<CallStackModule> _finalUserModule = new(new());
    private Text _summary;
    private bool? _containsUnbacked;

    /// <summary>Thread number.</summary>
    [EqlField("id")]
    public long? Id { get; set; }

    /// <summary>Name of the thread.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>Address the thread began at.</summary>
    [EqlField("Ext.start_address", OperatingSystems = "windows")]
    public long? StartAddress { get; set; }

    /// <summary>Module the thread began in; <c>Unbacked</c> for none.</summary>
    [EqlField("Ext.start_address_module", OperatingSystems = "windows")]
    public Text StartAddressModule { get; set; }

    /// <summary>Offset of the start address in its allocation.</summary>
    [EqlField("Ext.start_address_allocation_offset", OperatingSystems = "windows")]
    public long? StartAddressAllocationOffset { get; set; }

    /// <summary>Bytes at the start address, hexadecimal.</summary>
    [EqlField("Ext.start_address_bytes", OperatingSystems = "windows")]
    public Text StartAddressBytes { get; set; }

    /// <summary>Those bytes as instructions.</summary>
    [EqlField("Ext.start_address_bytes_disasm", OperatingSystems = "windows")]
    public Text StartAddressBytesDisassembly { get; set; }

    /// <summary>Digest of the instructions without their addresses.</summary>
    [EqlField("Ext.start_address_bytes_disasm_hash", OperatingSystems = "windows")]
    public Text StartAddressBytesDisassemblyHash { get; set; }

    /// <summary>Memory the thread began in.</summary>
    [EqlField("Ext.start_address_details", OperatingSystems = "windows")]
    public MemoryRegion StartAddressDetails => _startAddressDetails.Value;

    /// <summary>Start address before it was changed.</summary>
    [EqlField("Ext.original_start_address", OperatingSystems = "windows")]
    public long? OriginalStartAddress { get; set; }

    /// <summary>Module of the start address before it was changed.</summary>
    [EqlField("Ext.original_start_address_module", OperatingSystems = "windows")]
    public Text OriginalStartAddressModule { get; set; }

    /// <summary>Argument the thread was started with.</summary>
    [EqlField("Ext.parameter", OperatingSystems = "windows")]
    public long? Parameter { get; set; }

    /// <summary>Whether the thread runs with a hardware breakpoint set.</summary>
    [EqlField("Ext.hardware_breakpoint_set", OperatingSystems = "windows")]
    public bool? HardwareBreakpointSet { get; set; }

    /// <summary>Service the thread works for.</summary>
    [EqlField("Ext.service", OperatingSystems = "windows")]
    public Text Service { get; set; }

    /// <summary>Seconds since the thread began.</summary>
    [EqlField("Ext.uptime", OperatingSystems = "windows")]
    public long? Uptime { get; set; }

    /// <summary>Token the thread acts with.</summary>
    [EqlField("Ext.token", OperatingSystems = "windows")]
    public TokenInfo Token => _token.Value;

    /// <summary>The call stack, the innermost frame first.</summary>
    [EqlField("Ext.call_stack")]
    public CallStack CallStack { get; } = new(buffer);

    /// <summary>
    /// Lower-case file names of the modules on the stack, the innermost first, joined by <c>|</c>; neighbours that repeat are written once, and code that
    /// belongs to no file is <c>Unbacked</c>.
    /// </summary>
    [EqlField("Ext.call_stack_summary")]
    public Text CallStackSummary
    {
        get => _summary.IsMissing ? CallStack.Summary : _summary;
        set => _summary = value;
    }

    /// <summary>Whether a frame lies in executable memory that belongs to no file.</summary>
    [EqlField("Ext.call_stack_contains_unbacked")]
    public bool? CallStackContainsUnbacked
    {
        get => _containsUnbacked ?? CallStack.ContainsUnbacked;
        set => _containsUnbacked = value;
    }

    /// <summary>The module that is answerable for the event: that of the innermost frame outside the platform's own runtime modules.</summary>
    [EqlField("Ext.call_stack_final_user_module")]
    public CallStackModule FinalUserModule
    {
        get
        {
            CallStackModule module = _finalUserModule.Value;
            if (module.IsMissing)
                CallStack.DescribeFinalUserModule(module);
            return module;
        }
    }

    /// <summary>The module that hooked a function on the way of the call.</summary>
    [EqlField("Ext.call_stack_final_hook_module", OperatingSystems = "windows")]
    public CallStackModule FinalHookModule => _finalHookModule.Value;

    /// <inheritdoc/>
    public void Clear()
    {
        Id = null;
        Name = default;
        StartAddress = null;
        StartAddressModule = default;
        StartAddressAllocationOffset = null;
        StartAddressBytes = default;
        StartAddressBytesDisassembly = default;
        StartAddressBytesDisassemblyHash = default;
        _startAddressDetails.Clear();
        OriginalStartAddress = null;
        OriginalStartAddressModule = default;
        Parameter = null;
        HardwareBreakpointSet = null;
        Service = default;
        Uptime = null;
        _token.Clear();
        CallStack.Clear();
        _summary = default;
        _containsUnbacked = null;
        _finalUserModule.Clear();
        _finalHookModule.Clear();
    }
}
