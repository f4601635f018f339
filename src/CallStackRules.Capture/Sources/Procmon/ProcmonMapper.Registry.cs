using System.Buffers.Binary;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Procmon;

/// <content>The registry.</content>
internal sealed partial class ProcmonMapper
{
    private const string CurrentUser = "HKCU";
    private const string Users = @"HKEY_USERS\";
    private const uint CreatedNewKey = 1;

    // Details begin with u16 path; where the operation has more, it stands between this and the path, the new value or name behind it.
    private string? MapRegistry(in PmlEvent raw, ProcmonProcess process, EndpointEvent e)
    {
        var details = new PmlDetails(raw.Details);
        ushort pathLength = details.U16();
        switch (raw.Operation)
        {
            case PmlOperation.RegOpenKey:
            case PmlOperation.RegCreateKey:
                // u16, u32 rights; afterwards u32 granted rights, u32 disposition.
                details.Skip(6);
                bool isCreated = raw.Operation == PmlOperation.RegCreateKey && raw.ExtraDetails.Length >= 8
                    && BinaryPrimitives.ReadUInt32LittleEndian(raw.ExtraDetails[4..]) == CreatedNewKey;
                WriteRegistry(ref details, pathLength, namesValue: false, process, e, isCreated ? "creation" : "access", isCreated ? "creation" : "open");
                break;
            case PmlOperation.RegQueryKey:
                // u16, u32 length, u32 kind of information.
                details.Skip(10);
                WriteRegistry(ref details, pathLength, namesValue: false, process, e, "access", "query");
                break;
            case PmlOperation.RegQueryValue:
                details.Skip(10);
                WriteRegistry(ref details, pathLength, namesValue: true, process, e, "access", "query");
                break;
            case PmlOperation.RegEnumValue:
            case PmlOperation.RegEnumKey:
                // u16, u32 length, u32 index, u32 kind of information.
                details.Skip(14);
                WriteRegistry(ref details, pathLength, namesValue: false, process, e, "access", "query");
                break;
            case PmlOperation.RegSetValue:
                // u16, u32 type, u32 length, u32 length of what is kept; behind the path the data.
                details.Skip(2);
                uint type = details.U32();
                details.Skip(4);
                uint kept = details.U32();
                WriteRegistry(ref details, pathLength, namesValue: true, process, e, "change", "modification");
                RegistryData.Write(type, details.Take((int)Math.Min(kept, (uint)details.Rest.Length)), e);
                break;
            case PmlOperation.RegDeleteKey:
                WriteRegistry(ref details, pathLength, namesValue: false, process, e, "deletion", "deletion");
                break;
            case PmlOperation.RegDeleteValue:
                WriteRegistry(ref details, pathLength, namesValue: true, process, e, "deletion", "deletion");
                break;
            case PmlOperation.RegRenameKey:
                // u16 new name.
                details.Skip(2);
                WriteRegistry(ref details, pathLength, namesValue: false, process, e, "change", "rename");
                break;
            default:
                return "registry operation not mapped";
        }
        CheckDetails(details);
        return null;
    }

    private void WriteRegistry(
        ref PmlDetails details, ushort pathLength, bool namesValue, ProcmonProcess process, EndpointEvent e, string type, string action)
    {
        Classify(e, "registry", type, action);
        Text path = details.Text(pathLength, e.Buffer);
        processes.LearnFromPath(process, path.Span);
        RegistryPath parts = RegistryPath.Split(OfAllUsers(path, process, e.Buffer), namesValue, e.Buffer);
        e.Registry.Path = parts.Path;
        e.Registry.Hive = parts.Hive;
        e.Registry.Key = parts.Key;
        e.Registry.Value = parts.Value;
    }

    /// <summary>
    /// Process Monitor writes the hive of the process's user as HKCU; rules expect it below HKEY_USERS, by the user's security identifier. Where that is not known the
    /// account's name stands in its place.
    /// </summary>
    private static Text OfAllUsers(Text path, ProcmonProcess process, TextBuffer buffer)
    {
        ReadOnlySpan<char> text = path.Span;
        UserInfo user = process.Info.User;
        Text hive = user.Id.IsMissing ? user.Name : user.Id;
        if (hive.IsMissing || !text.StartsWith(CurrentUser) || (text.Length > CurrentUser.Length && text[CurrentUser.Length] != '\\'))
            return path;
        ReadOnlySpan<char> rest = text[CurrentUser.Length..];
        Span<char> room = buffer.Reserve(Users.Length + hive.Length + rest.Length);
        Users.CopyTo(room);
        hive.Span.CopyTo(room[Users.Length..]);
        rest.CopyTo(room[(Users.Length + hive.Length)..]);
        return buffer.Commit(room.Length);
    }
}
