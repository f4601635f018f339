using System.Security.Cryptography;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Symbols;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Memory;

/// <summary>What files are, beyond their paths. Each is looked at once as long as its length and times stay the same. Bounded: when there are too many, all are forgotten.</summary>
/// <param name="statistics">Counts when all were forgotten.</param>
/// <param name="check">Checks the signature of an open file.</param>
internal sealed class FileLooks(SourceStatistics statistics, Func<string, SafeFileHandle, SignatureFacts?> check)
{
    private const int MostFiles = 16 * 1024;

    // Hashing more would hold the reading thread up for too long.
    private const long LargestHashed = 64 << 20;

    // As many as the field has.
    private const int HeaderLength = 16;

    private readonly Dictionary<string, Look> _looks = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What a file is; null when it cannot be read.</summary>
    public FileFacts? At(string path)
    {
        try
        {
            var now = new FileInfo(path);
            var state = new State(now.Length, now.LastWriteTimeUtc.Ticks, now.CreationTimeUtc.Ticks);
            if (_looks.TryGetValue(path, out Look known) && known.State == state)
                return known.Facts;
            FileFacts facts = Read(path, state.Length);
            if (_looks.Count == MostFiles && !_looks.ContainsKey(path))
            {
                statistics.CountFieldProblem("too many files that were looked at: all were forgotten");
                _looks.Clear();
            }
            _looks[path] = new Look(state, facts);
            return facts;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The first bytes of a file, hexadecimal; null when it is empty or cannot be read. Others may write to it, rename and delete it meanwhile.</summary>
    public static string? Header(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> bytes = stackalloc byte[HeaderLength];
            int length = RandomAccess.Read(file, bytes, 0);
            return length == 0 ? null : Convert.ToHexStringLower(bytes[..length]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private FileFacts Read(string path, long length)
    {
        // Nobody may write to the file, or put another one in its place, between the looks.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        string? hash = length <= LargestHashed ? Convert.ToHexStringLower(SHA256.HashData(file)) : null;
        file.Position = 0;
        return new FileFacts { Sha256 = hash, OriginalFileName = OriginalFileName(file), Signature = check(path, file.SafeFileHandle) };
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

    private readonly record struct State(long Length, long Written, long Created);

    private readonly record struct Look(State State, FileFacts Facts);
}
