using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <content>Files and the registry.</content>
internal sealed partial class EtwDecoder
{
    /// <summary>
    /// Microsoft-Windows-Kernel-File 12 and 30. Version 0: pointers to request, thread and file; version 1: pointers to request and file, u32 thread. Then u32 options, u32
    /// attributes, u32 sharing, path.
    /// </summary>
    private string? DecodeFileOpen(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        const uint directory = 1;
        payload.SkipPointers(raw.Version == 0 ? 3 : 2);
        if (raw.Version > 0)
            payload.Skip(4);
        uint options = payload.U32();
        payload.Skip(8);
        Text path = _paths.Resolve(payload.Text(), e.Buffer);
        if (payload.IsDamaged || path.IsMissing || !FillActor(raw, time, e))
            return "file without a path or process";
        bool isCreated = kind == EtwKind.FileCreate;
        // A request to open: whether it came true is not told.
        if (!isCreated)
            e.Event.Outcome = default;
        WriteFile(path, e, isCreated ? "creation" : "access", isCreated ? "creation" : "open");
        if ((options & directory) != 0)
            e.File.Type = "dir";
        return null;
    }

    /// <summary>
    /// Microsoft-Windows-Kernel-File 26 and 27. Version 0: pointers to request, thread, file, key and further information, u32 class of it, path. Version 1: without the thread,
    /// which is u32 behind the pointers.
    /// </summary>
    private string? DecodeFilePath(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        payload.SkipPointers(raw.Version == 0 ? 5 : 4);
        payload.Skip(raw.Version == 0 ? 4 : 8);
        Text path = _paths.Resolve(payload.Text(), e.Buffer);
        if (payload.IsDamaged || path.IsMissing || !FillActor(raw, time, e))
            return "file without a path or process";
        if (kind == EtwKind.FileDelete)
            WriteFile(path, e, "deletion", "deletion");
        else
            WriteFile(path, e, "change", "rename");
        return null;
    }

    private static void WriteFile(Text path, EndpointEvent e, string type, string action)
    {
        Classify(e, "file", type, action);
        e.File.Path = path;
        e.File.Name = WindowsPath.Name(path);
        e.File.Directory = WindowsPath.Directory(path);
        e.File.Extension = WindowsPath.Extension(path);
    }

    /// <summary>Classic, Registry_TypeGroup1, from version 2: i64 begin, u32 status, u32 index, pointer key's control block, path below it or name of the value.</summary>
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
            return "operation failed";
        if (!FillActor(raw, time, e))
            return "process not known";
        (string type, string action) = kind switch
        {
            EtwKind.RegistryCreate => ("creation", "creation"),
            EtwKind.RegistryDelete => ("deletion", "deletion"),
            _ => ("change", "modification"),
        };
        Classify(e, "registry", type, action);
        bool namesValue = kind == EtwKind.RegistrySet || raw.Opcode == deleteValue;
        RegistryPath path = RegistryPath.Split(_keys.Resolve(block, name, e.Buffer), namesValue, e.Buffer);
        e.Registry.Path = path.Path;
        e.Registry.Hive = path.Hive;
        e.Registry.Key = path.Key;
        e.Registry.Value = path.Value;
        return null;
    }
}
