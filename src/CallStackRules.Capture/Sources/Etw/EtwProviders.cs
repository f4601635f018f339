using System.Runtime.CompilerServices;

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
    /// <summary>A thread begins, was there before, or still is.</summary>
    ThreadStart,
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
    /// <summary>A file is opened.</summary>
    FileOpen,
    /// <summary>A file is made.</summary>
    FileCreate,
    /// <summary>A file is deleted.</summary>
    FileDelete,
    /// <summary>A file gets another path.</summary>
    FileRename,
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
    /// <summary>A connection is made.</summary>
    Connect,
    /// <summary>A connection is taken.</summary>
    Accept,
    /// <summary>A name was looked up.</summary>
    Query,
    /// <summary>A process is opened by another.</summary>
    OpenProcess,
    /// <summary>The stack of an event that happened before, or a half of it.</summary>
    Stack,
    /// <summary>The key of such a stack.</summary>
    StackKey,
    /// <summary>The user's half of a stack whose other half was inside its event.</summary>
    UserStack,
}

/// <summary>Which events are decoded, and which of them can have a stack that comes later.</summary>
/// <remarks>Sources: the MOF classes of "NT Kernel Logger", the manifests of the providers.</remarks>
internal static class EtwProviders
{
    private static readonly Guid Process = new("3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c");
    private static readonly Guid Thread = new("3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c");
    private static readonly Guid Image = new("2cb15d1d-5fc1-11d2-abe1-00a0c911f518");
    private static readonly Guid Registry = new("ae53722e-c863-11d2-8659-00c04fa321a1");
    private static readonly Guid TcpIp = new("9a280ac0-c8e0-11d1-84e2-00c04fb998a2");
    private static readonly Guid StackWalk = new("def2fe46-7bd6-4b80-bd94-f57fe20d0ce3");
    private static readonly Guid VolumeMapping = new("9b79ee91-b5fd-41c0-a243-4248e266e9d0");
    private static readonly Guid KernelProcess = new("22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716");
    private static readonly Guid KernelFile = new("edd08927-9cc4-4e65-b970-c2560fb5c289");
    private static readonly Guid KernelEventTracing = new("b675ec37-bdb6-4648-bc92-f3fdc74d3ca2");
    private static readonly Guid AuditApiCalls = new("e02a841c-75a3-4fa7-afc8-ae09cf9b7f23");
    private static readonly Guid DnsClient = new("1c95126e-7eea-49a9-a3fe-a378b03ddb4d");

    /// <summary>What an event is. Most events of a trace are nothing that is decoded, so this is the fast way out.</summary>
    public static EtwKind KindOf(in RawEvent e)
    {
        // The first four bytes tell providers apart; the rest is compared only then.
        Guid provider = e.Provider;
        return Unsafe.As<Guid, uint>(ref provider) switch
        {
            0x3d6fa8d0 when provider == Process => OfProcess(e.Opcode),
            0x3d6fa8d1 when provider == Thread => OfThread(e.Opcode),
            0x2cb15d1d when provider == Image => OfImage(e.Opcode),
            0xae53722e when provider == Registry => OfRegistry(e.Opcode),
            0x9a280ac0 when provider == TcpIp => OfConnection(e.Opcode),
            0xdef2fe46 when provider == StackWalk => OfStack(e.Opcode),
            0x9b79ee91 when provider == VolumeMapping => e.Opcode == 35 ? EtwKind.Volume : EtwKind.None,
            0x22fb2cd6 when provider == KernelProcess => OfKernelProcess(e.Id),
            0xedd08927 when provider == KernelFile => OfKernelFile(e.Id),
            0xb675ec37 when provider == KernelEventTracing => e.Id == 18 ? EtwKind.UserStack : EtwKind.None,
            0xe02a841c when provider == AuditApiCalls => e.Id == 5 ? EtwKind.OpenProcess : EtwKind.None,
            0x1c95126e when provider == DnsClient => e.Id == 3008 ? EtwKind.Query : EtwKind.None,
            _ => EtwKind.None,
        };
    }

    /// <summary>Whether an event is the definition of a stack that others name by a key.</summary>
    public static bool DefinesStack(in RawEvent e) => e.Opcode is 35 or 36 && e.Provider == StackWalk;

    /// <summary>Whether the kernel writes the stack of such an event as an event of its own, where it is asked to.</summary>
    public static bool CanHaveLaterStack(EtwKind kind) => kind
        is EtwKind.ProcessStart or EtwKind.ImageLoad or EtwKind.RegistryCreate or EtwKind.RegistryDelete or EtwKind.RegistrySet;

    private static EtwKind OfProcess(byte opcode) => opcode switch
    {
        1 => EtwKind.ProcessStart,
        2 => EtwKind.ProcessEnd,
        3 or 4 => EtwKind.ProcessRundown,
        _ => EtwKind.None,
    };

    private static EtwKind OfThread(byte opcode) => opcode switch
    {
        1 or 3 or 4 => EtwKind.ThreadStart,
        2 => EtwKind.ThreadEnd,
        _ => EtwKind.None,
    };

    private static EtwKind OfImage(byte opcode) => opcode switch
    {
        10 => EtwKind.ImageLoad,
        3 or 4 => EtwKind.ImageRundown,
        2 => EtwKind.ImageUnload,
        _ => EtwKind.None,
    };

    private static EtwKind OfRegistry(byte opcode) => opcode switch
    {
        10 => EtwKind.RegistryCreate,
        12 or 15 => EtwKind.RegistryDelete,
        14 => EtwKind.RegistrySet,
        22 or 24 or 25 => EtwKind.RegistryName,
        23 => EtwKind.RegistryNameEnd,
        _ => EtwKind.None,
    };

    private static EtwKind OfConnection(byte opcode) => opcode switch
    {
        12 or 28 => EtwKind.Connect,
        15 or 31 => EtwKind.Accept,
        _ => EtwKind.None,
    };

    private static EtwKind OfStack(byte opcode) => opcode switch
    {
        32 => EtwKind.Stack,
        37 or 38 => EtwKind.StackKey,
        _ => EtwKind.None,
    };

    private static EtwKind OfKernelProcess(ushort id) => id switch
    {
        1 => EtwKind.ManifestProcessStart,
        2 => EtwKind.ManifestProcessEnd,
        5 => EtwKind.ManifestImageLoad,
        6 => EtwKind.ManifestImageUnload,
        _ => EtwKind.None,
    };

    private static EtwKind OfKernelFile(ushort id) => id switch
    {
        12 => EtwKind.FileOpen,
        30 => EtwKind.FileCreate,
        26 => EtwKind.FileDelete,
        27 => EtwKind.FileRename,
        _ => EtwKind.None,
    };
}
