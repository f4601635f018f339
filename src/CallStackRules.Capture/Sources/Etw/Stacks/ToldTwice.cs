using System.Buffers.Binary;

namespace CallStackRules.Capture.Sources.Etw.Stacks;

/// <summary>Acts that two providers tell of, and what the two events about one act have in common.</summary>
internal static class ToldTwice
{
    /// <summary>Numbers of acts, 0 included, which is none.</summary>
    public const int Acts = 17;

    private const int ProcessStart = 1;
    private const int ThreadStart = 2;
    private const int ImageLoad = 3;
    private const int FirstOfFiles = 4;
    private const int FirstOfNetwork = 14;

    /// <summary>The act of an event; 0 for one that only one provider tells of.</summary>
    public static byte ActOf(in RawEvent e, EtwKind kind)
    {
        const ushort createKey = 1;
        const byte deleteValue = 15;
        return kind switch
        {
            EtwKind.ProcessStart or EtwKind.ManifestProcessStart => ProcessStart,
            EtwKind.ThreadStart or EtwKind.ManifestThreadStart => ThreadStart,
            EtwKind.ImageLoad or EtwKind.ManifestImageLoad => ImageLoad,
            EtwKind.FileOpen => FirstOfFiles,
            EtwKind.FileWrite => FirstOfFiles + 1,
            EtwKind.FileSetDelete => FirstOfFiles + 2,
            EtwKind.FileSetRename => FirstOfFiles + 3,
            EtwKind.FileDelete => FirstOfFiles + 4,
            EtwKind.FileRename => FirstOfFiles + 5,
            EtwKind.RegistryCreate => 10,
            EtwKind.ManifestRegistryOpen when e.Id == createKey => 10,
            EtwKind.RegistryDelete when e.Opcode == deleteValue => 12,
            EtwKind.RegistryDelete or EtwKind.ManifestRegistryDelete => 11,
            EtwKind.ManifestRegistryDeleteValue => 12,
            EtwKind.RegistrySet or EtwKind.ManifestRegistrySet => 13,
            EtwKind.Connect => FirstOfNetwork,
            EtwKind.Accept => FirstOfNetwork + 1,
            EtwKind.Disconnect => FirstOfNetwork + 2,
            _ => 0,
        };
    }

    /// <summary>The act that a list of what was there before the trace shows a provider to tell of; 0 for other events.</summary>
    public static byte ActOfList(EtwKind kind) => kind switch
    {
        EtwKind.ProcessRundown or EtwKind.ManifestProcessRundown => ProcessStart,
        EtwKind.ThreadRundown => ThreadStart,
        EtwKind.ImageRundown => ImageLoad,
        _ => 0,
    };

    /// <summary>What both events about one act have, and others at the same time have not: what starts or is loaded, the ends of a connection, or else the thread.</summary>
    public static ulong KeyOf(in RawEvent e, int act)
    {
        bool isClassic = (e.Flags & RawEventFlags.Classic) != 0;
        return act switch
        {
            ProcessStart => U32(e.Data, isClassic ? e.PointerSize : 0),
            ThreadStart => U32(e.Data, 4),
            ImageLoad => e.PointerSize == 8 ? U64(e.Data, 0) : U32(e.Data, 0),
            >= FirstOfNetwork => Connection(e.Data, (isClassic ? e.Opcode : e.Id) >= 26 ? 16 : 4),
            _ => (uint)e.ThreadId,
        };
    }

    /// <summary>FNV-1a of the process, both addresses and both ports.</summary>
    private static ulong Connection(ReadOnlySpan<byte> data, int addressLength)
    {
        const int addresses = 8;
        const ulong prime = 0x100_0000_01b3;
        ulong hash = 0xcbf2_9ce4_8422_2325 ^ U32(data, 0);
        foreach (byte part in data[Math.Min(addresses, data.Length)..Math.Min(addresses + (2 * (addressLength + 2)), data.Length)])
            hash = (hash ^ part) * prime;
        return hash;
    }

    private static uint U32(ReadOnlySpan<byte> data, int offset) => data.Length < offset + sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(data[offset..]);

    private static ulong U64(ReadOnlySpan<byte> data, int offset) => data.Length < offset + sizeof(ulong) ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(data[offset..]);
}
