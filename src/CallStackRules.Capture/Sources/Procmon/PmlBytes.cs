using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Sources.Procmon;

/// <summary>
/// The bytes of a log, read on demand: tables and events lie anywhere in the file, and the file may be larger than the memory. A compressed log (zlib or gzip, known by
/// its first bytes) is unpacked into a temporary file first, because its tables are at the end.
/// </summary>
/// <remarks>Not mapped into memory: a file that shrinks meanwhile would end the process.</remarks>
internal sealed class PmlBytes : IDisposable
{
    private readonly SafeFileHandle _file;

    /// <summary>Opens a log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="largestUnpacked">Bytes that it may be unpacked to.</param>
    /// <exception cref="IOException">The file cannot be read, or there is no room for the unpacked one, or it is larger than that.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">Its compression is damaged.</exception>
    public PmlBytes(string path, long largestUnpacked = RecordedFiles.LargestUnpacked)
    {
        Path = path;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            Span<byte> head = stackalloc byte[2];
            int read = RandomAccess.Read(_file, head, 0);
            CompressedLength = RandomAccess.GetLength(_file);
            if (read == head.Length && Compression(head) is not CompressionKind.None)
            {
                SafeFileHandle packed = _file;
                using (packed)
                    _file = Unpack(path, packed, Compression(head), largestUnpacked);
            }
            Length = RandomAccess.GetLength(_file);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    private enum CompressionKind
    {
        None,
        Zlib,
        Gzip,
    }

    /// <summary>Path of the log, for messages.</summary>
    public string Path { get; }

    /// <summary>Bytes of the log.</summary>
    public long Length { get; }

    /// <summary>Bytes of the file as it lies on the disk.</summary>
    public long CompressedLength { get; }

    /// <summary>Whether a file begins like a log, compressed or not.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static bool IsLog(string path)
    {
        Span<byte> head = stackalloc byte[4];
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        int length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        CompressionKind compression = length < head.Length ? CompressionKind.None : Compression(head);
        if (compression == CompressionKind.None)
            return head.SequenceEqual(PmlHeader.Signature);
        file.Position = 0;
        try
        {
            using Stream content = Decompress(file, compression);
            return content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(PmlHeader.Signature);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Fills a buffer from a place in the log.</summary>
    /// <returns>The bytes read; fewer than asked for only at the end of the file.</returns>
    public int Read(long offset, Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = RandomAccess.Read(_file, buffer[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }
        return total;
    }

    /// <summary>What is wrong with the log, with its name and the place.</summary>
    public InvalidDataException Damage(long offset, string problem) => new($"{Path}: at byte 0x{offset:x}: {problem}");

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // RFC 1950: the method is deflate and both bytes together are a multiple of 31. RFC 1952: 1F 8B.
    private static CompressionKind Compression(ReadOnlySpan<byte> head) =>
        head[0] == 0x1F && head[1] == 0x8B ? CompressionKind.Gzip
        : (head[0] & 0x0F) == 8 && ((head[0] << 8) + head[1]) % 31 == 0 ? CompressionKind.Zlib
        : CompressionKind.None;

    private static Stream Decompress(Stream packed, CompressionKind kind) => kind == CompressionKind.Gzip
        ? new GZipStream(packed, CompressionMode.Decompress)
        : new ZLibStream(packed, CompressionMode.Decompress);

    private static SafeFileHandle Unpack(string path, SafeFileHandle packed, CompressionKind kind, long largest)
    {
        long offset = 0;
        string temporary = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName());
        SafeFileHandle unpacked = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        try
        {
            using var source = new FileStream(packed, FileAccess.Read);
            using Stream content = Decompress(source, kind);
            byte[] buffer = new byte[256 * 1024];
            for (int read = content.Read(buffer); read > 0; read = content.Read(buffer))
            {
                if (offset + read > largest)
                    throw RecordedFiles.TooLarge(path, largest);
                RandomAccess.Write(unpacked, buffer.AsSpan(0, read), offset);
                offset += read;
            }
            return unpacked;
        }
        catch (InvalidDataException e)
        {
            unpacked.Dispose();
            throw new InvalidDataException($"{path}: at byte 0x{offset:x}: the compression is damaged from about here on, counted in what is unpacked: {e.Message}", e);
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }
}
