using System.Buffers.Binary;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Procmon;

/// <content>Files and pipes.</content>
internal sealed partial class ProcmonMapper
{
    // What came of opening a file: the values of IO_STATUS_BLOCK.Information, FILE_* of wdm.h.
    private const uint Superseded = 0;
    private const uint Created = 2;
    private const uint Overwritten = 3;

    // FILE_INFORMATION_CLASS of wdm.h.
    private const byte RenameInformation = 10;
    private const byte DispositionInformation = 13;
    private const byte DispositionInformationEx = 64;
    private const byte RenameInformationEx = 65;

    private const uint DirectoryOption = 1;

    /// <summary>
    /// u8 kind of the operation, 3 bytes, parameters of the filter manager (20 bytes and 5 addresses), u16 path, 2 bytes, the path, and behind it what the operation wrote.
    /// </summary>
    private string? MapFile(in PmlEvent raw, EndpointEvent e)
    {
        var details = new PmlDetails(raw.Details);
        byte kind = details.U8();
        details.Skip(3);
        int pointerSize = log.Header.PointerSize;
        ReadOnlySpan<byte> parameters = details.Take(20 + (5 * pointerSize));
        ushort pathLength = details.U16();
        details.Skip(2);
        Text path = details.Text(pathLength, e.Buffer);
        CheckDetails(details);
        switch (raw.Operation)
        {
            case PmlOperation.CreateFile:
                uint result = raw.ExtraDetails.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(raw.ExtraDetails) : uint.MaxValue;
                (string type, string action) = result switch
                {
                    Created => ("creation", "creation"),
                    Superseded or Overwritten => ("change", "overwrite"),
                    _ => ("access", "open"),
                };
                WriteFile(path, e, type, action);
                // The disposition in the high byte, the options below.
                int options = pointerSize == 8 ? 20 : 16;
                if (parameters.Length > options + 4 && (BinaryPrimitives.ReadUInt32LittleEndian(parameters[options..]) & DirectoryOption) != 0)
                    e.File.Type = "dir";
                return null;
            case PmlOperation.CreatePipe:
                WriteFile(path, e, "creation", "creation");
                return null;
            case PmlOperation.WriteFile:
                WriteFile(path, e, "change", "modification");
                return null;
            case PmlOperation.SetInformationFile when kind is DispositionInformation or DispositionInformationEx:
                // BOOLEAN, or flags of which the lowest means the same.
                if ((details.U8() & 1) == 0)
                    return "file kept after all";
                WriteFile(path, e, "deletion", "deletion");
                return null;
            case PmlOperation.SetInformationFile when kind is RenameInformation or RenameInformationEx:
                WriteFile(NewName(details.Rest, e.Buffer), e, "change", "rename");
                e.File.OriginalPath = path;
                e.File.OriginalName = WindowsPath.Name(path);
                e.File.OriginalExtension = WindowsPath.Extension(path);
                return null;
            default:
                return "file operation not mapped";
        }
    }

    /// <summary>FILE_RENAME_INFORMATION: BOOLEAN or flags, address, u32 bytes of the name, the name; missing when what is kept has not this form.</summary>
    private Text NewName(ReadOnlySpan<byte> bytes, TextBuffer buffer)
    {
        const string dosPrefix = @"\??\";
        var rename = new PmlDetails(bytes);
        rename.Skip(2 * log.Header.PointerSize);
        uint length = rename.U32();
        if (rename.IsDamaged || length == 0 || length % 2 != 0 || length > (uint)rename.Rest.Length)
        {
            statistics.CountFieldProblem("new name of a renamed file not understood");
            return default;
        }
        Text name = rename.TextToZero((int)length, buffer);
        return name.Span.StartsWith(dosPrefix) ? name.Slice(dosPrefix.Length, name.Length - dosPrefix.Length) : name;
    }

    private static void WriteFile(Text path, EndpointEvent e, string type, string action)
    {
        Classify(e, "file", type, action);
        e.File.Path = path;
        e.File.Name = WindowsPath.Name(path);
        e.File.Directory = WindowsPath.Directory(path);
        e.File.Extension = WindowsPath.Extension(path);
    }
}
