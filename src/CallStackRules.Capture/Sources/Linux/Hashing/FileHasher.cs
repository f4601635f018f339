using System.Collections.Concurrent;
using System.Security.Cryptography;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Interop;
using CallStackRules.Events;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Sources.Linux.Hashing;

/// <summary>
/// Reads files on a thread of its own and keeps their digests, by version: a file is read once as long as it stays the same. Everything is bounded: files that wait,
/// digests that are kept, bytes of a file.
/// </summary>
/// <remarks>The thread has the priority of the programs that are watched, not less: the thread that reads events waits for it, and a busy machine must not hide a program.</remarks>
internal sealed class FileHasher : IDisposable
{
    /// <summary>Bytes of the largest file that is read.</summary>
    public const long LargestFile = 256L << 20;

    /// <summary>Files that wait at most.</summary>
    public const int MostWaiting = 1024;

    /// <summary>Versions of files that are kept. When there are more, all are forgotten.</summary>
    public const int MostKept = 8192;

    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(1);

    private readonly BlockingCollection<FileToHash> _waiting = new(MostWaiting);
    private readonly ConcurrentDictionary<FileVersion, FileHashes?> _known = new();
    private readonly (IncrementalHash Hash, Action<FileHashes, string> Set)[] _digests;
    private readonly byte[] _bytes = new byte[256 * 1024];
    private readonly Thread _thread;
    private long _forgotten;
    private volatile bool _isEnding;

    /// <summary>Begins.</summary>
    /// <param name="kinds">The digests that are worked out.</param>
    public FileHasher(HashKinds kinds)
    {
        (HashKinds Kind, HashAlgorithmName Name, Action<FileHashes, string> Set)[] all =
        [
            (HashKinds.Md5, HashAlgorithmName.MD5, static (hashes, text) => hashes.Md5 = text),
            (HashKinds.Sha1, HashAlgorithmName.SHA1, static (hashes, text) => hashes.Sha1 = text),
            (HashKinds.Sha256, HashAlgorithmName.SHA256, static (hashes, text) => hashes.Sha256 = text),
            (HashKinds.Sha384, HashAlgorithmName.SHA384, static (hashes, text) => hashes.Sha384 = text),
            (HashKinds.Sha512, HashAlgorithmName.SHA512, static (hashes, text) => hashes.Sha512 = text),
        ];
        _digests = [.. all.Where(digest => kinds.HasFlag(digest.Kind)).Select(static digest => (IncrementalHash.CreateHash(digest.Name), digest.Set))];
        _thread = new Thread(AnswerAll) { Name = "hashes", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Versions of files that were forgotten because there were too many.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    /// <summary>The digests of a version. Takes no lock and does not wait.</summary>
    /// <param name="version">A version of a file.</param>
    /// <param name="hashes">Receives them; null when it was looked at and there are none.</param>
    /// <returns>Whether it was ever looked at.</returns>
    public bool TryFind(in FileVersion version, out FileHashes? hashes) => _known.TryGetValue(version, out hashes);

    /// <summary>Asks for the digests of a file.</summary>
    /// <returns>False when too many wait already; there will be no answer.</returns>
    public bool Ask(FileToHash file) => _waiting.TryAdd(file);

    /// <summary>Ends the thread. One that hangs in a file system which does not answer is left behind.</summary>
    public void Dispose()
    {
        _isEnding = true;
        _waiting.CompleteAdding();
        if (!_thread.Join(LongestEnd))
            return;
        foreach ((IncrementalHash hash, _) in _digests)
            hash.Dispose();
        _waiting.Dispose();
    }

    private void AnswerAll()
    {
        foreach (FileToHash file in _waiting.GetConsumingEnumerable())
        {
            if (_isEnding)
                return;
            try
            {
                Answer(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                file.Answer(HashOutcome.Refused, null);
            }
        }
    }

    private void Answer(FileToHash file)
    {
        using SafeFileHandle? handle = file.File is { } mapped ? mapped.OpenThrough(file.Link, file.ProcessId) : FileIdentity.OpenRegular(file.Link, out _);
        if (handle is null || !TryReadVersion(handle, out FileVersion version))
        {
            file.Answer(HashOutcome.Refused, null);
            return;
        }
        if (_known.TryGetValue(version, out FileHashes? known))
        {
            file.Answer(known is null ? HashOutcome.Refused : HashOutcome.Known, known);
            return;
        }
        bool isLasting = !version.IsFresh;
        FileHashes? hashes = version.Size > LargestFile ? null : Read(handle, version.Size);
        // What was read is of no version when it was changed meanwhile.
        if (hashes is not null && !(TryReadVersion(handle, out FileVersion after) && after == version))
        {
            file.Answer(HashOutcome.Refused, null);
            return;
        }
        if (isLasting)
            Keep(version, hashes);
        file.Answer(hashes is null ? HashOutcome.Refused : HashOutcome.Computed, hashes);
    }

    private void Keep(in FileVersion version, FileHashes? hashes)
    {
        if (_known.Count >= MostKept)
        {
            Interlocked.Add(ref _forgotten, _known.Count);
            _known.Clear();
        }
        _known[version] = hashes;
    }

    /// <summary>Reads a file of a size; null when it is longer or shorter.</summary>
    private FileHashes? Read(SafeFileHandle handle, long size)
    {
        long place = 0;
        while (!_isEnding && RandomAccess.Read(handle, _bytes, place) is > 0 and var read)
        {
            place += read;
            if (place > size)
                break;
            foreach ((IncrementalHash hash, _) in _digests)
                hash.AppendData(_bytes, 0, read);
        }
        var hashes = new FileHashes();
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        foreach ((IncrementalHash hash, Action<FileHashes, string> set) in _digests)
            set(hashes, Convert.ToHexStringLower(digest[..hash.GetHashAndReset(digest)]));
        return place == size ? hashes : null;
    }

    private static bool TryReadVersion(SafeFileHandle handle, out FileVersion version)
    {
        Span<byte> link = stackalloc byte[ProcLink.MostBytes];
        bool isThere = LinuxSystem.StatxBehind(ProcLink.Descriptor((int)handle.DangerousGetHandle(), link), out FileStatus status) == 0;
        version = FileVersion.Of(status);
        return isThere;
    }
}
