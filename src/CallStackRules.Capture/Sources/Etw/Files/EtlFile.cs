using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>
/// One <c>.etl</c> file that is read at any place, or one out of an archive (<c>.etl.zip</c>, <c>.diagsession</c>), which is unpacked into a temporary file first. What a
/// file is, is told from its content.
/// </summary>
/// <remarks>Not mapped into memory: a file that shrinks meanwhile would end the process.</remarks>
internal sealed class EtlFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    private EtlFile(string name, SafeFileHandle handle)
    {
        Name = name;
        _handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    private static ReadOnlySpan<byte> ZipSignature => "PK\u0003\u0004"u8;

    /// <summary>What to call it in messages: its path, and its name within an archive.</summary>
    public string Name { get; }

    /// <summary>Bytes of it.</summary>
    public long Length { get; }

    /// <summary>Where and why the unpacked file ends early; null when it is whole.</summary>
    public (long Offset, string Problem)? Damage { get; private init; }

    /// <summary>Whether a file is a trace, or an archive that holds one, or a damaged archive that may have.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static bool IsTrace(string path)
    {
        using FileStream file = OpenShared(path);
        if (BeginsLikeTrace(file))
            return true;
        try
        {
            using ZipArchive? archive = TryOpenArchive(file);
            return archive is not null && archive.Entries.Any(IsTrace);
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    /// <summary>Opens a file, or all traces of an archive.</summary>
    /// <param name="path">The file or archive.</param>
    /// <param name="largestUnpacked">Bytes that all traces of an archive together may be unpacked to.</param>
    /// <exception cref="IOException">The file cannot be read, or there is no room to unpack it, or it is larger than that.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">The file is no trace, or the archive is damaged.</exception>
    public static IReadOnlyList<EtlFile> Open(string path, long largestUnpacked = RecordedFiles.LargestUnpacked)
    {
        using FileStream file = OpenShared(path);
        if (BeginsLikeTrace(file))
            return [new EtlFile(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))];
        var files = new List<EtlFile>();
        long room = largestUnpacked;
        try
        {
            using ZipArchive? archive = OpenArchive(path, file);
            foreach (ZipArchiveEntry entry in archive?.Entries ?? [])
            {
                if (!IsTrace(path, entry))
                    continue;
                if (entry.Length > room)
                    throw RecordedFiles.TooLarge(path, largestUnpacked);
                files.Add(Unpack(path, entry));
                room -= files[^1].Length;
            }
        }
        catch
        {
            files.ForEach(opened => opened.Dispose());
            throw;
        }
        return files.Count > 0 ? files : throw new InvalidDataException($"{path}: byte 0: this is no trace of ETW, and no archive that holds one.");
    }

    /// <summary>Reads some bytes.</summary>
    /// <returns>How many, less than asked for at the end of the file or where it cannot be read.</returns>
    public int Read(long offset, Span<byte> bytes)
    {
        int read = 0;
        try
        {
            while (read < bytes.Length && RandomAccess.Read(_handle, bytes[read..], offset + read) is var more and > 0)
                read += more;
        }
        catch (IOException)
        {
            // What is not read is missing, and whoever needs it says where.
        }
        return read;
    }

    public void Dispose() => _handle.Dispose();

    private static FileStream OpenShared(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    // The first buffer holds the header of the trace: an event of the kernel of group 0 and kind 0.
    private static bool BeginsLikeTrace(Stream content)
    {
        Span<byte> head = stackalloc byte[BufferHeader.Length + 8];
        int length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> record = head[BufferHeader.Length..];
        return length == head.Length && BufferHeader.TryRead(head, long.MaxValue, out BufferHeader header) && !header.IsCompressed
            && (RecordKind)record[2] is RecordKind.System32 or RecordKind.System64 && record[3] == 0xC0 && record[6] == 0 && record[7] == 0;
    }

    /// <summary>Opens an archive and reads its list of files; null when it is none.</summary>
    private static ZipArchive? OpenArchive(string path, FileStream file)
    {
        try
        {
            ZipArchive? archive = TryOpenArchive(file);
            _ = archive?.Entries;
            return archive;
        }
        catch (InvalidDataException damage)
        {
            throw new InvalidDataException($"{path}: byte {file.Length}: the archive's list of files, which stands at its end, is damaged or cut off: {damage.Message}", damage);
        }
    }

    private static ZipArchive? TryOpenArchive(FileStream file)
    {
        Span<byte> head = stackalloc byte[ZipSignature.Length];
        file.Position = 0;
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(ZipSignature) ? new ZipArchive(file) : null;
    }

    private static bool IsTrace(ZipArchiveEntry entry)
    {
        using Stream content = entry.Open();
        return BeginsLikeTrace(content);
    }

    private static bool IsTrace(string path, ZipArchiveEntry entry)
    {
        try
        {
            return IsTrace(entry);
        }
        catch (InvalidDataException damage)
        {
            if (!entry.Name.EndsWith(".etl", StringComparison.OrdinalIgnoreCase))
                return false;
            throw new InvalidDataException($"{path}/{entry.FullName}: byte 0: the archive's compression is damaged from here on: {damage.Message}", damage);
        }
    }

    private static EtlFile Unpack(string path, ZipArchiveEntry entry)
    {
        string temporary = Path.GetTempFileName();
        SafeFileHandle handle = File.OpenHandle(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
        string name = $"{path}/{entry.FullName}";
        long written = 0;
        try
        {
            byte[] chunk = new byte[256 * 1024];
            using Stream content = entry.Open();
            // No more than the archive says, whatever comes out of it.
            while (written < entry.Length && content.Read(chunk, 0, (int)Math.Min(chunk.Length, entry.Length - written)) is var read and > 0)
            {
                RandomAccess.Write(handle, chunk.AsSpan(0, read), written);
                written += read;
            }
            return new EtlFile(name, handle);
        }
        catch (InvalidDataException damage)
        {
            return new EtlFile(name, handle) { Damage = (written, $"the archive's compression is damaged from here on, and what follows is left out: {damage.Message}") };
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
