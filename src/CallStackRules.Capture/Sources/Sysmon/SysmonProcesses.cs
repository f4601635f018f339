using System.Text;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>
/// The processes of a recording, by their ProcessGuid. What event 1 tells of a process, and what loads of its own image tell of the signature, goes on with it to its later
/// events, which repeat only the image.
/// </summary>
/// <param name="table">Where the processes are kept.</param>
/// <param name="texts">Texts that modules have in common.</param>
internal sealed class SysmonProcesses(ProcessTable table, SharedTexts texts)
{
    private readonly ProcessInfo _actorWithoutGuid = new();
    private readonly ProcessInfo _targetWithoutGuid = new();
    private readonly FileHashes _hashes = new();
    private readonly PeInfo _pe = new();

    /// <summary>The process that did it; null when the record has none. Valid until the next record when it has no ProcessGuid.</summary>
    public ProcessInfo? Actor(SysmonRecord record, SysmonHost host, TextBuffer buffer)
    {
        ProcessInfo? process = Find(record, SysmonKey.ProcessGuid, SysmonKey.ProcessId, SysmonKey.Image, _actorWithoutGuid, buffer);
        if (process is null)
            return null;
        if (process.User.Name.IsMissing)
        {
            Text account = record.Text(SysmonKey.User, buffer);
            host.Accounts.Describe(process == _actorWithoutGuid ? account : table.Keep(process, account), process.User);
        }
        host.Accounts.Complete(process.User);
        return process;
    }

    /// <summary>The process that was acted upon; null when the record has none.</summary>
    public ProcessInfo? Target(SysmonRecord record, TextBuffer buffer) =>
        Find(record, SysmonKey.TargetProcessGuid, SysmonKey.TargetProcessId, SysmonKey.TargetImage, _targetWithoutGuid, buffer);

    /// <summary>Takes what event 1 tells of a new process that started at a time, in ticks of <see cref="DateTime"/>.</summary>
    public void Started(SysmonRecord record, ProcessInfo process, SysmonHost host, long? ticks, TextBuffer buffer)
    {
        if (process != _actorWithoutGuid && !process.Start.IsMissing)
            return;
        process.Start = ticks is { } start ? table.Keep(process, SysmonTime.Format(start, buffer)) : default;
        Text commandLine = record.Text(SysmonKey.CommandLine, buffer);
        process.CommandLine = table.Keep(process, commandLine);
        SetArguments(process, commandLine, buffer);
        process.WorkingDirectory = table.Keep(process, record.Text(SysmonKey.CurrentDirectory, buffer));
        process.AuthenticationId = table.Keep(process, record.Text(SysmonKey.LogonId, buffer));
        process.SessionInfo.Id = record.Number(SysmonKey.TerminalSessionId);
        process.Token.IntegrityLevelName = table.Keep(process, LowerCase(record.Text(SysmonKey.IntegrityLevel, buffer), buffer));

        process.Pe.OriginalFileName = table.Keep(process, record.Text(SysmonKey.OriginalFileName, buffer));
        HashList.Describe(record.Text(SysmonKey.Hashes, buffer), _hashes, _pe, buffer);
        process.Hash.Md5 = table.Keep(process, _hashes.Md5);
        process.Hash.Sha1 = table.Keep(process, _hashes.Sha1);
        process.Hash.Sha256 = table.Keep(process, _hashes.Sha256);
        process.Pe.Imphash = table.Keep(process, _pe.Imphash);
        if (process.CodeSignature.Exists is null && !process.Executable.IsMissing
            && host.Module(process.Executable.Span) is { CodeSignatures.Count: > 0 } image && HaveCommonHash(process.Hash, image.Hash))
        {
            Sign(process, image);
        }

        if (Parent(record, host, buffer) is { } parent)
            table.Link(process, parent);
    }

    /// <summary>Notes the time of a record, so that processes which ended long before can be forgotten.</summary>
    public void Advance(long ticks) => table.Advance(ticks);

    /// <summary>Notes that a process has ended.</summary>
    public void Ended(ProcessInfo process) => table.End(process.EntityId.Span);

    /// <summary>Takes what an image load tells of the file, and of the process when it is the process's own image.</summary>
    public void Loaded(LibraryInfo library, ProcessInfo? process, SysmonHost host)
    {
        if (library.Path.IsMissing)
            return;
        ModuleInfo module = host.Module(library.Path.Span);
        if (module.CodeSignatures.Count == 0 || !Same(module.Hash, library.Hash) || !Same(module.CodeSignatures[0], library.CodeSignature))
        {
            module.Hash.Md5 = texts.Keep(library.Hash.Md5);
            module.Hash.Sha1 = texts.Keep(library.Hash.Sha1);
            module.Hash.Sha256 = texts.Keep(library.Hash.Sha256);
            module.CodeSignatures.Clear();
            CodeSignature signature = module.CodeSignatures.Add();
            signature.CopyFrom(library.CodeSignature);
            signature.SubjectName = texts.Keep(library.CodeSignature.SubjectName);
        }
        if (process is { CodeSignature.Exists: null } && process.Executable.Span.Equals(library.Path.Span, StringComparison.OrdinalIgnoreCase))
        {
            Sign(process, module);
            if (process.Start.IsMissing)
            {
                process.Hash.CopyFrom(module.Hash);
                process.Pe.OriginalFileName = table.Keep(process, library.Pe.OriginalFileName);
                process.Pe.Imphash = table.Keep(process, library.Pe.Imphash);
            }
        }
    }

    private ProcessInfo? Find(
        SysmonRecord record, SysmonKey guid, SysmonKey pid, SysmonKey image, ProcessInfo? withoutGuid, TextBuffer buffer)
    {
        Span<char> id = record.Scratch(guid, buffer);
        if (id.IsEmpty)
        {
            if (withoutGuid is null)
                return null;
            withoutGuid.Clear();
            withoutGuid.Pid = record.Number(pid);
            SetExecutable(withoutGuid, record.Text(image, buffer));
            return withoutGuid.Pid is null && withoutGuid.Executable.IsMissing ? null : withoutGuid;
        }
        Ascii.ToLowerInPlace(id, out _);
        ProcessInfo process = table.GetOrAdd(id);
        process.Pid ??= record.Number(pid);
        if (process.Executable.IsMissing)
            SetExecutable(process, table.Keep(process, record.Text(image, buffer)));
        return process;
    }

    private ProcessInfo? Parent(SysmonRecord record, SysmonHost host, TextBuffer buffer)
    {
        // Unlike the other parties of an event, a parent without an identifier stays with its child.
        ProcessInfo? withoutGuid = record.Has(SysmonKey.ParentProcessGuid) ? null : new ProcessInfo();
        ProcessInfo? parent = Find(record, SysmonKey.ParentProcessGuid, SysmonKey.ParentProcessId, SysmonKey.ParentImage, withoutGuid, buffer);
        if (parent is null)
            return null;
        if (parent == withoutGuid)
            SetExecutable(parent, table.Keep(parent, parent.Executable));
        if (parent.CommandLine.IsMissing)
        {
            Text commandLine = record.Text(SysmonKey.ParentCommandLine, buffer);
            parent.CommandLine = table.Keep(parent, commandLine);
            SetArguments(parent, commandLine, buffer);
        }
        if (parent.User.Name.IsMissing)
            host.Accounts.Describe(table.Keep(parent, record.Text(SysmonKey.ParentUser, buffer)), parent.User);
        return parent;
    }

    private static void SetExecutable(ProcessInfo process, Text path)
    {
        process.Executable = path;
        process.Name = WindowsPath.Name(path);
    }

    private void SetArguments(ProcessInfo process, Text commandLine, TextBuffer buffer)
    {
        if (commandLine.IsMissing)
            return;
        process.Args.Clear();
        ReadOnlySpan<char> rest = commandLine.Span;
        while (!rest.IsEmpty)
        {
            Span<char> room = buffer.Reserve(rest.Length);
            if (WindowsCommandLine.TryRead(ref rest, room, out ReadOnlySpan<char> argument))
                process.Args.Add(table.Keep(process, buffer.Commit(argument.Length)));
        }
        process.ArgsCount = process.Args.Count;
    }

    private static Text LowerCase(Text text, TextBuffer buffer)
    {
        if (text.IsMissing)
            return text;
        text.Span.ToLowerInvariant(buffer.Reserve(text.Length));
        return buffer.Commit(text.Length);
    }

    private static void Sign(ProcessInfo process, ModuleInfo image)
    {
        process.CodeSignature.CopyFrom(image.CodeSignatures[0]);
        process.CodeSignatures.Clear();
        process.CodeSignatures.Add().CopyFrom(image.CodeSignatures[0]);
    }

    private static bool Same(FileHashes left, FileHashes right) => left.Sha256 == right.Sha256 && left.Sha1 == right.Sha1 && left.Md5 == right.Md5;

    private static bool Same(CodeSignature left, CodeSignature right) =>
        left.Exists == right.Exists && left.Status == right.Status && left.SubjectName == right.SubjectName;

    private static bool HaveCommonHash(FileHashes left, FileHashes right) =>
        (!left.Sha256.IsMissing && left.Sha256 == right.Sha256)
        || (!left.Sha1.IsMissing && left.Sha1 == right.Sha1)
        || (!left.Md5.IsMissing && left.Md5 == right.Md5);
}
