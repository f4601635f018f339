using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Procmon;

/// <content>Processes, threads and images.</content>
internal sealed partial class ProcmonMapper
{
    private const uint SystemProcess = 4;

    // Process Monitor writes a Process Start right behind its Process Create.
    private const uint StartsLookedAt = 16;

    private string? MapProcess(in PmlEvent raw, uint number, ProcmonProcess process, EndpointEvent e)
    {
        switch (raw.Operation)
        {
            case PmlOperation.ProcessCreate:
                return MapCreate(raw, number, process, e);
            case PmlOperation.ProcessStart:
                return MapStart(raw, process, e);
            case PmlOperation.ProcessExit:
                processes.Own(raw.Thread, process);
                processes.End(process);
                Classify(e, "process", "end", "end");
                process.Info.ExitCode = (int)new PmlDetails(raw.Details).U32();
                WriteThread(raw.Thread, raw.Stack, process, e.Thread);
                return null;
            case PmlOperation.ThreadCreate:
                return MapThread(raw, process, e);
            case PmlOperation.ThreadExit:
                processes.Disown(raw.Thread);
                return "thread ended";
            case PmlOperation.LoadImage:
                processes.Own(raw.Thread, process);
                MapImage(raw, process, e);
                WriteThread(raw.Thread, raw.Stack, process, e.Thread);
                return null;
            default:
                return "process operation not mapped";
        }
    }

    /// <summary>
    /// u32 number and u32 id of the new process, u32 number and u32 id of the named parent, 28 bytes, u8 and u8 bytes of two security identifiers (user, integrity level),
    /// u16 path, u16 command line, 2 bytes, the identifiers, the texts.
    /// </summary>
    private string? MapCreate(in PmlEvent raw, uint number, ProcmonProcess parent, EndpointEvent e)
    {
        var details = new PmlDetails(raw.Details);
        uint child = details.U32();
        details.Skip(0x28);
        int userLength = details.U8();
        int levelLength = details.U8();
        ushort pathLength = details.U16();
        ushort commandLineLength = details.U16();
        details.Skip(2);
        ReadOnlySpan<byte> user = details.Take(userLength);
        details.Skip(levelLength);
        Text path = details.Text(pathLength, e.Buffer);
        Text commandLine = details.Text(commandLineLength, e.Buffer);
        CheckDetails(details);
        if (processes.Get(child) is not { } process)
            return "process not in the process table";
        Span<char> identifier = stackalloc char[SecurityIdentifier.MostCharacters];
        processes.Learn(process, identifier[..SecurityIdentifier.Write(user, identifier)]);
        if (process.Info.Executable.IsMissing && path.Length > 0)
        {
            process.Info.Executable = path.ToString();
            process.Info.Name = WindowsPath.Name(process.Info.Executable);
        }
        if (process.Info.CommandLine.IsMissing && commandLine.Length > 0)
            process.Info.CommandLine = commandLine.ToString();
        e.Process = process.Info;
        Describe(raw, process, parent, e);
        // The last thing: it reads on, and what was read of this event is gone then.
        return StartFollows(number, child) ? "process creation that a process start repeats" : null;
    }

    /// <summary>u32 id of the named parent, u16 command line, u16 working directory, u32 characters of the environment, the three texts.</summary>
    private string? MapStart(in PmlEvent raw, ProcmonProcess process, EndpointEvent e)
    {
        var details = new PmlDetails(raw.Details);
        details.Skip(4);
        ushort commandLineLength = details.U16();
        ushort directoryLength = details.U16();
        details.Skip(4);
        Text commandLine = details.Text(commandLineLength, e.Buffer);
        Text directory = details.Text(directoryLength, e.Buffer);
        CheckDetails(details);
        if (process.Info.CommandLine.IsMissing && commandLine.Length > 0)
            process.Info.CommandLine = commandLine.ToString();
        if (process.Info.WorkingDirectory.IsMissing && directory.Length > 0)
            process.Info.WorkingDirectory = directory.ToString();
        Describe(raw, process, parent: null, e);
        return null;
    }

    /// <summary>
    /// A process is made in a thread of its creator, whose modules the stack lies in: usually the parent, but a service that starts programs for others (User Account
    /// Control does) names another one.
    /// </summary>
    private void Describe(in PmlEvent raw, ProcmonProcess process, ProcmonProcess? parent, EndpointEvent e)
    {
        Classify(e, "process", "start", "start");
        process.AwaitsFirstThread = true;
        ProcmonProcess creator = Creator(raw, parent ?? processes.ParentOf(process) ?? process, out bool isCertain);
        WriteThread(raw.Thread, raw.Stack, creator, e.ParentThread, isCertain);
        if (process.Info.Parent is not { } named || named == creator.Info || creator == process)
            return;
        _realOfLastEvent = named.Real;
        named.Real.EntityId = creator.Info.EntityId;
        named.Real.Pid = creator.Info.Pid;
        named.Real.Name = creator.Info.Name;
        named.Real.Executable = creator.Info.Executable;
    }

    /// <summary>Whose thread made a process. Of a thread that nothing was seen of, it is the named parent; for certain, when the stack lies in its modules.</summary>
    private ProcmonProcess Creator(in PmlEvent raw, ProcmonProcess named, out bool isCertain)
    {
        isCertain = true;
        if (processes.OwnerOf(raw.Thread) is { } owner)
            return owner;
        isCertain = IsInModules(raw.Stack, named.Modules);
        if (isCertain)
            processes.Own(raw.Thread, named);
        return named;
    }

    private bool StartFollows(uint number, uint child)
    {
        for (uint next = number + 1; next - number <= StartsLookedAt && next < log.Header.EventCount; next++)
        {
            PmlEvent raw = log.Read(next);
            if (raw.Class == PmlClass.Process && raw.Operation == PmlOperation.ProcessStart && raw.Process == child)
                return true;
        }
        return false;
    }

    /// <summary>u32 number of the new thread. The event belongs to the process that gets the thread, the stack to the thread that makes it.</summary>
    private string? MapThread(in PmlEvent raw, ProcmonProcess process, EndpointEvent e)
    {
        uint made = new PmlDetails(raw.Details).U32();
        ProcmonProcess? creator = processes.OwnerOf(raw.Thread);
        bool isFirst = process.AwaitsFirstThread;
        process.AwaitsFirstThread = false;
        processes.Own(made, process);
        if (creator is null || creator == process || isFirst)
            return "thread made by its own process or with it";
        e.Event.Category.Add("api");
        e.Event.Type.Add("change");
        e.Api.Name = "CreateRemoteThread";
        e.Process = creator.Info;
        e.TargetProcess = process.Info;
        e.TargetThread.Id = made;
        e.Api.Behaviors.Add("cross-process");
        if (process.Info.Parent == creator.Info)
            e.Api.Behaviors.Add("parent-child");
        WriteThread(raw.Thread, raw.Stack, creator, e.Thread);
        return null;
    }

    /// <summary>pointer base, u32 bytes, u16 path, 2 bytes, the path.</summary>
    private void MapImage(in PmlEvent raw, ProcmonProcess process, EndpointEvent e)
    {
        var details = new PmlDetails(raw.Details);
        ulong start = details.Pointer(log.Header.PointerSize);
        uint size = details.U32();
        ushort pathLength = details.U16();
        details.Skip(2);
        e.Library.Path = details.Text(pathLength, e.Buffer);
        CheckDetails(details);
        Classify(e, process.Info.Pid == SystemProcess ? "driver" : "library", "start", "load");
        e.Library.Name = WindowsPath.Name(e.Library.Path);
        e.Library.Size = size;
        process.Modules.Describe(start, e.Library.Pe);
    }
}
