using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CallStackRules.Capture.Sources.Recordings;

/// <summary>What <see cref="RecordingFile.Read"/> found.</summary>
internal enum RecordingPart
{
    /// <summary>A block, unpacked and as its check sum says.</summary>
    Block,
    /// <summary>Bytes that are no block; reading goes on with the next one.</summary>
    Damaged,
    /// <summary>The end that was written last.</summary>
    End,
    /// <summary>The file ended without it.</summary>
    Cut,
}

/// <summary>The blocks of a recording, one after the other.</summary>
internal sealed class RecordingFile : IDisposable
{
    /// <summary>
    /// Places in a row at which a block begins that cannot be read. One that was written over does not look like so many; a file of nothing but beginnings would be searched for days.
    /// </summary>
    private const int MostDamagedInARow = 1000;

    private readonly FileStream _file;
    private int _damagedInARow;
    private byte[] _packed = [];
    private byte[] _block = [];
    private int _blockLength;

    private RecordingFile(string path)
    {
        Path = path;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 64 * 1024);
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>The fields that the file has numbers for, from 1.</summary>
    public IReadOnlyList<(RecordedKind Kind, string Path)> Fields { get; private set; } = [];

    /// <summary>The byte up to which it was read.</summary>
    public long Position => _file.Position;

    /// <summary>The byte at which the last block began.</summary>
    public long BlockStart { get; private set; }

    /// <summary>The last block, unpacked; valid until the next is read.</summary>
    public ReadOnlyMemory<byte> Block => _block.AsMemory(0, _blockLength);

    /// <summary>Events that the last block says it has.</summary>
    public int Events { get; private set; }

    /// <summary>Events that the end says were dropped.</summary>
    public long Dropped { get; private set; }

    /// <summary>What is wrong, after <see cref="RecordingPart.Damaged"/>.</summary>
    public string Damage { get; private set; } = "";

    /// <summary>Opens a recording.</summary>
    /// <exception cref="InvalidDataException">It is none, is of a newer version, or its beginning is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static RecordingFile Open(string path)
    {
        var file = new RecordingFile(path);
        try
        {
            file.ReadHeader();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Goes to the next block.</summary>
    public RecordingPart Read()
    {
        Events = 0;
        BlockStart = _file.Position;
        Span<byte> header = stackalloc byte[RecordingLayout.BlockHeaderSize];
        int length = _file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (length == 0)
            return RecordingPart.Cut;
        if (header.StartsWith(RecordingLayout.EndMark))
            return ReadEnd();
        if (!header.StartsWith(RecordingLayout.BlockMark))
            return FindNext("there is no block at this byte, where one should begin.");
        if (length < header.Length)
            return RecordingPart.Cut;
        Events = BinaryPrimitives.ReadInt32LittleEndian(header[RecordingLayout.MarkSize..]);
        // An event has at least the byte that ends it.
        if (Events < 0 || !TryReadSection(header[(RecordingLayout.MarkSize + 4)..], out string problem))
        {
            Events = 0;
            return FindNext("the block that begins at this byte has impossible lengths.");
        }
        if (problem.Length == 0)
        {
            _damagedInARow = 0;
            return RecordingPart.Block;
        }
        Events = Math.Min(Events, RecordingLayout.MostSectionBytes);
        return FindNext($"the block that begins at this byte is damaged: {problem}");
    }

    public void Dispose() => _file.Dispose();

    private void ReadHeader()
    {
        Span<byte> header = stackalloc byte[RecordingLayout.FileHeaderSize + RecordingLayout.SectionHeaderSize];
        if (_file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !header.StartsWith(RecordingLayout.FileMark))
            throw new InvalidDataException("this is no recording of the sensor.");
        int version = BinaryPrimitives.ReadUInt16LittleEndian(header[RecordingLayout.MarkSize..]);
        if (version > RecordingLayout.Version)
        {
            throw new InvalidDataException(
                $"the recording is of format {version}, and this program reads up to {RecordingLayout.Version}: read it with the version that wrote it, or a newer one.");
        }
        if (!TryReadSection(header[RecordingLayout.FileHeaderSize..], out string problem) || problem.Length > 0)
            throw new InvalidDataException($"the table of fields at the beginning of the recording is damaged{(problem.Length > 0 ? $": {problem}" : "")}.");
        Fields = ReadFields();
    }

    private List<(RecordedKind Kind, string Path)> ReadFields()
    {
        const int mostFields = 64 * 1024;
        var fields = new List<(RecordedKind, string)>();
        try
        {
            using var reader = new BinaryReader(new MemoryStream(_block, 0, _blockLength), Encoding.UTF8);
            int count = reader.Read7BitEncodedInt();
            for (int i = 0; i < Math.Min(count, mostFields); i++)
                fields.Add(((RecordedKind)reader.ReadByte(), reader.ReadString()));
            return fields;
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or IOException)
        {
            throw new InvalidDataException("the table of fields at the beginning of the recording is damaged.", e);
        }
    }

    /// <summary>Reads a section whose lengths are given.</summary>
    /// <param name="header">The lengths.</param>
    /// <param name="problem">What is wrong with the bytes; empty when nothing is.</param>
    /// <returns>False when the lengths cannot be.</returns>
    private bool TryReadSection(ReadOnlySpan<byte> header, out string problem)
    {
        problem = "";
        int packedLength = BinaryPrimitives.ReadInt32LittleEndian(header);
        int length = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        if (packedLength is <= 0 or > RecordingLayout.MostSectionBytes || length is < 0 or > RecordingLayout.MostSectionBytes)
            return false;
        if (_packed.Length < packedLength)
            _packed = new byte[packedLength];
        if (_block.Length < length)
            _block = new byte[length];
        if (_file.ReadAtLeast(_packed.AsSpan(0, packedLength), packedLength, throwOnEndOfStream: false) < packedLength)
        {
            problem = "the file ends inside it.";
            return true;
        }
        try
        {
            using var unpacker = new ZLibStream(new MemoryStream(_packed, 0, packedLength), CompressionMode.Decompress);
            _blockLength = unpacker.ReadAtLeast(_block.AsSpan(0, length), length, throwOnEndOfStream: false);
            // Reading on to the end compares the check sum.
            if (_blockLength < length || unpacker.ReadByte() >= 0)
                problem = "it unpacks to another length than it says.";
        }
        catch (InvalidDataException e)
        {
            problem = e.Message;
        }
        return true;
    }

    private RecordingPart ReadEnd()
    {
        _file.Position = BlockStart + RecordingLayout.MarkSize;
        Span<byte> counts = stackalloc byte[16];
        if (_file.ReadAtLeast(counts, counts.Length, throwOnEndOfStream: false) < counts.Length)
            return RecordingPart.Cut;
        Dropped = BinaryPrimitives.ReadInt64LittleEndian(counts[8..]);
        return RecordingPart.End;
    }

    /// <summary>Searches for the next mark behind the beginning of what is damaged.</summary>
    private RecordingPart FindNext(string damage)
    {
        Damage = damage;
        if (++_damagedInARow > MostDamagedInARow)
        {
            Damage = $"more than {MostDamagedInARow} blocks in a row are damaged; the rest of the file, from this byte on, is left out.";
            _file.Position = _file.Length;
            return RecordingPart.Damaged;
        }
        long start = BlockStart + 1;
        byte[] window = new byte[64 * 1024];
        while (true)
        {
            _file.Position = start;
            int length = _file.ReadAtLeast(window, window.Length, throwOnEndOfStream: false);
            ReadOnlySpan<byte> read = window.AsSpan(0, length);
            int block = read.IndexOf(RecordingLayout.BlockMark);
            int end = read.IndexOf(RecordingLayout.EndMark);
            int found = block < 0 ? end : end < 0 ? block : Math.Min(block, end);
            if (found >= 0)
            {
                _file.Position = start + found;
                return RecordingPart.Damaged;
            }
            if (length < window.Length)
                return RecordingPart.Damaged;
            // A mark may lie across the border.
            start += length - RecordingLayout.MarkSize + 1;
        }
    }
}
