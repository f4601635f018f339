using System.Text.Json;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Memory;

/// <summary>Answers that <see cref="FactRecorder"/> has written: to a question about memory the newest answer that was given for that place up to the time of the event.</summary>
public sealed class RecordedFacts : ISystemFacts
{
    /// <summary>Answers that a file may hold.</summary>
    public const int MostAnswers = 4 * 1024 * 1024;

    /// <summary>
    /// How much earlier than its recording a session may have stamped an event, or a process's start, in its own units: the trace is written by a second session, which
    /// stamps each event itself. 10 ms with the 10 MHz that Windows counts at.
    /// </summary>
    private const long Tolerance = 100_000;

    /// <summary>In place of a process's start, where an answer is about a file.</summary>
    private const long OfNoProcess = 0;

    /// <summary>Answers of other processes with the same number that are passed over to find one.</summary>
    private const int MostOfOthers = 64;

    private readonly List<Volume> _volumes = [];
    private readonly Dictionary<(int Process, ulong Page), List<Answer<RegionFacts>>> _regions = [];
    private readonly Dictionary<(int Process, ulong Allocation), List<Answer<long>>> _privateBytes = [];
    private readonly Dictionary<(int Process, ulong Address), List<Answer<byte[]>>> _bytes = [];
    private readonly Dictionary<string, FileFacts> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<Answer<string>>> _headers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<ImageIdentity, PeExports> _symbols = [];

    /// <summary>Reads a file of answers. One that ends early, because the disk was full or the sensor was killed, is used as far as it goes.</summary>
    /// <param name="path">The file, compressed with gzip or plain.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It is no such file, or damaged; the message names the file and the line.</exception>
    public RecordedFacts(string path)
    {
        using var lines = new LineReader([path]);
        while (true)
        {
            LineKind kind = lines.Read(out ReadOnlyMemory<byte> text);
            if (kind == LineKind.End)
                break;
            if (lines.Line > 1 && (kind == LineKind.Damaged || !lines.IsWhole))
            {
                Damage = $"{path}:{lines.Line}: the file ends early: the disk was full, or the sensor was killed. What comes before is used. {lines.Damage}";
                break;
            }
            if (kind != LineKind.Line)
                throw new InvalidDataException($"{path}:{lines.Line}: {(kind == LineKind.TooLong ? "the line is too long." : lines.Damage)}");
            try
            {
                Add(JsonSerializer.Deserialize(text.Span, FactLines.Default.FactLine), lines.Line, path);
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{path}:{lines.Line}: no recorded answer: {e.Message}", e);
            }
        }
        if (lines.Line == 0)
            throw new InvalidDataException($"{path}:1: the file is empty; record it anew.");
        Sort(_regions);
        Sort(_privateBytes);
        Sort(_bytes);
        Sort(_headers);
    }

    /// <summary>Where and why the file ends early; null when it is whole.</summary>
    public string? Damage { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Volume> Volumes => _volumes;

    /// <summary>None: all that were told are in <see cref="Volumes"/>.</summary>
    public string? DriveOf(string device) => null;

    /// <inheritdoc/>
    public RegionFacts? Region(in MemoryQuestion question) =>
        TryFind(_regions, question, Page(question.Address), out RegionFacts? answer) && answer!.Contains(question.Address) ? answer : null;

    /// <inheritdoc/>
    public long? PrivateBytes(in MemoryQuestion question) => TryFind(_privateBytes, question, question.Address, out long answer) ? answer : null;

    /// <inheritdoc/>
    public int Read(in MemoryQuestion question, Span<byte> bytes)
    {
        if (!TryFind(_bytes, question, question.Address, out byte[]? answer))
            return 0;
        int length = Math.Min(answer!.Length, bytes.Length);
        answer.AsSpan(0, length).CopyTo(bytes);
        return length;
    }

    /// <inheritdoc/>
    public FileFacts? File(string path) => _files.GetValueOrDefault(path);

    /// <inheritdoc/>
    public string? Header(in FileQuestion question) => TryFind(_headers, question.Path, OfNoProcess, question.Time, out string? answer) ? answer : null;

    /// <inheritdoc/>
    public ISymbolSource? Symbols(in ImageIdentity image) => _symbols.GetValueOrDefault(image);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Everything was read when the file was opened.
    }

    private static ulong Page(ulong address) => address >> 12;

    private static void Sort<TKey, T>(Dictionary<TKey, List<Answer<T>>> table)
        where TKey : notnull
    {
        foreach (List<Answer<T>> answers in table.Values)
            answers.Sort(static (left, right) => left.Time != right.Time ? left.Time.CompareTo(right.Time) : left.Number.CompareTo(right.Number));
    }

    private static bool TryFind<T>(Dictionary<(int Process, ulong Place), List<Answer<T>>> table, in MemoryQuestion question, ulong place, out T? answer) =>
        TryFind(table, (question.ProcessId, place), question.ProcessStart, question.Time, out answer);

    private static bool TryFind<TKey, T>(Dictionary<TKey, List<Answer<T>>> table, TKey key, long processStart, long time, out T? answer)
        where TKey : notnull
    {
        answer = default;
        if (!table.TryGetValue(key, out List<Answer<T>>? answers))
            return false;
        // The answers are in the order of time; the newest up to the question's is looked for, of that process and no other with its number.
        int low = 0;
        int high = answers.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (answers[middle].Time - Tolerance <= time)
                low = middle + 1;
            else
                high = middle;
        }
        for (int i = low - 1; i >= Math.Max(0, low - MostOfOthers); i--)
        {
            // As Int128: a damaged file holds any numbers, and the difference of two may have no 64 bits.
            if (Int128.Abs((Int128)answers[i].Start - processStart) > Tolerance)
                continue;
            answer = answers[i].Value;
            return true;
        }
        return false;
    }

    private static void Add<T>(Dictionary<(int Process, ulong Place), List<Answer<T>>> table, QuestionLine question, ulong place, T answer) =>
        Add(table, (question.Process, place), question.Start, question.Time, answer);

    private static void Add<TKey, T>(Dictionary<TKey, List<Answer<T>>> table, TKey key, long processStart, long time, T answer)
        where TKey : notnull
    {
        if (!table.TryGetValue(key, out List<Answer<T>>? answers))
            table.Add(key, answers = []);
        answers.Add(new Answer<T>(processStart, time, answers.Count, answer));
    }

    private void Add(FactLine? line, long number, string path)
    {
        if (number == 1 && line?.Version != FactLine.CurrentVersion)
            throw new InvalidDataException($"{path}:1: not a file of recorded answers of version {FactLine.CurrentVersion}; record it anew.");
        if (number > MostAnswers)
            throw new InvalidDataException($"{path}:{number}: more than {MostAnswers} answers.");
        switch (line)
        {
            case { Device: { } device, Drive: { } drive }:
                _volumes.Add(new Volume(device, drive));
                break;
            case { Of: { } question, Region: { } region }:
                Add(_regions, question, Page(question.Address), region);
                break;
            case { Of: { } question, PrivateBytes: { } bytes }:
                Add(_privateBytes, question, question.Address, bytes);
                break;
            case { Of: { } question, Bytes: { } bytes }:
                Add(_bytes, question, question.Address, bytes);
                break;
            case { Path: { } file, File: { } facts }:
                _files[file] = facts;
                break;
            case { Path: { } file, Time: { } time, Header: { } header }:
                Add(_headers, file, OfNoProcess, time, header);
                break;
            case { Path: { } file, Image: { } image, Exports: { } exports }:
                _symbols[new ImageIdentity(file, image.Timestamp, image.Checksum, image.Size)] = new PeExports(exports);
                break;
        }
    }

    private readonly record struct Answer<T>(long Start, long Time, int Number, T Value);
}
