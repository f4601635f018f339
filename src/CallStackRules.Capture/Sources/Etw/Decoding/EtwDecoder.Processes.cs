using System.Text;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Sources.Etw.Stacks;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <content>Processes and images.</content>
internal sealed partial class EtwDecoder
{
    private const int LongestName = 1024;

    /// <summary>
    /// Classic, Process_TypeGroup1: pointer key, u32 process, u32 parent, u32 session, u32 exit status, from version 3 pointer directory table, from
    /// version 4 u32 flags, account, name in bytes, command line in UTF-16 from version 2.
    /// </summary>
    private string? DecodeProcess(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        payload.SkipPointers(1);
        int pid = (int)payload.U32();
        int parent = (int)payload.U32();
        uint session = payload.U32();
        int exitCode = (int)payload.U32();
        if (raw.Version >= 3)
            payload.SkipPointers(1);
        if (raw.Version >= 4)
            payload.Skip(4);
        ReadOnlySpan<byte> account = payload.Account();
        ReadOnlySpan<byte> shortName = payload.ShortText();
        ReadOnlySpan<char> commandLine = raw.Version >= 2 ? payload.Text() : default;
        if (payload.IsDamaged)
            return Model;
        if (kind == EtwKind.ProcessEnd)
        {
            if (processes.Find(pid) is { HasEnded: false } ended)
                ended.Info.ExitCode = exitCode;
            return DecodeEnd(processes.Find(pid), e);
        }
        Span<char> name = stackalloc char[LongestName];
        Encoding.UTF8.GetChars(shortName[..Math.Min(shortName.Length, LongestName)], name);
        name = name[..Encoding.UTF8.GetCharCount(shortName[..Math.Min(shortName.Length, LongestName)])];
        EtwProcess process = kind == EtwKind.ProcessStart ? processes.Start(pid, time, raw.Timestamp) : processes.GetOrAdd(pid, time);
        EtwProcesses.Describe(process.Info, name, commandLine, account, session);
        processes.Link(process, parent, time);
        if (kind != EtwKind.ProcessStart)
            return Model;
        process.HasImageList = true;
        return TellStart(raw, process, e);
    }

    /// <summary>
    /// Microsoft-Windows-Kernel-Process 1, and 15 for what was there before: u32 process, u64 number, FILETIME start, u32 parent, u64 its number, u32
    /// session, u32 flags, u32 kind of elevation, u32 elevated, identifier of the integrity level; the image's path. The numbers and what is about
    /// the token have come with version 3, of 15 with version 1; the flags with version 1.
    /// </summary>
    private string? DecodeManifestStart(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        bool isRundown = kind == EtwKind.ManifestProcessRundown;
        bool hasToken = raw.Version >= (isRundown ? 1 : 3);
        int pid = (int)payload.U32();
        payload.Skip(hasToken ? 16 : 8);
        int parent = (int)payload.U32();
        if (hasToken)
            payload.Skip(8);
        uint session = payload.U32();
        if (isRundown || raw.Version >= 1)
            payload.Skip(4);
        uint elevation = hasToken ? payload.U32() : 0;
        bool isElevated = hasToken && payload.U32() != 0;
        ReadOnlySpan<byte> integrity = hasToken ? payload.Identifier() : default;
        Text path = _paths.Resolve(payload.Text(), e.Buffer);
        if (payload.IsDamaged)
            return Model;
        EtwProcess process = isRundown ? processes.GetOrAdd(pid, time) : processes.Start(pid, time, raw.Timestamp);
        processes.SetProgram(process.Info, path);
        EtwProcesses.Describe(process.Info, WindowsPath.Name(path).Span, default, default, session);
        if (hasToken)
            ProcessToken.Write(elevation, isElevated, integrity, process.Info.Token);
        processes.Link(process, parent, time);
        if (isRundown)
            return Model;
        process.HasImageList = true;
        return TellStart(raw, process, e);
    }

    /// <summary>Microsoft-Windows-Kernel-Process 2: u32 process, from version 2 u64 number, FILETIME start, FILETIME end, u32 exit code.</summary>
    private string? DecodeManifestEnd(in RawEvent raw, ref PayloadReader payload, EndpointEvent e)
    {
        EtwProcess? process = processes.Find((int)payload.U32());
        payload.Skip(raw.Version >= 2 ? 24 : 16);
        int exitCode = (int)payload.U32();
        if (payload.IsDamaged)
            return Model;
        if (process is { HasEnded: false })
            process.Info.ExitCode = exitCode;
        return DecodeEnd(process, e);
    }

    /// <summary>
    /// A process is made in a thread of its creator, in whose images the stack lies; usually it is the parent, but another can be named as such.
    /// </summary>
    private string? TellStart(in RawEvent raw, EtwProcess process, EndpointEvent e)
    {
        if (_telling == Telling.Besides)
            return ToldBesides;
        if (process.IsStartTold)
            return "process start that another provider told";
        process.IsStartTold = true;
        EtwProcess? creator = raw.ProcessId > 0 ? processes.Find(raw.ProcessId) : null;
        e.Process = process.Info;
        WriteThread(raw, creator, e.ParentThread);
        Classify(e, "process", "start", "start");
        if (creator is not null && creator != process && process.Info.Parent is { } named && named != creator.Info)
        {
            _realOfLastEvent = named.Real;
            named.Real.EntityId = creator.Info.EntityId;
            named.Real.Pid = creator.Info.Pid;
            named.Real.Name = creator.Info.Name;
            named.Real.Executable = creator.Info.Executable;
        }
        return null;
    }

    private string? DecodeEnd(EtwProcess? process, EndpointEvent e)
    {
        if (process is null or { HasEnded: true })
            return Model;
        processes.End(process);
        e.Process = process.Info;
        Classify(e, "process", "end", "end");
        return null;
    }

    /// <summary>
    /// Classic, from version 2: pointer start, pointer size, u32 process, u32 checksum, u32 time stamp, 4 bytes, pointer wanted start, 16 bytes,
    /// path. The manifest's has neither the 4 nor the 16 bytes.
    /// </summary>
    private string? DecodeImage(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        bool isClassic = kind is EtwKind.ImageLoad or EtwKind.ImageRundown or EtwKind.ImageUnload;
        if (isClassic && raw.Version < 2)
            return "image of an old layout";
        ulong start = payload.Pointer();
        ulong size = payload.Pointer();
        int pid = (int)payload.U32();
        uint checksum = payload.U32();
        uint timestamp = payload.U32();
        payload.Skip(isClassic ? 4 : 0);
        payload.SkipPointers(1);
        if (isClassic)
            payload.Skip(16);
        Text path = _paths.Resolve(payload.Text(), e.Buffer);
        if (payload.IsDamaged || path.IsMissing)
            return Model;
        EtwProcess process = processes.GetOrAdd(pid, time);
        if (kind is EtwKind.ImageUnload or EtwKind.ManifestImageUnload)
        {
            process.Images.Remove(start);
            return Model;
        }
        ModuleInfo module = processes.Modules.Get(path.Span);
        bool isKnown = process.Images.Find(start, out ulong rva) == module && rva == 0;
        if (!isKnown && !process.Images.Add(start, size, module, processes.Files?.Get(module, timestamp, checksum, (uint)size)))
        {
            statistics.CountFieldProblem("no room for an image");
            process.HasImageList = false;
        }
        NoteProgram(process, path);
        if (kind == EtwKind.ImageRundown)
        {
            const byte atBeginning = 3;
            if (raw.Opcode == atBeginning)
                processes.List(process, time);
            return Model;
        }
        if (isKnown && _telling == Telling.Once)
            return "image that was listed, too";
        e.Process = process.Info;
        // What a new process has from its beginning is mapped by its creator's thread.
        WriteThread(raw, processes.Of(raw, time), e.Thread);
        Classify(e, pid == 0 ? "driver" : "library", "start", "load");
        e.Library.Path = path;
        e.Library.Name = WindowsPath.Name(path);
        e.Library.Size = (long)size;
        if (processes.Files is { } files)
            e.Library.SetFileSource(files);
        if (process.HasImageList)
            e.Library.LoadIndex = process.Images.CountOf(module);
        return null;
    }

    /// <summary>Classic events give a process's name without a path; its first image of that name has it.</summary>
    private void NoteProgram(EtwProcess process, Text path)
    {
        if (process.Info.Executable.IsMissing && WindowsPath.Name(path).Span.Equals(process.Info.Name.Span, StringComparison.OrdinalIgnoreCase))
            processes.SetProgram(process.Info, path);
    }
}
