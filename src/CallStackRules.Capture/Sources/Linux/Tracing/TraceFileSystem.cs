using System.Globalization;
using CallStackRules.Capture.Sources.Linux.Interop;

namespace CallStackRules.Capture.Sources.Linux.Tracing;

/// <summary>The kernel's list of tracepoints. Where it is not mounted, it is mounted on a folder of our own and taken away again.</summary>
internal sealed class TraceFileSystem : IDisposable
{
    /// <summary>Where the arguments of a system call begin in the record of its entry tracepoint.</summary>
    public const int FirstArgumentOffset = 16;

    private static readonly string[] UsualPlaces = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

    private readonly string _root;
    private readonly bool _isOurs;

    private TraceFileSystem(string root, bool isOurs)
    {
        _root = root;
        _isOurs = isOurs;
    }

    /// <summary>Finds or mounts it.</summary>
    /// <exception cref="CaptureException">It is not mounted and may not be.</exception>
    public static TraceFileSystem Open()
    {
        if (FindReadable() is { } place)
            return new TraceFileSystem(place, isOurs: false);
        string folder = Directory.CreateTempSubdirectory("callstackrules-tracefs-").FullName;
        int status = LinuxSystem.Mount("tracefs", folder);
        if (status < 0)
        {
            Directory.Delete(folder);
            throw LinuxRefusal.Of("mounting tracefs", status);
        }
        return new TraceFileSystem(folder, isOurs: true);
    }

    /// <summary>Why it cannot be read, in words; null when it can.</summary>
    public static string? FindProblem() =>
        FindReadable() is not null ? null
        : FindMounts().FirstOrDefault() is { } place ? $"tracefs at {place} may not be read"
        : "tracefs is not mounted ('sudo mount -t tracefs nodev /sys/kernel/tracing')";

    /// <summary>The number of a tracepoint; null when this kernel does not have it.</summary>
    /// <param name="name">As in <c>syscalls/sys_enter_openat</c>.</param>
    public int? FindTracepoint(string name)
    {
        string file = $"{_root}/events/{name}/id";
        return File.Exists(file) ? int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Where a field lies in a tracepoint's record.</summary>
    /// <exception cref="CaptureException">There is no such field.</exception>
    public int FieldOffset(string tracepoint, string field)
    {
        foreach ((string name, int offset) in ReadFields(tracepoint))
        {
            if (name == field)
                return offset;
        }
        throw new CaptureException($"The tracepoint {tracepoint} of this kernel has no {field}.");
    }

    /// <summary>How many arguments a system call has, by its entry tracepoint. A program that reads further is refused.</summary>
    public int CountArguments(string tracepoint) => ReadFields(tracepoint).Count(static field => field.Offset >= FirstArgumentOffset);

    public void Dispose()
    {
        if (!_isOurs)
            return;
        LinuxSystem.Unmount(_root);
        Directory.Delete(_root);
    }

    private static string? FindReadable() => UsualPlaces.Concat(FindMounts()).FirstOrDefault(static place => Directory.Exists(place + "/events/sched"));

    /// <summary>Where it is mounted, as the kernel says: device, folder, kind ...</summary>
    private static IEnumerable<string> FindMounts() =>
        File.ReadLines("/proc/self/mounts").Select(static line => line.Split(' ')).Where(static parts => parts is [_, _, "tracefs", ..]).Select(static parts => parts[1]);

    private IEnumerable<(string Name, int Offset)> ReadFields(string tracepoint)
    {
        foreach (string line in File.ReadLines($"{_root}/events/{tracepoint}/format"))
        {
            // As in: field:pid_t old_pid;  offset:16;  size:4;  signed:1;
            string[] parts = line.Split(';', StringSplitOptions.TrimEntries);
            if (parts.Length > 1 && parts[0].StartsWith("field:", StringComparison.Ordinal))
                yield return (parts[0][(parts[0].LastIndexOf(' ') + 1)..], int.Parse(parts[1].AsSpan("offset:".Length), CultureInfo.InvariantCulture));
        }
    }
}
