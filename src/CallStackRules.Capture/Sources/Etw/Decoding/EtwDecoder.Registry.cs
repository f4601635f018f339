using CallStackRules.Capture.Sources.Etw.Stacks;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <content>The registry.</content>
internal sealed partial class EtwDecoder
{
    private const string Failed = "operation failed";

    /// <summary>What tools call the value of a key that has no name.</summary>
    private const string UnnamedValue = "(Default)";

    private readonly RegistryKeys _keys = new(statistics);
    private readonly RegistryKeys _openKeys = new(statistics);
    private readonly RegistryAct[] _acts = RegistryAct.MakeSlots();

    /// <summary>
    /// Classic, Registry_TypeGroup1, from version 2: i64 begin, u32 status, u32 index, pointer key's control block, path below it or name of the
    /// value.
    /// </summary>
    private string? DecodeRegistry(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        const byte deleteValue = 15;
        if (raw.Version < 2)
            return "registry event of an old layout";
        payload.Skip(8);
        uint status = payload.U32();
        payload.Skip(4);
        ulong block = payload.Pointer();
        ReadOnlySpan<char> name = payload.Text();
        if (payload.IsDamaged)
            return Model;
        switch (kind)
        {
            case EtwKind.RegistryName:
                _keys.Add(block, name);
                return Model;
            case EtwKind.RegistryNameEnd:
                _keys.Remove(block);
                return Model;
        }
        if (status != 0)
            return Failed;
        if (!FillActor(raw, time, e))
            return NoProcess;
        bool namesValue = kind == EtwKind.RegistrySet || raw.Opcode == deleteValue;
        return WriteAct(raw, _keys.Resolve(block, namesValue && name.IsEmpty ? UnnamedValue : name, e.Buffer), namesValue, kind, e);
    }

    /// <summary>
    /// Microsoft-Windows-Kernel-Registry 1 and 2: pointer to the key it is below, pointer to the key, u32 status, u32 disposition, path of the key it
    /// is below, which is mostly empty, path below it.
    /// </summary>
    private string? DecodeManifestRegistryOpen(in RawEvent raw, ref PayloadReader payload, long time, EndpointEvent e)
    {
        const uint createdNewKey = 1;
        const ushort createKey = 1;
        ulong above = payload.Pointer();
        ulong key = payload.Pointer();
        uint status = payload.U32();
        uint disposition = payload.U32();
        ReadOnlySpan<char> pathAbove = payload.Text();
        ReadOnlySpan<char> name = payload.Text();
        if (payload.IsDamaged)
            return Model;
        if (status != 0)
            return Failed;
        if (above != 0 && !pathAbove.IsEmpty)
            _openKeys.Add(above, pathAbove);
        Text path = _openKeys.Resolve(name.StartsWith('\\') ? 0 : above, name, e.Buffer);
        _openKeys.Add(key, path.Span);
        bool isNew = disposition == createdNewKey;
        if (_telling == Telling.Besides)
        {
            RegistryAct.Of(_acts, raw.ThreadId).Begin(raw.ThreadId, path.Span, isOpened: !isNew);
            return ToldBesides;
        }
        if (raw.Id != createKey || !isNew)
            return Model;
        return FillActor(raw, time, e) ? WriteAct(raw, path, namesValue: false, EtwKind.RegistryCreate, e) : NoProcess;
    }

    /// <summary>
    /// Microsoft-Windows-Kernel-Registry, pointer to the key and u32 status first. 3 and 13: path of the key. 6: path of the key, name of the value.
    /// 5: u32 type, u32 size, path of the key, name of the value, u16 bytes that were kept of the data, and these. The path of the key is mostly
    /// empty.
    /// </summary>
    private string? DecodeManifestRegistry(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        ulong key = payload.Pointer();
        uint status = payload.U32();
        uint type = 0;
        if (kind == EtwKind.ManifestRegistrySet)
        {
            type = payload.U32();
            payload.Skip(4);
        }
        ReadOnlySpan<char> path = payload.Text();
        bool namesValue = kind is EtwKind.ManifestRegistrySet or EtwKind.ManifestRegistryDeleteValue;
        ReadOnlySpan<char> name = namesValue ? payload.Text() : default;
        ReadOnlySpan<byte> data = kind == EtwKind.ManifestRegistrySet ? payload.Take(payload.U16()) : default;
        if (payload.IsDamaged)
            return Model;
        if (kind == EtwKind.ManifestRegistryClose)
        {
            _openKeys.Remove(key);
            return Model;
        }
        if (status != 0)
            return Failed;
        if (!FillActor(raw, time, e))
            return NoProcess;
        if (!path.IsEmpty)
            _openKeys.Add(key, path);
        Text target = _openKeys.Resolve(key, namesValue && name.IsEmpty ? UnnamedValue : name, e.Buffer);
        EtwKind act = kind == EtwKind.ManifestRegistrySet ? EtwKind.RegistrySet : EtwKind.RegistryDelete;
        string? reason = WriteAct(raw, target, namesValue, act, e);
        if (kind == EtwKind.ManifestRegistrySet && reason is null)
            RegistryData.Write(type, data, e);
        else if (kind == EtwKind.ManifestRegistrySet && reason == ToldBesides)
            RegistryAct.Of(_acts, raw.ThreadId).AddData(type, data);
        return reason;
    }

    /// <summary>Writes what happened, with what a first event about it has told.</summary>
    private string? WriteAct(in RawEvent raw, Text path, bool namesValue, EtwKind kind, EndpointEvent e)
    {
        RegistryAct told = RegistryAct.Of(_acts, raw.ThreadId);
        if (_telling == Telling.Besides)
        {
            told.Begin(raw.ThreadId, path.Span);
            return ToldBesides;
        }
        bool hasFirst = _telling == Telling.Second && told.TryEnd(raw.ThreadId);
        if (hasFirst && kind == EtwKind.RegistryCreate && told.IsOpened)
            return "key that was there";
        if (hasFirst && !RegistryKeys.HasHive(path.Span) && RegistryKeys.HasHive(told.Path))
            path = e.Buffer.Add(told.Path);
        WriteRegistry(path, namesValue, kind, e);
        if (hasFirst && told.HasData)
            RegistryData.Write(told.Type, told.Data, e);
        return null;
    }

    private static void WriteRegistry(Text target, bool namesValue, EtwKind kind, EndpointEvent e)
    {
        (string type, string action) = kind switch
        {
            EtwKind.RegistryCreate => ("creation", "creation"),
            EtwKind.RegistryDelete => ("deletion", "deletion"),
            _ => ("change", "modification"),
        };
        Classify(e, "registry", type, action);
        RegistryPath path = RegistryPath.Split(target, namesValue, e.Buffer);
        e.Registry.Path = path.Path;
        e.Registry.Hive = path.Hive;
        e.Registry.Key = path.Key;
        e.Registry.Value = path.Value;
    }
}
