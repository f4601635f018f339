using System.Globalization;
using System.Text;
using CallStackRules.Capture.Sources.Linux.Interop;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <content>Files: opened, renamed, deleted.</content>
internal sealed partial class LinuxDecoder
{
    private const int CurrentFolder = -100;
    private const int RemovesFolder = 0x200;
    private const long NanosecondsBetweenTicks = 20_000_000;

    private void DecodeOpen(in PerfSample sample, in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        bool isUnnamed = call.Row.Flags >= 0 && (call.Flags & CaptureTable.OpensUnnamed) != 0;
        SetPath(e.File, isUnnamed ? OpenPathOf((int)call.Result, process) : PathOf(call, 0, process, e.Buffer, isThere: true, openedAs: (int)call.Result));
        bool creates = call.Row.Flags < 0 || (call.Flags & CaptureTable.OpensToCreate) != 0;
        if (isUnnamed || (creates && IsNew(e.File.Path, sample.Pid, e.UtcTicks!.Value)))
            Classify(e, "file", "creation", "creation");
        else if (call.Row.Flags < 0 || (call.Flags & CaptureTable.OpensForWriting) != 0)
            Classify(e, "file", "change", "modification");
        else
            Classify(e, "file", "access", "open");
    }

    /// <summary>Of a further path of a file, which one it had; of a path that leads to another, which that is.</summary>
    private void DecodeLink(in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        SetPath(e.File, PathOf(call, 1, process, e.Buffer));
        if (call.Row.SystemCall is "symlink" or "symlinkat")
        {
            e.Further.Set("file.target_path", LinuxPaths.Resolve(default, call.First, e.Buffer));
        }
        else
        {
            Text before = PathOf(call, 0, process, e.Buffer);
            e.File.OriginalPath = before;
            e.File.OriginalName = NameOf(before);
            e.File.OriginalExtension = ExtensionOf(e.File.OriginalName);
        }
        Classify(e, "file", "creation", "creation");
    }

    private void DecodeRename(in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        SetPath(e.File, PathOf(call, 1, process, e.Buffer, isThere: true));
        Text before = PathOf(call, 0, process, e.Buffer);
        e.File.OriginalPath = before;
        e.File.OriginalName = NameOf(before);
        e.File.OriginalExtension = ExtensionOf(e.File.OriginalName);
        Classify(e, "file", "change", "rename");
    }

    private bool DecodeUnlink(in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        if ((call.Flags & RemovesFolder) != 0)
            return false;
        SetPath(e.File, PathOf(call, 0, process, e.Buffer));
        Classify(e, "file", "deletion", "deletion");
        return true;
    }

    private void ChangeFolder(in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        e.Clear();
        string? folder = call.Row.Copied.Length > 0 && !call.IsReadLater ? LinuxPaths.Resolve(process.Info.WorkingDirectory, call.First, e.Buffer).ToString() : null;
        process.Info.WorkingDirectory = string.IsNullOrEmpty(folder) ? processes.Proc.ReadLink(process.Pid, "cwd"u8) : folder;
        process.IsFolderUncertain = true;
    }

    /// <summary>A path of a call, made absolute.</summary>
    /// <param name="call">The call.</param>
    /// <param name="which">0 for its first path, 1 for its second.</param>
    /// <param name="process">Who made it.</param>
    /// <param name="buffer">Receives the text.</param>
    /// <param name="isThere">Whether the path leads to a file after the call.</param>
    /// <param name="openedAs">The descriptor that the file is open as; negative when it is not.</param>
    private Text PathOf(in CaptureRecord call, int which, LinuxProcess process, TextBuffer buffer, bool isThere = false, int openedAs = -1)
    {
        ReadOnlySpan<byte> path = which == 0 ? call.First : call.Second;
        if (!path.IsEmpty)
        {
            Text whole = LinuxPaths.Resolve(path[0] == '/' ? default : FolderOf(call, which, process, buffer), path, buffer);
            // Memory that was read later may hold something else by then, as where a shell had the name of a file: no path at all is better than a wrong one.
            if (!isThere || !call.IsReadLater || TryLookAt(whole, process.Pid, out _))
                return whole;
        }
        return OpenPathOf(openedAs, process);
    }

    /// <summary>The path of a file that is open, as the kernel has it; missing when it is not open.</summary>
    private Text OpenPathOf(int descriptor, LinuxProcess process)
    {
        if (descriptor >= 0 && processes.Proc.ReadOpenFile(process.Pid, descriptor) is { } target)
            return new Text(target);
        statistics.TextsMissing++;
        return default;
    }

    /// <summary>The folder that a relative path of a call begins at; missing when it is not known.</summary>
    private Text FolderOf(in CaptureRecord call, int which, LinuxProcess process, TextBuffer buffer)
    {
        int argument = call.Row.Folders[which];
        int descriptor = argument < 0 ? CurrentFolder : (int)call.Argument(argument);
        if (descriptor == CurrentFolder)
            return process.Info.WorkingDirectory;
        return processes.Proc.ReadOpenFile(process.Pid, descriptor) is { } folder ? buffer.Add(folder) : default;
    }

    /// <summary>
    /// Whether a file that was opened to be created did not exist before: it is as young as the event. File systems keep times in steps of the timer, and some keep
    /// no time of creation; their files count as changed.
    /// </summary>
    private static bool IsNew(Text path, int pid, long utcTicks)
    {
        if (!TryLookAt(path, pid, out FileStatus status))
            return false;
        long happened = (utcTicks - DateTime.UnixEpoch.Ticks) * 100;
        return status.BirthNanoseconds != 0 && status.BirthNanoseconds >= happened - NanosecondsBetweenTicks;
    }

    /// <summary>What the file system says of the file that a process knows by a path; false when there is none.</summary>
    private static bool TryLookAt(Text path, int pid, out FileStatus status)
    {
        status = default;
        if (path.IsMissing || path.Length > 2048)
            return false;
        Span<byte> name = stackalloc byte[(3 * 2048) + 32];
        "/proc/"u8.CopyTo(name);
        pid.TryFormat(name[6..], out int written, default, CultureInfo.InvariantCulture);
        int length = 6 + written;
        "/root"u8.CopyTo(name[length..]);
        length += 5;
        length += Encoding.UTF8.GetBytes(path.Span, name[length..]);
        name[length++] = 0;
        // When the process is gone, its files are usually still where we see them, too.
        int start = 6 + written + 5;
        return LinuxSystem.Statx(name[..length], out status) >= 0 || LinuxSystem.Statx(name[start..length], out status) >= 0;
    }

    private static void SetPath(FileDetails file, Text path)
    {
        file.Path = path;
        if (path.IsMissing)
            return;
        file.Name = NameOf(path);
        int slash = path.Length - file.Name.Length - 1;
        if (slash >= 0)
            file.Directory = slash == 0 ? path.Slice(0, 1) : path.Slice(0, slash);
        file.Extension = ExtensionOf(file.Name);
    }

    private static Text NameOf(Text path)
    {
        int slash = path.Span.LastIndexOf('/');
        return path.Slice(slash + 1, path.Length - slash - 1);
    }

    private static Text ExtensionOf(Text name)
    {
        int dot = name.Span.LastIndexOf('.');
        return dot <= 0 || dot == name.Length - 1 ? default : name.Slice(dot + 1, name.Length - dot - 1);
    }
}
