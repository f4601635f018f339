using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>Arguments of an API or system call.</summary>
public sealed class ApiParameters : IClearable
{
    /// <summary>Memory address the call works on.</summary>
    [EqlField("address")]
    public long? Address { get; set; }

    /// <summary>Kind of memory allocation: <c>COMMIT</c>, <c>RESERVE</c>, or both joined by a bar.</summary>
    [EqlField("allocation_type")]
    public Text AllocationType { get; set; }

    /// <summary>Program that handed content to the scan interface.</summary>
    [EqlField("app_name")]
    public Text AppName { get; set; }

    /// <summary>First argument of the called procedure.</summary>
    [EqlField("argument1")]
    public long? Argument1 { get; set; }

    /// <summary>Second argument of the called procedure.</summary>
    [EqlField("argument2")]
    public long? Argument2 { get; set; }

    /// <summary>Third argument of the called procedure.</summary>
    [EqlField("argument3")]
    public long? Argument3 { get; set; }

    /// <summary>Attributes a directory search asks for.</summary>
    [EqlField("attribute_list")]
    public TextList AttributeList { get; } = new();

    /// <summary>Content handed to the scan interface.</summary>
    [EqlField("buffer")]
    public Text Buffer { get; set; }

    /// <summary>Definition of the WMI event consumer.</summary>
    [EqlField("consumer_details")]
    public Text ConsumerDetails { get; set; }

    /// <summary>Name of the WMI event consumer.</summary>
    [EqlField("consumer_name")]
    public Text ConsumerName { get; set; }

    /// <summary>Class of the WMI event consumer.</summary>
    [EqlField("consumer_type")]
    public Text ConsumerType { get; set; }

    /// <summary>Name, mostly a file name, of the content handed to the scan interface.</summary>
    [EqlField("content_name")]
    public Text ContentName { get; set; }

    /// <summary>Which registers a thread context holds.</summary>
    [EqlField("context_flags")]
    public long? ContextFlags { get; set; }

    /// <summary>Names of the rights asked for.</summary>
    [EqlField("desired_access")]
    public TextList DesiredAccess { get; } = new();

    /// <summary>The rights asked for, as a number.</summary>
    [EqlField("desired_access_numeric")]
    public long? DesiredAccessNumeric { get; set; }

    /// <summary>Name of the device object.</summary>
    [EqlField("device")]
    public Text Device { get; set; }

    /// <summary>Where in the directory a search begins.</summary>
    [EqlField("distinguished_name")]
    public Text DistinguishedName { get; set; }

    /// <summary>Definition of the WMI event filter.</summary>
    [EqlField("event_filter_details")]
    public Text EventFilterDetails { get; set; }

    /// <summary>Name of the WMI event filter.</summary>
    [EqlField("event_filter_name")]
    public Text EventFilterName { get; set; }

    /// <summary>How raw input is registered, as names.</summary>
    [EqlField("flags")]
    public Text Flags { get; set; }

    /// <summary>What is opened: <c>process</c> or <c>thread</c>.</summary>
    [EqlField("handle_type")]
    public Text HandleType { get; set; }

    /// <summary>Library that holds the hook procedure.</summary>
    [EqlField("hook_module")]
    public Text HookModule { get; set; }

    /// <summary>Kind of hook.</summary>
    [EqlField("hook_type")]
    public Text HookType { get; set; }

    /// <summary>Code of the request to the device.</summary>
    [EqlField("io_control_code")]
    public long? IoControlCode { get; set; }

    /// <summary>WMI name space.</summary>
    [EqlField("namespace")]
    public Text Namespace { get; set; }

    /// <summary>WMI operation.</summary>
    [EqlField("operation")]
    public Text Operation { get; set; }

    /// <summary>Address of the procedure.</summary>
    [EqlField("procedure")]
    public long? Procedure { get; set; }

    /// <summary>Memory protection asked for, as in <c>RWX</c>.</summary>
    [EqlField("protection")]
    public Text Protection { get; set; }

    /// <summary>Memory protection before the call.</summary>
    [EqlField("protection_old")]
    public Text ProtectionOld { get; set; }

    /// <summary>How deep a directory search goes.</summary>
    [EqlField("scope_of_search")]
    public Text ScopeOfSearch { get; set; }

    /// <summary>Filter of a directory search.</summary>
    [EqlField("search_filter")]
    public Text SearchFilter { get; set; }

    /// <summary>Size in bytes.</summary>
    [EqlField("size")]
    public long? Size { get; set; }

    /// <summary>Device class within the usage page of raw input.</summary>
    [EqlField("usage")]
    public Text Usage { get; set; }

    /// <summary>Usage page of raw input.</summary>
    [EqlField("usage_page")]
    public Text UsagePage { get; set; }

    /// <summary>Register R8 of the thread context.</summary>
    [EqlField("r8")]
    public long? R8 { get; set; }

    /// <summary>Register R9 of the thread context.</summary>
    [EqlField("r9")]
    public long? R9 { get; set; }

    /// <summary>Register RAX of the thread context.</summary>
    [EqlField("rax")]
    public long? Rax { get; set; }

    /// <summary>Register RBP of the thread context.</summary>
    [EqlField("rbp")]
    public long? Rbp { get; set; }

    /// <summary>Register RBX of the thread context.</summary>
    [EqlField("rbx")]
    public long? Rbx { get; set; }

    /// <summary>Register RCX of the thread context.</summary>
    [EqlField("rcx")]
    public long? Rcx { get; set; }

    /// <summary>Register RDI of the thread context.</summary>
    [EqlField("rdi")]
    public long? Rdi { get; set; }

    /// <summary>Register RDX of the thread context.</summary>
    [EqlField("rdx")]
    public long? Rdx { get; set; }

    /// <summary>Register RIP of the thread context.</summary>
    [EqlField("rip")]
    public long? Rip { get; set; }

    /// <summary>Register RSI of the thread context.</summary>
    [EqlField("rsi")]
    public long? Rsi { get; set; }

    /// <summary>Register RSP of the thread context.</summary>
    [EqlField("rsp")]
    public long? Rsp { get; set; }

    /// <summary>Register EAX of the thread context.</summary>
    [EqlField("eax")]
    public long? Eax { get; set; }

    /// <summary>Register EBP of the thread context.</summary>
    [EqlField("ebp")]
    public long? Ebp { get; set; }

    /// <summary>Register EBX of the thread context.</summary>
    [EqlField("ebx")]
    public long? Ebx { get; set; }

    /// <summary>Register ECX of the thread context.</summary>
    [EqlField("ecx")]
    public long? Ecx { get; set; }

    /// <summary>Register EDI of the thread context.</summary>
    [EqlField("edi")]
    public long? Edi { get; set; }

    /// <summary>Register EDX of the thread context.</summary>
    [EqlField("edx")]
    public long? Edx { get; set; }

    /// <summary>Register EIP of the thread context.</summary>
    [EqlField("eip")]
    public long? Eip { get; set; }

    /// <summary>Register ESI of the thread context.</summary>
    [EqlField("esi")]
    public long? Esi { get; set; }

    /// <summary>Register ESP of the thread context.</summary>
    [EqlField("esp")]
    public long? Esp { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Address = null;
        AllocationType = default;
        AppName = default;
        Argument1 = null;
        Argument2 = null;
        Argument3 = null;
        AttributeList.Clear();
        Buffer = default;
        ConsumerDetails = default;
        ConsumerName = default;
        ConsumerType = default;
        ContentName = default;
        ContextFlags = null;
        DesiredAccess.Clear();
        DesiredAccessNumeric = null;
        Device = default;
        DistinguishedName = default;
        EventFilterDetails = default;
        EventFilterName = default;
        Flags = default;
        HandleType = default;
        HookModule = default;
        HookType = default;
        IoControlCode = null;
        Namespace = default;
        Operation = default;
        Procedure = null;
        Protection = default;
        ProtectionOld = default;
        ScopeOfSearch = default;
        SearchFilter = default;
        Size = null;
        Usage = default;
        UsagePage = default;
        R8 = null;
        R9 = null;
        Rax = null;
        Rbp = null;
        Rbx = null;
        Rcx = null;
        Rdi = null;
        Rdx = null;
        Rip = null;
        Rsi = null;
        Rsp = null;
        Eax = null;
        Ebp = null;
        Ebx = null;
        Ecx = null;
        Edi = null;
        Edx = null;
        Eip = null;
        Esi = null;
        Esp = null;
    }
}
