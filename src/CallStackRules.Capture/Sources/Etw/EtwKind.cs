namespace CallStackRules.Capture.Sources.Etw;

/// <summary>What an event of ETW is to the decoder.</summary>
internal enum EtwKind : byte
{
    /// <summary>Nothing that is decoded.</summary>
    None,
    /// <summary>A drive letter of a device.</summary>
    Volume,
    /// <summary>A process begins.</summary>
    ProcessStart,
    /// <summary>A process that was there before the trace, or still is at its end.</summary>
    ProcessRundown,
    /// <summary>A process ends.</summary>
    ProcessEnd,
    /// <summary>A thread begins.</summary>
    ThreadStart,
    /// <summary>A thread that was there before the trace, or still is at its end.</summary>
    ThreadRundown,
    /// <summary>A thread ends.</summary>
    ThreadEnd,
    /// <summary>An image is mapped.</summary>
    ImageLoad,
    /// <summary>An image that was mapped before the trace, or still is at its end.</summary>
    ImageRundown,
    /// <summary>An image is unmapped.</summary>
    ImageUnload,
    /// <summary>A process begins, told by Microsoft-Windows-Kernel-Process.</summary>
    ManifestProcessStart,
    /// <summary>A process ends, told by Microsoft-Windows-Kernel-Process.</summary>
    ManifestProcessEnd,
    /// <summary>An image is mapped, told by Microsoft-Windows-Kernel-Process.</summary>
    ManifestImageLoad,
    /// <summary>An image is unmapped, told by Microsoft-Windows-Kernel-Process.</summary>
    ManifestImageUnload,
    /// <summary>A process that was there before the session, told by Microsoft-Windows-Kernel-Process.</summary>
    ManifestProcessRundown,
    /// <summary>A thread begins, told by Microsoft-Windows-Kernel-Process.</summary>
    ManifestThreadStart,
    /// <summary>A file is opened, or shall be made.</summary>
    FileOpen,
    /// <summary>A file was made.</summary>
    FileCreate,
    /// <summary>A file is written to.</summary>
    FileWrite,
    /// <summary>A file is deleted that only its number names.</summary>
    FileSetDelete,
    /// <summary>A file is deleted.</summary>
    FileDelete,
    /// <summary>A file that only its number names gets another path.</summary>
    FileSetRename,
    /// <summary>A file gets another path.</summary>
    FileRename,
    /// <summary>The path of a file's number.</summary>
    FileName,
    /// <summary>A registry key is made.</summary>
    RegistryCreate,
    /// <summary>A registry key or value is deleted.</summary>
    RegistryDelete,
    /// <summary>A registry value is set.</summary>
    RegistrySet,
    /// <summary>The path of a registry key's control block.</summary>
    RegistryName,
    /// <summary>The control block of a registry key is given up.</summary>
    RegistryNameEnd,
    /// <summary>A registry key is made or opened, told by Microsoft-Windows-Kernel-Registry.</summary>
    ManifestRegistryOpen,
    /// <summary>A registry key is deleted, told by Microsoft-Windows-Kernel-Registry.</summary>
    ManifestRegistryDelete,
    /// <summary>A registry value is set, told by Microsoft-Windows-Kernel-Registry.</summary>
    ManifestRegistrySet,
    /// <summary>A registry value is deleted, told by Microsoft-Windows-Kernel-Registry.</summary>
    ManifestRegistryDeleteValue,
    /// <summary>A registry key is closed, told by Microsoft-Windows-Kernel-Registry.</summary>
    ManifestRegistryClose,
    /// <summary>A connection is made.</summary>
    Connect,
    /// <summary>A connection is taken.</summary>
    Accept,
    /// <summary>A connection is closed.</summary>
    Disconnect,
    /// <summary>A datagram is sent.</summary>
    DatagramSent,
    /// <summary>A datagram is received.</summary>
    DatagramReceived,
    /// <summary>A name was looked up.</summary>
    Query,
    /// <summary>Memory is taken or its use changed.</summary>
    MemoryAllocate,
    /// <summary>Memory is given back.</summary>
    MemoryFree,
    /// <summary>A call that Microsoft-Windows-Kernel-Audit-API-Calls tells of.</summary>
    AuditedCall,
    /// <summary>A call that Microsoft-Windows-Threat-Intelligence tells of.</summary>
    ThreatCall,
    /// <summary>A call that gets at what is typed, told by Microsoft-Windows-Win32k.</summary>
    InputCall,
    /// <summary>The stack of an event that happened before, or a half of it.</summary>
    Stack,
    /// <summary>The key of such a stack.</summary>
    StackKey,
    /// <summary>The user's half of a stack whose other half was inside its event.</summary>
    UserStack,
}
