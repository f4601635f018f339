using System.Collections.Concurrent;
using System.Security.Cryptography;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Symbols;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Memory;

/// <summary>
/// What files are, beyond their paths, for the thread that reads events. They are looked at on a thread of their own, each once as long as its length and times stay the same. The
/// first who asks waits for a moment, so that a rule finds a program the first time it runs; what takes longer is there the next time. Everything is bounded: files that wait, looks
/// that are kept, bytes of a file.
/// </summary>
internal sealed class FileLooks : IDisposable
{
    /// <summary>How long who asks waits for an answer.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    private const int MostFiles = 16 * 1024;
    private const int MostWaiting = 1024;
    private const long LargestHashed = 256L << 20;

    // As many as the field has.
    private const int HeaderLength = 16;

    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(1);
    private static readonly FileFacts Nothing = new();

    private readonly SourceStatistics _statistics;
    private readonly CaptureStatistics _capture;
    private readonly Func<bool> _mayWait;
    private readonly Func<string, SafeFileHandle, SignatureFacts?> _check;
    private readonly TimeSpan _wait;
    private readonly Dictionary<string, Look> _looks = new(StringComparer.OrdinalIgnoreCase);
    private readonly BlockingCollection<Task> _waiting = new(MostWaiting);
    private readonly Thread _thread;
    private volatile bool _isEnding;

    /// <summary>Begins.</summary>
    /// <param name="statistics">Counts what was not read in time.</param>
    /// <param name="capture">Counts what came of digests.</param>
    /// <param name="mayWait">Whether there is time to wait: nothing is lost meanwhile.</param>
    /// <param name="check">Checks the signature of an open file.</param>
    /// <param name="wait">How long who asks waits; null for <see cref="LongestWait"/>.</param>
    public FileLooks(SourceStatistics statistics, CaptureStatistics capture, Func<bool> mayWait, Func<string, SafeFileHandle, SignatureFacts?> check, TimeSpan? wait = null)
    {
        _statistics = statistics;
        _capture = capture;
        _mayWait = mayWait;
        _check = check;
        _wait = wait ?? LongestWait;
        _thread = new Thread(LookAtAll) { Name = "files", IsBackground = true };
        _thread.Start();
    }

    /// <summary>What a file is; null when it is not known yet. Of one that cannot be read, nothing in it is set.</summary>
    public FileFacts? At(string path)
    {
        if (!TryGetState(path, out State state))
            return Nothing;
        if (_looks.TryGetValue(path, out Look known) && known.State == state)
        {
            if (!known.Facts.IsCompleted)
                return null;
            _capture.HashesKnown++;
            return known.Facts.Result;
        }
        var look = new Task<FileFacts>(() => Read(path, state.Length));
        if (_waiting.TryAdd(look))
        {
            Keep(path, new Look(state, look));
            if (IsAnswered(look))
            {
                _ = look.Result == Nothing ? _capture.HashesRefused++ : _capture.HashesComputed++;
                return look.Result;
            }
        }
        _capture.HashesLate++;
        return null;
    }

    /// <summary>The first bytes of a file, hexadecimal; null when it is empty, cannot be read, or that takes too long.</summary>
    public string? Header(string path)
    {
        var look = new Task<string?>(() => ReadHeader(path));
        if (_waiting.TryAdd(look) && IsAnswered(look))
            return look.Result;
        _statistics.CountFieldProblem("beginning of a file not read in time");
        return null;
    }

    /// <summary>Whether the content of a file is not here, and would be fetched to be read: FILE_ATTRIBUTE_OFFLINE, _RECALL_ON_OPEN and _RECALL_ON_DATA_ACCESS of winnt.h.</summary>
    public static bool LiesElsewhere(FileAttributes attributes) => (attributes & (FileAttributes.Offline | (FileAttributes)0x44_0000)) != 0;

    /// <summary>Ends the thread. One that hangs in a file system which does not answer is left behind.</summary>
    public void Dispose()
    {
        _isEnding = true;
        _waiting.CompleteAdding();
        if (_thread.Join(LongestEnd))
            _waiting.Dispose();
    }

    private void LookAtAll()
    {
        foreach (Task look in _waiting.GetConsumingEnumerable())
        {
            if (_isEnding)
                return;
            look.RunSynchronously();
        }
    }

    private bool IsAnswered(Task look) => look.IsCompleted || (_mayWait() && look.Wait(_wait));

    private void Keep(string path, Look look)
    {
        if (_looks.Count == MostFiles && !_looks.ContainsKey(path))
        {
            _capture.HashesForgotten += _looks.Count;
            _looks.Clear();
        }
        _looks[path] = look;
    }

    private static bool TryGetState(string path, out State state)
    {
        try
        {
            var file = new FileInfo(path);
            state = new State(file.Exists ? file.Length : 0, file.LastWriteTimeUtc.Ticks, file.CreationTimeUtc.Ticks);
            return file.Exists && !LiesElsewhere(file.Attributes);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            state = default;
            return false;
        }
    }

    private FileFacts Read(string path, long length)
    {
        try
        {
            // Nobody may write to the file, or put another one in its place, between the looks.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            string? hash = length <= LargestHashed ? Convert.ToHexStringLower(SHA256.HashData(file)) : null;
            file.Position = 0;
            return new FileFacts { Sha256 = hash, OriginalFileName = OriginalFileName(file), Signature = _check(path, file.SafeFileHandle) };
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return Nothing;
        }
    }

    /// <summary>Others may write to the file, rename and delete it meanwhile.</summary>
    private static string? ReadHeader(string path)
    {
        try
        {
            if (LiesElsewhere(File.GetAttributes(path)))
                return null;
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> bytes = stackalloc byte[HeaderLength];
            int length = RandomAccess.Read(file, bytes, 0);
            return length == 0 ? null : Convert.ToHexStringLower(bytes[..length]);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return null;
        }
    }

    private static string? OriginalFileName(FileStream file)
    {
        try
        {
            return PeVersion.OriginalFileName(file);
        }
        catch (BadImageFormatException)
        {
            // No image, or one that is damaged: it has no name.
            return null;
        }
    }

    private static bool IsRefusal(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException;

    private readonly record struct State(long Length, long Written, long Created);

    private readonly record struct Look(State State, Task<FileFacts> Facts);
}
