using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>Named values of a record in the Windows event log, as text.</summary>
public sealed class WinlogEventData : IClearable
{
    /// <summary>Privileges that were switched on.</summary>
    [EqlField("EnabledPrivilegeList")]
    public TextList EnabledPrivilegeList { get; } = new();

    /// <summary>The record's value <c>SubjectUserSid</c>.</summary>
    [EqlField("SubjectUserSid")]
    public Text SubjectUserSid { get; set; }

    /// <summary>The record's value <c>SubjectUserName</c>.</summary>
    [EqlField("SubjectUserName")]
    public Text SubjectUserName { get; set; }

    /// <summary>The record's value <c>SubjectDomainName</c>.</summary>
    [EqlField("SubjectDomainName")]
    public Text SubjectDomainName { get; set; }

    /// <summary>The record's value <c>SubjectLogonId</c>.</summary>
    [EqlField("SubjectLogonId")]
    public Text SubjectLogonId { get; set; }

    /// <summary>The record's value <c>TargetUserSid</c>.</summary>
    [EqlField("TargetUserSid")]
    public Text TargetUserSid { get; set; }

    /// <summary>The record's value <c>TargetSid</c>.</summary>
    [EqlField("TargetSid")]
    public Text TargetSid { get; set; }

    /// <summary>The record's value <c>TargetUserName</c>.</summary>
    [EqlField("TargetUserName")]
    public Text TargetUserName { get; set; }

    /// <summary>The record's value <c>TargetDomainName</c>.</summary>
    [EqlField("TargetDomainName")]
    public Text TargetDomainName { get; set; }

    /// <summary>The record's value <c>TargetServerName</c>.</summary>
    [EqlField("TargetServerName")]
    public Text TargetServerName { get; set; }

    /// <summary>The record's value <c>TargetLogonId</c>.</summary>
    [EqlField("TargetLogonId")]
    public Text TargetLogonId { get; set; }

    /// <summary>The record's value <c>LogonType</c>.</summary>
    [EqlField("LogonType")]
    public Text LogonType { get; set; }

    /// <summary>The record's value <c>LogonProcessName</c>.</summary>
    [EqlField("LogonProcessName")]
    public Text LogonProcessName { get; set; }

    /// <summary>The record's value <c>AuthenticationPackageName</c>.</summary>
    [EqlField("AuthenticationPackageName")]
    public Text AuthenticationPackageName { get; set; }

    /// <summary>The record's value <c>ElevatedToken</c>.</summary>
    [EqlField("ElevatedToken")]
    public Text ElevatedToken { get; set; }

    /// <summary>The record's value <c>VirtualAccount</c>.</summary>
    [EqlField("VirtualAccount")]
    public Text VirtualAccount { get; set; }

    /// <summary>The record's value <c>WorkstationName</c>.</summary>
    [EqlField("WorkstationName")]
    public Text WorkstationName { get; set; }

    /// <summary>The record's value <c>Workstation</c>.</summary>
    [EqlField("Workstation")]
    public Text Workstation { get; set; }

    /// <summary>The record's value <c>IpAddress</c>.</summary>
    [EqlField("IpAddress")]
    public Text IpAddress { get; set; }

    /// <summary>The record's value <c>IpPort</c>.</summary>
    [EqlField("IpPort")]
    public Text IpPort { get; set; }

    /// <summary>The record's value <c>ProcessName</c>.</summary>
    [EqlField("ProcessName")]
    public Text ProcessName { get; set; }

    /// <summary>The record's value <c>ProcessId</c>.</summary>
    [EqlField("ProcessId")]
    public Text ProcessId { get; set; }

    /// <summary>The record's value <c>CallerProcessName</c>.</summary>
    [EqlField("CallerProcessName")]
    public Text CallerProcessName { get; set; }

    /// <summary>The record's value <c>NewProcessName</c>.</summary>
    [EqlField("NewProcessName")]
    public Text NewProcessName { get; set; }

    /// <summary>The record's value <c>ParentProcessName</c>.</summary>
    [EqlField("ParentProcessName")]
    public Text ParentProcessName { get; set; }

    /// <summary>The record's value <c>PrivilegeList</c>.</summary>
    [EqlField("PrivilegeList")]
    public Text PrivilegeList { get; set; }

    /// <summary>The record's value <c>ServiceName</c>.</summary>
    [EqlField("ServiceName")]
    public Text ServiceName { get; set; }

    /// <summary>The record's value <c>ServiceFileName</c>.</summary>
    [EqlField("ServiceFileName")]
    public Text ServiceFileName { get; set; }

    /// <summary>The record's value <c>ServiceType</c>.</summary>
    [EqlField("ServiceType")]
    public Text ServiceType { get; set; }

    /// <summary>The record's value <c>ServiceStartType</c>.</summary>
    [EqlField("ServiceStartType")]
    public Text ServiceStartType { get; set; }

    /// <summary>The record's value <c>ServiceAccount</c>.</summary>
    [EqlField("ServiceAccount")]
    public Text ServiceAccount { get; set; }

    /// <summary>The record's value <c>ServicePrincipalNames</c>.</summary>
    [EqlField("ServicePrincipalNames")]
    public Text ServicePrincipalNames { get; set; }

    /// <summary>The record's value <c>ClientProcessId</c>.</summary>
    [EqlField("ClientProcessId")]
    public Text ClientProcessId { get; set; }

    /// <summary>The record's value <c>ParentProcessId</c>.</summary>
    [EqlField("ParentProcessId")]
    public Text ParentProcessId { get; set; }

    /// <summary>The record's value <c>RpcCallClientLocality</c>.</summary>
    [EqlField("RpcCallClientLocality")]
    public Text RpcCallClientLocality { get; set; }

    /// <summary>The record's value <c>TaskName</c>.</summary>
    [EqlField("TaskName")]
    public Text TaskName { get; set; }

    /// <summary>The record's value <c>TaskContent</c>.</summary>
    [EqlField("TaskContent")]
    public Text TaskContent { get; set; }

    /// <summary>The record's value <c>ObjectServer</c>.</summary>
    [EqlField("ObjectServer")]
    public Text ObjectServer { get; set; }

    /// <summary>The record's value <c>ObjectName</c>.</summary>
    [EqlField("ObjectName")]
    public Text ObjectName { get; set; }

    /// <summary>The record's value <c>ObjectType</c>.</summary>
    [EqlField("ObjectType")]
    public Text ObjectType { get; set; }

    /// <summary>The record's value <c>ObjectDN</c>.</summary>
    [EqlField("ObjectDN")]
    public Text ObjectDN { get; set; }

    /// <summary>The record's value <c>ObjectClass</c>.</summary>
    [EqlField("ObjectClass")]
    public Text ObjectClass { get; set; }

    /// <summary>The record's value <c>OperationType</c>.</summary>
    [EqlField("OperationType")]
    public Text OperationType { get; set; }

    /// <summary>The record's value <c>Properties</c>.</summary>
    [EqlField("Properties")]
    public Text Properties { get; set; }

    /// <summary>The record's value <c>AdditionalInfo</c>.</summary>
    [EqlField("AdditionalInfo")]
    public Text AdditionalInfo { get; set; }

    /// <summary>The record's value <c>AccessMask</c>.</summary>
    [EqlField("AccessMask")]
    public Text AccessMask { get; set; }

    /// <summary>The record's value <c>AccessMaskDescription</c>.</summary>
    [EqlField("AccessMaskDescription")]
    public Text AccessMaskDescription { get; set; }

    /// <summary>The record's value <c>AccessList</c>.</summary>
    [EqlField("AccessList")]
    public Text AccessList { get; set; }

    /// <summary>The record's value <c>ShareName</c>.</summary>
    [EqlField("ShareName")]
    public Text ShareName { get; set; }

    /// <summary>The record's value <c>ShareLocalPath</c>.</summary>
    [EqlField("ShareLocalPath")]
    public Text ShareLocalPath { get; set; }

    /// <summary>The record's value <c>RelativeTargetName</c>.</summary>
    [EqlField("RelativeTargetName")]
    public Text RelativeTargetName { get; set; }

    /// <summary>The record's value <c>TicketEncryptionType</c>.</summary>
    [EqlField("TicketEncryptionType")]
    public Text TicketEncryptionType { get; set; }

    /// <summary>The record's value <c>TicketOptions</c>.</summary>
    [EqlField("TicketOptions")]
    public Text TicketOptions { get; set; }

    /// <summary>The record's value <c>PreAuthType</c>.</summary>
    [EqlField("PreAuthType")]
    public Text PreAuthType { get; set; }

    /// <summary>The record's value <c>Status</c>.</summary>
    [EqlField("Status")]
    public Text Status { get; set; }

    /// <summary>The record's value <c>SubStatus</c>.</summary>
    [EqlField("SubStatus")]
    public Text SubStatus { get; set; }

    /// <summary>The record's value <c>FailureReason</c>.</summary>
    [EqlField("FailureReason")]
    public Text FailureReason { get; set; }

    /// <summary>The record's value <c>AttributeLDAPDisplayName</c>.</summary>
    [EqlField("AttributeLDAPDisplayName")]
    public Text AttributeLDAPDisplayName { get; set; }

    /// <summary>The record's value <c>AttributeValue</c>.</summary>
    [EqlField("AttributeValue")]
    public Text AttributeValue { get; set; }

    /// <summary>The record's value <c>AttributeSyntaxOID</c>.</summary>
    [EqlField("AttributeSyntaxOID")]
    public Text AttributeSyntaxOID { get; set; }

    /// <summary>The record's value <c>AllowedToDelegateTo</c>.</summary>
    [EqlField("AllowedToDelegateTo")]
    public Text AllowedToDelegateTo { get; set; }

    /// <summary>The record's value <c>UserAccountControl</c>.</summary>
    [EqlField("UserAccountControl")]
    public Text UserAccountControl { get; set; }

    /// <summary>The record's value <c>NewUacValue</c>.</summary>
    [EqlField("NewUacValue")]
    public Text NewUacValue { get; set; }

    /// <summary>The record's value <c>OldUacValue</c>.</summary>
    [EqlField("OldUacValue")]
    public Text OldUacValue { get; set; }

    /// <summary>The record's value <c>MemberSid</c>.</summary>
    [EqlField("MemberSid")]
    public Text MemberSid { get; set; }

    /// <summary>The record's value <c>MemberName</c>.</summary>
    [EqlField("MemberName")]
    public Text MemberName { get; set; }

    /// <summary>The record's value <c>SamAccountName</c>.</summary>
    [EqlField("SamAccountName")]
    public Text SamAccountName { get; set; }

    /// <summary>The record's value <c>NewTargetUserName</c>.</summary>
    [EqlField("NewTargetUserName")]
    public Text NewTargetUserName { get; set; }

    /// <summary>The record's value <c>OldTargetUserName</c>.</summary>
    [EqlField("OldTargetUserName")]
    public Text OldTargetUserName { get; set; }

    /// <summary>The record's value <c>AuditPolicyChanges</c>.</summary>
    [EqlField("AuditPolicyChanges")]
    public Text AuditPolicyChanges { get; set; }

    /// <summary>The record's value <c>SubcategoryGuid</c>.</summary>
    [EqlField("SubcategoryGuid")]
    public Text SubcategoryGuid { get; set; }

    /// <summary>The record's value <c>KeyLength</c>.</summary>
    [EqlField("KeyLength")]
    public Text KeyLength { get; set; }

    /// <summary>The record's value <c>ImpersonationLevel</c>.</summary>
    [EqlField("ImpersonationLevel")]
    public Text ImpersonationLevel { get; set; }

    /// <summary>The record's value <c>IntegrityLevel</c>.</summary>
    [EqlField("IntegrityLevel")]
    public Text IntegrityLevel { get; set; }

    /// <summary>The record's value <c>CallTrace</c>.</summary>
    [EqlField("CallTrace")]
    public Text CallTrace { get; set; }

    /// <summary>The record's value <c>GrantedAccess</c>.</summary>
    [EqlField("GrantedAccess")]
    public Text GrantedAccess { get; set; }

    /// <summary>The record's value <c>SourceImage</c>.</summary>
    [EqlField("SourceImage")]
    public Text SourceImage { get; set; }

    /// <summary>The record's value <c>TargetImage</c>.</summary>
    [EqlField("TargetImage")]
    public Text TargetImage { get; set; }

    /// <summary>The record's value <c>TargetProcessId</c>.</summary>
    [EqlField("TargetProcessId")]
    public Text TargetProcessId { get; set; }

    /// <summary>The record's value <c>StartType</c>.</summary>
    [EqlField("StartType")]
    public Text StartType { get; set; }

    /// <summary>The record's value <c>ImagePath</c>.</summary>
    [EqlField("ImagePath")]
    public Text ImagePath { get; set; }

    /// <summary>The record's value <c>Company</c>.</summary>
    [EqlField("Company")]
    public Text Company { get; set; }

    /// <summary>The record's value <c>Description</c>.</summary>
    [EqlField("Description")]
    public Text Description { get; set; }

    /// <summary>The record's value <c>OriginalFileName</c>.</summary>
    [EqlField("OriginalFileName")]
    public Text OriginalFileName { get; set; }

    /// <summary>The record's value <c>Product</c>.</summary>
    [EqlField("Product")]
    public Text Product { get; set; }

    /// <summary>The record's value <c>ScriptBlockText</c>.</summary>
    [EqlField("ScriptBlockText")]
    public Text ScriptBlockText { get; set; }

    /// <summary>The record's value <c>ScriptBlockId</c>.</summary>
    [EqlField("ScriptBlockId")]
    public Text ScriptBlockId { get; set; }

    /// <summary>The record's value <c>Path</c>.</summary>
    [EqlField("Path")]
    public Text Path { get; set; }

    /// <summary>The record's value <c>MessageNumber</c>.</summary>
    [EqlField("MessageNumber")]
    public Text MessageNumber { get; set; }

    /// <summary>The record's value <c>MessageTotal</c>.</summary>
    [EqlField("MessageTotal")]
    public Text MessageTotal { get; set; }

    /// <summary>The record's value <c>EngineVersion</c>.</summary>
    [EqlField("EngineVersion")]
    public Text EngineVersion { get; set; }

    /// <summary>The record's value <c>HostApplication</c>.</summary>
    [EqlField("HostApplication")]
    public Text HostApplication { get; set; }

    /// <summary>The record's value <c>param1</c>.</summary>
    [EqlField("param1")]
    public Text Param1 { get; set; }

    /// <summary>The record's value <c>param2</c>.</summary>
    [EqlField("param2")]
    public Text Param2 { get; set; }

    /// <summary>The record's value <c>param3</c>.</summary>
    [EqlField("param3")]
    public Text Param3 { get; set; }

    /// <summary>The record's value <c>Operation</c>.</summary>
    [EqlField("Operation")]
    public Text Operation { get; set; }

    /// <summary>The record's value <c>Consumer</c>.</summary>
    [EqlField("Consumer")]
    public Text Consumer { get; set; }

    /// <summary>The record's value <c>Filter</c>.</summary>
    [EqlField("Filter")]
    public Text Filter { get; set; }

    /// <summary>The record's value <c>Query</c>.</summary>
    [EqlField("Query")]
    public Text Query { get; set; }

    /// <summary>The record's value <c>User</c>.</summary>
    [EqlField("User")]
    public Text User { get; set; }

    /// <summary>The record's value <c>Details</c>.</summary>
    [EqlField("Details")]
    public Text Details { get; set; }

    /// <summary>The record's value <c>TargetObject</c>.</summary>
    [EqlField("TargetObject")]
    public Text TargetObject { get; set; }

    /// <summary>The record's value <c>EventType</c>.</summary>
    [EqlField("EventType")]
    public Text EventType { get; set; }

    /// <summary>The record's value <c>RemoteMachineID</c>.</summary>
    [EqlField("RemoteMachineID")]
    public Text RemoteMachineID { get; set; }

    /// <summary>The record's value <c>RemoteUserID</c>.</summary>
    [EqlField("RemoteUserID")]
    public Text RemoteUserID { get; set; }

    /// <summary>The record's value <c>Signature</c>.</summary>
    [EqlField("Signature")]
    public Text Signature { get; set; }

    /// <summary>The record's value <c>Hashes</c>.</summary>
    [EqlField("Hashes")]
    public Text Hashes { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        EnabledPrivilegeList.Clear();
        SubjectUserSid = default;
        SubjectUserName = default;
        SubjectDomainName = default;
        SubjectLogonId = default;
        TargetUserSid = default;
        TargetSid = default;
        TargetUserName = default;
        TargetDomainName = default;
        TargetServerName = default;
        TargetLogonId = default;
        LogonType = default;
        LogonProcessName = default;
        AuthenticationPackageName = default;
        ElevatedToken = default;
        VirtualAccount = default;
        WorkstationName = default;
        Workstation = default;
        IpAddress = default;
        IpPort = default;
        ProcessName = default;
        ProcessId = default;
        CallerProcessName = default;
        NewProcessName = default;
        ParentProcessName = default;
        PrivilegeList = default;
        ServiceName = default;
        ServiceFileName = default;
        ServiceType = default;
        ServiceStartType = default;
        ServiceAccount = default;
        ServicePrincipalNames = default;
        ClientProcessId = default;
        ParentProcessId = default;
        RpcCallClientLocality = default;
        TaskName = default;
        TaskContent = default;
        ObjectServer = default;
        ObjectName = default;
        ObjectType = default;
        ObjectDN = default;
        ObjectClass = default;
        OperationType = default;
        Properties = default;
        AdditionalInfo = default;
        AccessMask = default;
        AccessMaskDescription = default;
        AccessList = default;
        ShareName = default;
        ShareLocalPath = default;
        RelativeTargetName = default;
        TicketEncryptionType = default;
        TicketOptions = default;
        PreAuthType = default;
        Status = default;
        SubStatus = default;
        FailureReason = default;
        AttributeLDAPDisplayName = default;
        AttributeValue = default;
        AttributeSyntaxOID = default;
        AllowedToDelegateTo = default;
        UserAccountControl = default;
        NewUacValue = default;
        OldUacValue = default;
        MemberSid = default;
        MemberName = default;
        SamAccountName = default;
        NewTargetUserName = default;
        OldTargetUserName = default;
        AuditPolicyChanges = default;
        SubcategoryGuid = default;
        KeyLength = default;
        ImpersonationLevel = default;
        IntegrityLevel = default;
        CallTrace = default;
        GrantedAccess = default;
        SourceImage = default;
        TargetImage = default;
        TargetProcessId = default;
        StartType = default;
        ImagePath = default;
        Company = default;
        Description = default;
        OriginalFileName = default;
        Product = default;
        ScriptBlockText = default;
        ScriptBlockId = default;
        Path = default;
        MessageNumber = default;
        MessageTotal = default;
        EngineVersion = default;
        HostApplication = default;
        Param1 = default;
        Param2 = default;
        Param3 = default;
        Operation = default;
        Consumer = default;
        Filter = default;
        Query = default;
        User = default;
        Details = default;
        TargetObject = default;
        EventType = default;
        RemoteMachineID = default;
        RemoteUserID = default;
        Signature = default;
        Hashes = default;
    }
}
