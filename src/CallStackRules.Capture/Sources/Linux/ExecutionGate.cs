using System.Buffers.Binary;
using CallStackRules.Capture.Sources.Linux.Interop;

namespace CallStackRules.Capture.Sources.Linux;

/// <summary>
/// Holds every program that is about to run until it is answered whether it may: fanotify(7) permission events of the mounted file systems.
/// </summary>
/// <remarks>
/// <para>
/// It fails open. When this process ends, however it ends, the kernel lets all held programs run; when nobody has asked for events for <see cref="LongestSilence"/>, a
/// watchdog closes the gate for good; and when not even the watchdog runs, because the process was stopped, a timer of the kernel's ends it after
/// <see cref="LongestStop"/>.
/// </para>
/// <para>
/// An event has 24 bytes (struct fanotify_event_metadata): u32 length, u8 version, u8, u16 length of these, u64 mask, s32 descriptor of the file, s32 thread. An answer
/// is that descriptor and 1 to allow or 2 to deny.
/// </para>
/// </remarks>
internal sealed class ExecutionGate : IDisposable
{
    /// <summary>How long the reader may be silent before the watchdog lets everything run.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(2);

    /// <summary>How long this process may be stopped before the kernel ends it.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    /// <summary>Milliseconds between two times that its end is put off.</summary>
    private const int PutOffInterval = 500;

    private const uint ClassContent = 0x4;
    private const uint CloseOnExec = 0x1;
    private const uint DoNotBlock = 0x2;
    private const uint ReportThread = 0x100;
    private const uint OpenCloseOnExec = 0x80000;
    private const uint MarkAdd = 0x1;
    private const uint MarkFileSystem = 0x100;
    private const ulong OpenToExecute = 0x40000;
    private const uint Allow = 1;
    private const uint Deny = 2;
    private const int EventSize = 24;

    private readonly byte[] _buffer = new byte[4096];
    private readonly KillTimer? _end = KillTimer.Create();
    private readonly Timer _watchdog;
    private readonly Lock _closing = new();
    private int _place;
    private int _length;
    private long _lastAsked;
    private long _lastPutOff;
    private bool _isClosed;

    private ExecutionGate(int descriptor)
    {
        Descriptor = descriptor;
        _lastAsked = Environment.TickCount64;
        PutOff();
        _watchdog = new Timer(Watch, null, LongestSilence, LongestSilence / 4);
    }

    /// <summary>Can be waited for: readable when a program is held.</summary>
    public int Descriptor { get; }

    /// <summary>Whether a program is held that <see cref="TryTake"/> has read already and not told yet: <see cref="Descriptor"/> is not readable for it.</summary>
    public bool HasMore => _place + EventSize <= _length;

    /// <summary>Whether the watchdog has closed the gate.</summary>
    public bool HasFailedOpen { get; private set; }

    /// <summary>Begins to hold programs.</summary>
    /// <exception cref="CaptureException">The system refuses.</exception>
    public static ExecutionGate Open()
    {
        int descriptor = LinuxSystem.FanotifyInit(ClassContent | CloseOnExec | DoNotBlock | ReportThread, OpenCloseOnExec);
        if (descriptor < 0)
            throw LinuxRefusal.Of("listening for programs that are about to run (fanotify, which needs CAP_SYS_ADMIN)", descriptor);
        int marked = 0;
        int refusal = 0;
        foreach (string folder in MountedFolders())
        {
            int status = LinuxSystem.FanotifyMark(descriptor, MarkAdd | MarkFileSystem, OpenToExecute, folder);
            if (status < 0)
                refusal = status;
            else
                marked++;
        }
        if (marked > 0)
            return new ExecutionGate(descriptor);
        LinuxSystem.Close(descriptor);
        throw LinuxRefusal.Of("holding programs of the mounted file systems", refusal);
    }

    /// <summary>Takes the next held program.</summary>
    /// <param name="thread">The thread that asks to run it.</param>
    /// <param name="file">Names it when it is answered.</param>
    public bool TryTake(out int thread, out int file)
    {
        Volatile.Write(ref _lastAsked, Environment.TickCount64);
        PutOff();
        thread = 0;
        file = -1;
        if (!HasMore)
        {
            _place = 0;
            lock (_closing)
                _length = _isClosed ? 0 : Math.Max(0, LinuxSystem.Read(Descriptor, _buffer));
            if (_length < EventSize)
                return false;
        }
        ReadOnlySpan<byte> held = _buffer.AsSpan(_place);
        file = BinaryPrimitives.ReadInt32LittleEndian(held[16..]);
        thread = BinaryPrimitives.ReadInt32LittleEndian(held[20..]);
        _place += Math.Max(EventSize, (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(held), (uint)(_length - _place)));
        return file >= 0;
    }

    /// <summary>Lets a held program run, or not.</summary>
    public void Answer(int file, bool allow)
    {
        Span<byte> answer = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(answer, file);
        BinaryPrimitives.WriteUInt32LittleEndian(answer[4..], allow ? Allow : Deny);
        lock (_closing)
        {
            if (!_isClosed)
                LinuxSystem.Write(Descriptor, answer);
        }
        LinuxSystem.Close(file);
    }

    public void Dispose()
    {
        _watchdog.Dispose();
        Close();
    }

    /// <summary>Folders on which file systems are mounted that can hold programs.</summary>
    private static IEnumerable<string> MountedFolders()
    {
        // Where nothing can be run from, or marks are refused.
        string[] withoutPrograms = ["proc", "sysfs", "cgroup", "cgroup2", "devpts", "mqueue", "debugfs", "tracefs", "bpf", "securityfs", "pstore", "configfs", "fusectl", "autofs"];
        foreach (string line in File.ReadLines("/proc/self/mounts"))
        {
            string[] parts = line.Split(' ');
            if (parts.Length > 2 && !withoutPrograms.Contains(parts[2], StringComparer.Ordinal))
                yield return parts[1].Replace("\\040", " ", StringComparison.Ordinal);
        }
    }

    private void Watch(object? state)
    {
        if (Environment.TickCount64 - Volatile.Read(ref _lastAsked) <= LongestSilence.TotalMilliseconds)
        {
            PutOff();
            return;
        }
        HasFailedOpen = true;
        Close();
    }

    private void PutOff()
    {
        long now = Environment.TickCount64;
        if (now - Volatile.Read(ref _lastPutOff) < PutOffInterval)
            return;
        Volatile.Write(ref _lastPutOff, now);
        lock (_closing)
        {
            if (!_isClosed)
                _end?.PutOff(LongestStop);
        }
    }

    private void Close()
    {
        lock (_closing)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _end?.Dispose();
            LinuxSystem.Close(Descriptor);
        }
    }
}
