using System.IO.Compression;

namespace CallStackRules.Capture.Sources;

/// <summary>What <see cref="LineReader.Read"/> found.</summary>
internal enum LineKind
{
    /// <summary>A line, without its end.</summary>
    Line,
    /// <summary>A line longer than <see cref="LineReader.LongestLine"/>; it was skipped.</summary>
    TooLong,
    /// <summary>The rest of the file cannot be read: damaged compression or a failing disk. Reading goes on with the next file.</summary>
    Damaged,
    /// <summary>All files have been read.</summary>
    End,
}

/// <summary>
/// The lines of text files one after the other, as bytes of a reused buffer. Files compressed with gzip are known by their first bytes, whatever their name.
/// </summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>Bytes a line may have; longer ones are skipped, so that a file without line ends cannot fill the memory.</summary>
    public const int LongestLine = 16 * 1024 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly IReadOnlyList<string> _files;
    private int _next;
    private FileStream? _file;
    private Stream? _stream;
    private long _bytesOfFilesRead;
    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    /// <exception cref="FileNotFoundException">One of the files is not there; known before the first line is read.</exception>
    public LineReader(IReadOnlyList<string> files)
    {
        TotalBytes = RecordedFiles.Measure(files);
        _files = files;
    }

    /// <summary>The file of the line last read; empty before the first.</summary>
    public string File { get; private set; } = "";

    /// <summary>The number of the line last read, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Whether the line last read has its end; the last of a file that was cut has not.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Bytes of all files, as they lie on the disk.</summary>
    public long TotalBytes { get; }

    /// <summary>Bytes of the files read so far, as they lie on the disk.</summary>
    public long BytesRead => _bytesOfFilesRead + (_file?.Position ?? 0);

    /// <summary>Why the file is damaged, after <see cref="LineKind.Damaged"/>.</summary>
    public string Damage { get; private set; } = "";

    /// <summary>Goes to the next line, whose bytes are valid until the next call.</summary>
    public LineKind Read(out ReadOnlyMemory<byte> line)
    {
        line = default;
        while (_stream is not null || _next < _files.Count)
        {
            try
            {
                if (_stream is null)
                    OpenNext();
                if (TryReadLine(out LineKind kind, out line))
                    return kind;
                CloseCurrent();
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                Line++;
                Damage = e.Message;
                CloseCurrent();
                return LineKind.Damaged;
            }
        }
        return LineKind.End;
    }

    private void OpenNext()
    {
        File = _files[_next++];
        Line = 0;
        _start = _end = 0;
        _stream = _file = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        Fill();
        ReadOnlySpan<byte> head = _buffer.AsSpan(0, _end);
        if (head.StartsWith<byte>([0x1F, 0x8B]))
        {
            _file.Position = 0;
            _stream = new GZipStream(_file, CompressionMode.Decompress);
            _end = 0;
            Fill();
            head = _buffer.AsSpan(0, _end);
        }
        if (head.StartsWith<byte>([0xFF, 0xFE]) || head.StartsWith<byte>([0xFE, 0xFF]))
            throw new InvalidDataException("The text is UTF-16; save it as UTF-8.");
        if (head.StartsWith(ByteOrderMark))
            _start = ByteOrderMark.Length;
    }

    private bool TryReadLine(out LineKind kind, out ReadOnlyMemory<byte> line)
    {
        kind = LineKind.Line;
        line = default;
        IsWhole = false;
        int searched = 0;
        while (true)
        {
            int found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = Take(searched + found);
                _start++;
                IsWhole = true;
                break;
            }
            searched = _end - _start;
            if (searched > LongestLine)
            {
                kind = LineKind.TooLong;
                _start = _end;
                searched = 0;
            }
            if (Fill())
                continue;
            if (searched == 0 && kind == LineKind.Line)
                return false;
            line = Take(searched);
            break;
        }
        Line++;
        if (line.Length > LongestLine)
            kind = LineKind.TooLong;
        if (kind == LineKind.TooLong)
            line = default;
        return true;
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        var line = new ReadOnlyMemory<byte>(_buffer, _start, length);
        _start += length;
        return line.Span.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private bool Fill()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_start > 0 && _end == _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        int read = _stream!.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }

    private void CloseCurrent()
    {
        if (_file is not null)
            _bytesOfFilesRead += _file.Position;
        _stream?.Dispose();
        _stream = _file = null;
    }

    /// <summary>Closes the file being read.</summary>
    public void Dispose() => CloseCurrent();
}
