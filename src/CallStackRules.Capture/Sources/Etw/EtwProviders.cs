using System.Runtime.CompilerServices;
using CallStackRules.Capture.Sources.Etw.Decoding;

namespace CallStackRules.Capture.Sources.Etw;

/// <summary>Which events are decoded, and which of them can have a stack that comes later.</summary>
/// <remarks>Sources: the MOF classes of "NT Kernel Logger", the manifests of the providers.</remarks>
internal static class EtwProviders
{
    private static readonly Guid Process = new("3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c");
    private static readonly Guid Thread = new("3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c");
    private static readonly Guid Image = new("2cb15d1d-5fc1-11d2-abe1-00a0c911f518");
    private static readonly Guid FileIO = new("90cbdc39-4a3e-11d1-84f4-0000f80464e3");
    private static readonly Guid PageFault = new("3d6fa8d3-fe05-11d0-9dda-00c04fd7ba7c");
    private static readonly Guid Registry = new("ae53722e-c863-11d2-8659-00c04fa321a1");
    private static readonly Guid TcpIp = new("9a280ac0-c8e0-11d1-84e2-00c04fb998a2");
    private static readonly Guid UdpIp = new("bf3a50c5-a9c9-4988-a005-2df0b7c80f80");
    private static readonly Guid StackWalk = new("def2fe46-7bd6-4b80-bd94-f57fe20d0ce3");
    private static readonly Guid VolumeMapping = new("9b79ee91-b5fd-41c0-a243-4248e266e9d0");
    private static readonly Guid KernelProcess = new("22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716");
    private static readonly Guid KernelFile = new("edd08927-9cc4-4e65-b970-c2560fb5c289");
    private static readonly Guid KernelRegistry = new("70eb4f03-c1de-4f73-a051-33d13d5413bd");
    private static readonly Guid KernelNetwork = new("7dd42a49-5329-4832-8dfd-43d979153a88");
    private static readonly Guid KernelEventTracing = new("b675ec37-bdb6-4648-bc92-f3fdc74d3ca2");
    private static readonly Guid AuditApiCalls = new("e02a841c-75a3-4fa7-afc8-ae09cf9b7f23");
    private static readonly Guid ThreatIntelligence = new("f4e1897c-bb5d-5668-f1d8-040f4d8dd344");
    private static readonly Guid Win32k = new("8c416c79-d49b-4f01-a467-e56d3aa8234c");
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
            0x3d6fa8d3 when provider == PageFault => OfMemory(e.Opcode),
            0x2cb15d1d when provider == Image => OfImage(e.Opcode),
            0x90cbdc39 when provider == FileIO => OfFileIO(e.Opcode),
            0xae53722e when provider == Registry => OfRegistry(e.Opcode),
            0x9a280ac0 when provider == TcpIp => OfConnection(e.Opcode),
            0xbf3a50c5 when provider == UdpIp => OfDatagram(e.Opcode),
            0xdef2fe46 when provider == StackWalk => OfStack(e.Opcode),
            0x9b79ee91 when provider == VolumeMapping => e.Opcode == 35 ? EtwKind.Volume : EtwKind.None,
            0x22fb2cd6 when provider == KernelProcess => OfKernelProcess(e.Id),
            0xedd08927 when provider == KernelFile => OfKernelFile(e.Id),
            0x70eb4f03 when provider == KernelRegistry => OfKernelRegistry(e.Id),
            0x7dd42a49 when provider == KernelNetwork => OfKernelNetwork(e.Id),
            0xb675ec37 when provider == KernelEventTracing => e.Id == 18 ? EtwKind.UserStack : EtwKind.None,
            0xe02a841c when provider == AuditApiCalls => AuditedCalls.IsDecoded(e.Id) ? EtwKind.AuditedCall : EtwKind.None,
            0xf4e1897c when provider == ThreatIntelligence => ThreatCalls.IsDecoded(e.Id) ? EtwKind.ThreatCall : EtwKind.None,
            0x8c416c79 when provider == Win32k => InputCalls.IsDecoded(e.Id) ? EtwKind.InputCall : EtwKind.None,
            0x1c95126e when provider == DnsClient => e.Id == 3008 ? EtwKind.Query : EtwKind.None,
            _ => EtwKind.None,
        };
    }

    /// <summary>Whether an event is the definition of a stack that others name by a key.</summary>
    public static bool DefinesStack(in RawEvent e) => e.Opcode is 35 or 36 && e.Provider == StackWalk;

    /// <summary>Whether the kernel writes the stack of such an event as an event of its own, where it is asked to. Events of manifests have theirs inside.</summary>
    public static bool CanHaveLaterStack(EtwKind kind, RawEventFlags flags) => (flags & RawEventFlags.Classic) != 0 && kind
        is EtwKind.ProcessStart or EtwKind.ThreadStart or EtwKind.ImageLoad or EtwKind.FileOpen or EtwKind.FileWrite or EtwKind.FileSetDelete or EtwKind.FileDelete
        or EtwKind.FileRename or EtwKind.RegistryCreate or EtwKind.RegistryDelete or EtwKind.RegistrySet or EtwKind.MemoryAllocate or EtwKind.MemoryFree;

    private static EtwKind OfProcess(byte opcode) => opcode switch
    {
        1 => EtwKind.ProcessStart,
        2 => EtwKind.ProcessEnd,
        3 or 4 => EtwKind.ProcessRundown,
        _ => EtwKind.None,
    };

    private static EtwKind OfThread(byte opcode) => opcode switch
    {
        1 => EtwKind.ThreadStart,
        3 or 4 => EtwKind.ThreadRundown,
        2 => EtwKind.ThreadEnd,
        _ => EtwKind.None,
    };

    private static EtwKind OfMemory(byte opcode) => opcode switch
    {
        98 => EtwKind.MemoryAllocate,
        99 => EtwKind.MemoryFree,
        _ => EtwKind.None,
    };

    private static EtwKind OfImage(byte opcode) => opcode switch
    {
        10 => EtwKind.ImageLoad,
        3 or 4 => EtwKind.ImageRundown,
        2 => EtwKind.ImageUnload,
        _ => EtwKind.None,
    };

    private static EtwKind OfFileIO(byte opcode) => opcode switch
    {
        0 or 32 or 36 => EtwKind.FileName,
        64 => EtwKind.FileOpen,
        68 => EtwKind.FileWrite,
        70 => EtwKind.FileSetDelete,
        71 => EtwKind.FileSetRename,
        79 => EtwKind.FileDelete,
        80 => EtwKind.FileRename,
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
        13 or 29 => EtwKind.Disconnect,
        _ => EtwKind.None,
    };

    private static EtwKind OfDatagram(byte opcode) => opcode switch
    {
        10 or 26 => EtwKind.DatagramSent,
        11 or 27 => EtwKind.DatagramReceived,
        _ => EtwKind.None,
    };

    private static EtwKind OfKernelNetwork(ushort id) => id switch
    {
        42 or 58 => EtwKind.DatagramSent,
        43 or 59 => EtwKind.DatagramReceived,
        > byte.MaxValue => EtwKind.None,
        _ => OfConnection((byte)id),
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
        3 => EtwKind.ManifestThreadStart,
        5 => EtwKind.ManifestImageLoad,
        6 => EtwKind.ManifestImageUnload,
        15 => EtwKind.ManifestProcessRundown,
        _ => EtwKind.None,
    };

    private static EtwKind OfKernelFile(ushort id) => id switch
    {
        10 => EtwKind.FileName,
        12 => EtwKind.FileOpen,
        16 => EtwKind.FileWrite,
        18 => EtwKind.FileSetDelete,
        19 or 29 => EtwKind.FileSetRename,
        26 => EtwKind.FileDelete,
        27 => EtwKind.FileRename,
        30 => EtwKind.FileCreate,
        _ => EtwKind.None,
    };

    private static EtwKind OfKernelRegistry(ushort id) => id switch
    {
        1 or 2 => EtwKind.ManifestRegistryOpen,
        3 => EtwKind.ManifestRegistryDelete,
        5 => EtwKind.ManifestRegistrySet,
        6 => EtwKind.ManifestRegistryDeleteValue,
        13 => EtwKind.ManifestRegistryClose,
        _ => EtwKind.None,
    };
}
