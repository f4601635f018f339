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

    private readonly Dictionary<(int Process, long Start, ulong Page), List<(long UtcTicks, RegionFacts Answer)>> _regions = [];
    private readonly Dictionary<(int Process, long Start, ulong Page), List<(long UtcTicks, bool Answer)>> _pages = [];
    private readonly Dictionary<(int Process, long Start, ulong Address), List<(long UtcTicks, byte[] Answer)>> _bytes = [];
    private readonly Dictionary<string, FileFacts> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, PeExports> _symbols = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a file of answers.</summary>
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
    }

    /// <inheritdoc/>
    public RegionFacts? Region(in MemoryQuestion question) =>
        At(_regions, (question.ProcessId, question.ProcessStart, Page(question.Address)), question.UtcTicks) is { } answer && answer.Contains(question.Address) ? answer : null;

    /// <inheritdoc/>
    public bool? IsPagePrivate(in MemoryQuestion question)
    {
        if (!_pages.TryGetValue((question.ProcessId, question.ProcessStart, Page(question.Address)), out List<(long UtcTicks, bool Answer)>? answers))
            return null;
        int index = LastUpTo(answers, question.UtcTicks);
        return index < 0 ? null : answers[index].Answer;
    }

    /// <inheritdoc/>
    public int Read(in MemoryQuestion question, Span<byte> bytes)
    {
        if (At(_bytes, (question.ProcessId, question.ProcessStart, question.Address), question.UtcTicks) is not { } answer)
            return 0;
        int length = Math.Min(answer.Length, bytes.Length);
        answer.AsSpan(0, length).CopyTo(bytes);
        return length;
    }

    /// <inheritdoc/>
    public FileFacts? File(string path) => _files.GetValueOrDefault(path);

    /// <inheritdoc/>
    public ISymbolSource? Symbols(string path) => _symbols.GetValueOrDefault(path);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Everything was read when the file was opened.
    }

    private static ulong Page(ulong address) => address >> 12;

    private static T? At<T>(Dictionary<(int Process, long Start, ulong Place), List<(long UtcTicks, T Answer)>> table, (int, long, ulong) key, long utcTicks)
        where T : class
    {
        if (!table.TryGetValue(key, out List<(long UtcTicks, T Answer)>? answers))
            return null;
        int index = LastUpTo(answers, utcTicks);
        return index < 0 ? null : answers[index].Answer;
    }

    // Answers were written in the order of the events, or nearly: the newest are looked at first.
    private static int LastUpTo<T>(List<(long UtcTicks, T Answer)> answers, long utcTicks)
    {
        int index = answers.Count - 1;
        while (index >= 0 && answers[index].UtcTicks > utcTicks)
            index--;
        return index;
    }

    private static void Add<T>(Dictionary<(int, long, ulong), List<(long UtcTicks, T Answer)>> table, QuestionLine question, ulong place, T answer)
    {
        var key = (question.Process, question.Start, place);
        if (!table.TryGetValue(key, out List<(long UtcTicks, T Answer)>? answers))
            table.Add(key, answers = []);
        answers.Add((question.Time, answer));
    }

    private void Add(FactLine? line, long number, string path)
    {
        if (number == 1 && line?.Version != FactLine.CurrentVersion)
            throw new InvalidDataException($"{path}:1: not a file of recorded answers of version {FactLine.CurrentVersion}; record it anew.");
        if (number > MostAnswers)
            throw new InvalidDataException($"{path}:{number}: more than {MostAnswers} answers.");
        switch (line)
        {
            case { Of: { } question, Region: { } region }:
                Add(_regions, question, Page(question.Address), region);
                break;
            case { Of: { } question, PrivatePage: { } isPrivate }:
                Add(_pages, question, Page(question.Address), isPrivate);
                break;
            case { Of: { } question, Bytes: { } bytes }:
                Add(_bytes, question, question.Address, bytes);
                break;
            case { Path: { } file, File: { } facts }:
                _files[file] = facts;
                break;
            case { Path: { } file, Exports: { } exports }:
                _symbols[file] = new PeExports(exports);
                break;
        }
    }
}
