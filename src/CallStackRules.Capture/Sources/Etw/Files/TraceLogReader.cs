using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Etlx;

namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>
/// Reads traces that TraceEvent has converted (<c>.etlx</c>), and those of .NET's event pipe (<c>.nettrace</c>), which it converts first. TraceEvent has joined their
/// stacks; events of the kernel that carry nothing but stacks are not in them any more.
/// </summary>
public sealed class TraceLogReader : IRawEventReader
{
    private readonly TraceLog _log;
    private readonly IEnumerator<TraceEvent> _events;
    private readonly string? _temporary;
    private readonly ulong[] _stack = new ulong[EtlRecord.DeepestStack];
    private readonly string _path;
    private long _read;

    /// <summary>Opens a trace; one of the event pipe is converted into a temporary file.</summary>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or there is no room to convert it; the message names it.</exception>
    public TraceLogReader(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        _path = path;
        try
        {
            if (FormatOf(path) == Format.EventPipe)
                TraceLog.CreateFromEventPipeDataFile(path, _temporary = Path.GetTempFileName());
            _log = new TraceLog(_temporary ?? path);
            _events = ((IEnumerable<TraceEvent>)_log.Events).GetEnumerator();
            Clock = new TraceClock(0, _log.SessionStartTime.ToUniversalTime().Ticks, TimeSpan.TicksPerSecond);
        }
        catch (Exception e) when (IsDamage(e))
        {
            Dispose();
            string place = FindDamage(path) is { } offset ? $"near byte {offset}" : "before event 1";
            throw new InvalidDataException($"{path}: {place}: the trace is damaged, of a version that is not known, or there is no room to convert it: {e.Message}", e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private enum Format
    {
        Other,
        TraceLog,
        EventPipe,
    }

    /// <inheritdoc/>
    /// <remarks>TraceEvent gives times relative to the start of the trace; these are its timestamps here.</remarks>
    public TraceClock Clock { get; }

    /// <inheritdoc/>
    public int PointerSize => _log.PointerSize;

    /// <inheritdoc/>
    public long Lost => _log.EventsLost;

    /// <summary>Whether a file is such a trace, by its content.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static bool IsTrace(string path) => FormatOf(path) != Format.Other;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The trace is damaged; the message names the file and the number of the event, as TraceEvent does not say at which byte it is.</exception>
    public bool TryRead(out RawEvent e)
    {
        try
        {
            _read++;
            if (_events.MoveNext())
            {
                e = Current();
                return true;
            }
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            throw new InvalidDataException($"{_path}: event {_read}: the trace is damaged from here on: {damage.Message}", damage);
        }
        e = default;
        return false;
    }

    private unsafe RawEvent Current()
    {
        TraceEvent found = _events.Current;
        bool isClassic = found.IsClassicProvider;
        return new RawEvent
        {
            Provider = isClassic ? found.TaskGuid : found.ProviderGuid,
            Id = isClassic ? (ushort)0 : (ushort)found.ID,
            Version = (byte)found.Version,
            Opcode = (byte)found.Opcode,
            Task = isClassic ? (ushort)0 : (ushort)found.Task,
            Keywords = (ulong)found.Keywords,
            Flags = (isClassic ? RawEventFlags.Classic : RawEventFlags.None) | (found.PointerSize == 4 ? RawEventFlags.Pointers32 : RawEventFlags.Pointers64),
            ProcessId = found.ProcessID,
            ThreadId = found.ThreadID,
            Timestamp = (long)(found.TimeStampRelativeMSec * TimeSpan.TicksPerMillisecond),
            Processor = (ushort)found.ProcessorNumber,
            // Valid until the enumerator moves on.
            Data = new ReadOnlySpan<byte>((void*)found.DataStart, found.EventDataLength),
            Stack = StackOf(found),
        };
    }

    /// <summary>
    /// TraceEvent says with many kinds of exceptions that a file is not what it should be: of a length that is made up, that there is no memory for it; of a place that is, that
    /// the system cannot go there.
    /// </summary>
    private static bool IsDamage(Exception e) => e is not (FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException);

    /// <summary>Closes the file, and removes the one that it was converted to.</summary>
    public void Dispose()
    {
        _events?.Dispose();
        _log?.Dispose();
        if (_temporary is not null)
            File.Delete(_temporary);
    }

    private ReadOnlySpan<ulong> StackOf(TraceEvent e)
    {
        int depth = 0;
        TraceCallStacks stacks = _log.CallStacks;
        for (CallStackIndex at = _log.GetCallStackIndexForEvent(e); at != CallStackIndex.Invalid && depth < _stack.Length; at = stacks.Caller(at))
            _stack[depth++] = _log.CodeAddresses.Address(stacks.CodeAddressIndex(at));
        return _stack.AsSpan(0, depth);
    }

    /// <summary>How far TraceEvent has read a trace of the event pipe when it finds the damage; null when it can be to its end, or is of another kind.</summary>
    private static long? FindDamage(string path)
    {
        if (FormatOf(path) != Format.EventPipe)
            return null;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        EventPipeEventSource? source = null;
        try
        {
            source = new EventPipeEventSource(file);
            source.Process();
            return null;
        }
        catch (Exception e) when (IsDamage(e))
        {
            // It closes the file where it cannot begin.
            return file.CanSeek ? file.Position : null;
        }
        finally
        {
            source?.Dispose();
        }
    }

    private static Format FormatOf(string path)
    {
        Span<byte> head = stackalloc byte[128];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (head.StartsWith("Nettrace"u8))
            return Format.EventPipe;
        bool isSerialized = head.Length > 4 && head[4..].StartsWith("!FastSerialization.1"u8);
        return isSerialized && head.IndexOf("TraceLog"u8) >= 0 ? Format.TraceLog : Format.Other;
    }
}
