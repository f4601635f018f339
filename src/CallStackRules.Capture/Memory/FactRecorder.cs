using System.IO.Compression;
using System.Text.Json;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Memory;

/// <summary>
/// Passes questions on and writes the answers to a file, from which <see cref="RecordedFacts"/> gives them again. When the file cannot be written any more, it is ended, and
/// answers are only counted: who asks gets them all the same.
/// </summary>
public sealed class FactRecorder : ISystemFacts
{
    /// <summary>What the name of a trace's file of answers has behind that of the trace.</summary>
    public const string Extension = ".facts";

    private const int MostPaths = 64 * 1024;

    private readonly ISystemFacts _facts;
    private readonly Dictionary<string, FileFacts> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<ImageIdentity> _symbols = [];
    private GZipStream? _file;

    /// <summary>Begins a file of answers.</summary>
    /// <param name="facts">Who is asked; owned by this.</param>
    /// <param name="path">The file; overwritten.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public FactRecorder(ISystemFacts facts, string path)
    {
        _facts = facts;
        _file = new GZipStream(System.IO.File.Create(path), CompressionLevel.Fastest);
        Write(new FactLine { Version = FactLine.CurrentVersion });
        foreach (Volume volume in facts.Volumes)
            Write(new FactLine { Device = volume.Device, Drive = volume.Drive });
    }

    /// <summary>Answers that the file does not have because it could not be written.</summary>
    public long NotWritten { get; private set; }

    /// <summary>Why the file could not be written; null when all is well.</summary>
    public string? Problem { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<Volume> Volumes => _facts.Volumes;

    /// <inheritdoc/>
    public string? DriveOf(string device)
    {
        string? answer = _facts.DriveOf(device);
        if (answer is not null)
            Write(new FactLine { Device = device, Drive = answer });
        return answer;
    }

    /// <inheritdoc/>
    public RegionFacts? Region(in MemoryQuestion question)
    {
        RegionFacts? answer = _facts.Region(question);
        if (answer is not null)
            Write(new FactLine { Of = Line(question), Region = answer });
        return answer;
    }

    /// <inheritdoc/>
    public long? PrivateBytes(in MemoryQuestion question)
    {
        long? answer = _facts.PrivateBytes(question);
        if (answer is not null)
            Write(new FactLine { Of = Line(question), PrivateBytes = answer });
        return answer;
    }

    /// <inheritdoc/>
    public int Read(in MemoryQuestion question, Span<byte> bytes)
    {
        int length = _facts.Read(question, bytes);
        if (length > 0)
            Write(new FactLine { Of = Line(question), Bytes = bytes[..length].ToArray() });
        return length;
    }

    /// <inheritdoc/>
    public FileFacts? File(string path)
    {
        FileFacts? answer = _facts.File(path);
        if (answer is null || (_files.TryGetValue(path, out FileFacts? written) && written == answer))
            return answer;
        if (_files.Count == MostPaths)
            _files.Clear();
        _files[path] = answer;
        Write(new FactLine { Path = path, File = answer });
        return answer;
    }

    /// <inheritdoc/>
    public string? Header(in FileQuestion question)
    {
        string? answer = _facts.Header(question);
        if (answer is not null)
            Write(new FactLine { Path = question.Path, Time = question.Time, Header = answer });
        return answer;
    }

    /// <inheritdoc/>
    public ISymbolSource? Symbols(in ImageIdentity image)
    {
        ISymbolSource? answer = _facts.Symbols(image);
        if (answer is PeExports exports && _symbols.Count < MostPaths && _symbols.Add(image))
            Write(new FactLine { Path = image.Path, Image = new ImageLine(image.Timestamp, image.Checksum, image.Size), Exports = exports.Exports });
        return answer;
    }

    /// <summary>Ends the file; answers are still given.</summary>
    public void End()
    {
        GZipStream? file = _file;
        _file = null;
        try
        {
            file?.Dispose();
        }
        catch (IOException e)
        {
            // What it still held is lost; how many answers that is nobody knows.
            NotWritten++;
            Problem = e.Message;
        }
    }

    /// <summary>Ends the file.</summary>
    public void Dispose()
    {
        End();
        _facts.Dispose();
    }

    private static QuestionLine Line(in MemoryQuestion question) => new(question.ProcessId, question.ProcessStart, question.Address, question.Time);

    private void Write(FactLine line)
    {
        if (_file is null)
        {
            NotWritten += Problem is null ? 0 : 1;
            return;
        }
        try
        {
            JsonSerializer.Serialize(_file, line, FactLines.Default.FactLine);
            _file.WriteByte((byte)'\n');
        }
        catch (IOException e)
        {
            NotWritten++;
            Problem = e.Message;
            End();
        }
    }
}
