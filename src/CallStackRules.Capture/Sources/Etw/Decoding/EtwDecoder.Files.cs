using CallStackRules.Capture.Sources.Etw.Stacks;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <content>Files.</content>
/// <remarks>
/// The classes of FileIO and Microsoft-Windows-Kernel-File have the same fields in the same order, and both moved the thread from a pointer behind
/// the request to a number of 32 bits behind the other pointers: with version 3, and with version 1.
/// </remarks>
internal sealed partial class EtwDecoder
{
    private const int LongestPath = short.MaxValue;
    private const string NoFile = "file without a path or process";

    private readonly FileNames _files = new(statistics);

    // The last request to delete that was told and its file, and the last to rename, with the path until then.
    private (ulong Request, ulong File) _deletion;
    private (ulong Request, ulong File) _rename;
    private readonly char[] _oldName = new char[LongestPath];
    private int _oldNameLength;

    /// <summary>
    /// What a request to open a file shall do where there is a file, or none. Source: FILE_* of winternl.h, in the high byte of the options.
    /// </summary>
    private enum Disposition : byte
    {
        Supersede,
        Open,
        Create,
        OpenOrCreate,
        Overwrite,
        OverwriteOrCreate,
    }

    /// <summary>FileIO 64, Kernel-File 12 and 30: pointers to request and file, u32 thread, u32 options, u32 attributes, u32 sharing, path.</summary>
    private string? DecodeFileOpen(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        const uint directory = 1;
        bool isOld = HasOldFileLayout(raw);
        payload.SkipPointers(isOld ? 2 : 1);
        ulong file = payload.Pointer();
        if (!isOld)
            payload.Skip(4);
        uint options = payload.U32();
        payload.Skip(8);
        ReadOnlySpan<char> name = payload.Text();
        _files.Add(file, name);
        Text path = _paths.Resolve(name, e.Buffer);
        if (payload.IsDamaged || path.IsMissing || !FillActor(raw, time, e))
            return NoFile;
        if (kind == EtwKind.FileCreate)
        {
            WriteFile(raw, path, e, "creation", "creation");
        }
        else
        {
            // A request: whether it came true is not told. That a new file was made, the manifest's provider tells with an event of its own.
            e.Event.Outcome = default;
            switch ((Disposition)(options >> 24))
            {
                case Disposition.Supersede or Disposition.Overwrite or Disposition.OverwriteOrCreate:
                    WriteFile(raw, path, e, "change", "overwrite");
                    break;
                case Disposition.Create when _telling == Telling.Once && (raw.Flags & RawEventFlags.Classic) != 0:
                    WriteFile(raw, path, e, "creation", "creation");
                    break;
                default:
                    WriteFile(raw, path, e, "access", "open");
                    break;
            }
        }
        if ((options & directory) != 0)
            e.File.Type = "dir";
        return null;
    }

    /// <summary>FileIO 68, Kernel-File 16: u64 offset, pointers to request, file and key, u32 thread, u32 bytes, u32 flags.</summary>
    private string? DecodeFileWrite(in RawEvent raw, ref PayloadReader payload, long time, EndpointEvent e)
    {
        payload.Skip(8);
        payload.SkipPointers(HasOldFileLayout(raw) ? 2 : 1);
        ulong file = payload.Pointer();
        ulong key = payload.Pointer();
        return payload.IsDamaged ? NoFile : WriteFileOf(raw, file, key, time, e, "change", "modification");
    }

    /// <summary>
    /// FileIO 70, Kernel-File 18: pointers to request, file, key and what is asked for, u32 thread, u32 class of information. Only the file's number
    /// says which; where an event with the path follows, that is left out.
    /// </summary>
    private string? DecodeFileSetDelete(in RawEvent raw, ref PayloadReader payload, long time, EndpointEvent e)
    {
        ulong request = payload.Pointer();
        payload.SkipPointers(HasOldFileLayout(raw) ? 1 : 0);
        ulong file = payload.Pointer();
        ulong key = payload.Pointer();
        ulong wanted = payload.Pointer();
        if (payload.IsDamaged || (wanted & 1) == 0)
            return "file kept after all";
        string? reason = WriteFileOf(raw, file, key, time, e, "deletion", "deletion");
        _deletion = reason is null ? (request, file) : default;
        return reason;
    }

    /// <summary>FileIO 71, Kernel-File 19 and 29, with the fields of a deletion: the path until now. The event with the new one follows.</summary>
    private string? DecodeFileSetRename(in RawEvent raw, ref PayloadReader payload)
    {
        ulong request = payload.Pointer();
        payload.SkipPointers(HasOldFileLayout(raw) ? 1 : 0);
        ulong file = payload.Pointer();
        ReadOnlySpan<char> name = NameOf(file, payload.Pointer());
        if (!payload.IsDamaged && name.Length <= _oldName.Length)
        {
            name.CopyTo(_oldName);
            _oldNameLength = name.Length;
            _rename = (request, file);
        }
        return Model;
    }

    /// <summary>
    /// FileIO 79 and 80, Kernel-File 26 and 27: pointers to request, file, key and further information, u32 thread, u32 class of it, path; of a
    /// rename the new one.
    /// </summary>
    private string? DecodeFilePath(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        bool isOld = HasOldFileLayout(raw);
        ulong request = payload.Pointer();
        payload.SkipPointers(isOld ? 1 : 0);
        ulong file = payload.Pointer();
        payload.SkipPointers(2);
        payload.Skip(isOld ? 4 : 8);
        Text path = _paths.Resolve(payload.Text(), e.Buffer);
        if (payload.IsDamaged || path.IsMissing || !FillActor(raw, time, e))
            return NoFile;
        if (kind == EtwKind.FileDelete)
        {
            if (_deletion == (request, file) && request != 0)
            {
                if (_telling != Telling.Besides)
                    _deletion = default;
                return "deletion that was told before";
            }
            WriteFile(raw, path, e, "deletion", "deletion");
            return null;
        }
        WriteFile(raw, path, e, "change", "rename");
        if (_rename == (request, file) && request != 0 && _telling != Telling.Besides)
        {
            _rename = default;
            Text old = _paths.Resolve(_oldName.AsSpan(0, _oldNameLength), e.Buffer);
            e.File.OriginalPath = old;
            e.File.OriginalName = WindowsPath.Name(old);
            e.File.OriginalExtension = WindowsPath.Extension(old);
        }
        return null;
    }

    /// <summary>FileIO 0, 32 and 36, Kernel-File 10: pointer key, path.</summary>
    private string DecodeFileName(ref PayloadReader payload)
    {
        ulong file = payload.Pointer();
        ReadOnlySpan<char> name = payload.Text();
        if (!payload.IsDamaged)
            _files.Add(file, name);
        return Model;
    }

    /// <summary>An event about a file that its two numbers name.</summary>
    private string? WriteFileOf(in RawEvent raw, ulong file, ulong key, long time, EndpointEvent e, string type, string action)
    {
        Text path = _paths.Resolve(NameOf(file, key), e.Buffer);
        if (path.IsMissing || !FillActor(raw, time, e))
            return NoFile;
        WriteFile(raw, path, e, type, action);
        return null;
    }

    private ReadOnlySpan<char> NameOf(ulong file, ulong key) => _files.Find(file) is { IsEmpty: false } name ? name : _files.Find(key);

    private static bool HasOldFileLayout(in RawEvent raw) => raw.Version < ((raw.Flags & RawEventFlags.Classic) != 0 ? 3 : 1);

    private void WriteFile(in RawEvent raw, Text path, EndpointEvent e, string type, string action)
    {
        Classify(e, "file", type, action);
        e.File.Path = path;
        e.File.Name = WindowsPath.Name(path);
        e.File.Directory = WindowsPath.Directory(path);
        e.File.Extension = WindowsPath.Extension(path);
        if (action is not ("open" or "deletion"))
            written?.Begin(e.File, raw.Timestamp);
    }
}
