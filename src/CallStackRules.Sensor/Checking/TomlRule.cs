using System.Globalization;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace CallStackRules.Sensor.Checking;

/// <summary>The query of a rule that is published as TOML (<c>query</c> of the table <c>rule</c>), and where its characters stand in the file.</summary>
internal sealed class TomlRule
{
    private readonly string _text;
    private readonly int _queryStart;
    private readonly bool _hasEscapes;

    private TomlRule(string text, DocumentSyntax document, StringValueSyntax query)
    {
        _text = text;
        Document = document;
        Query = query.Value ?? "";

        int start = query.Token!.Span.Start.Offset;
        char quote = text[start];
        bool isMultiLine = text.AsSpan(start).StartsWith([quote, quote, quote]);
        _hasEscapes = quote == '"';
        _queryStart = start + (isMultiLine ? 3 : 1);
        // A line end right behind the opening quotes is not part of the value.
        if (isMultiLine)
            _queryStart += text.AsSpan(_queryStart).StartsWith("\r\n") ? 2 : text[_queryStart] == '\n' ? 1 : 0;
    }

    /// <summary>The whole file.</summary>
    public DocumentSyntax Document { get; }

    /// <summary>The query, its escapes resolved.</summary>
    public string Query { get; }

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="InvalidDataException">It is not TOML, or has no query; the message starts with the line and column.</exception>
    /// <exception cref="OtherLanguageException">It says that its query is not EQL, or that it is a kind of rule without a query.</exception>
    public static TomlRule Read(string text)
    {
        DocumentSyntax document = Parse(text);
        if (document.HasErrors)
        {
            DiagnosticMessage first = document.Diagnostics.First(message => message.Kind == DiagnosticMessageKind.Error);
            throw new InvalidDataException($"({first.Span.Start.Line + 1},{first.Span.Start.Column + 1}): {first.Message}");
        }
        Dictionary<string, StringValueSyntax> rule = TextsOfRule(document);
        rule.TryGetValue("query", out StringValueSyntax? query);
        StringValueSyntax? kind = rule.GetValueOrDefault("language") ?? (query is null ? rule.GetValueOrDefault("type") : null);
        if (kind?.Value is { } language and not "eql")
            throw new OtherLanguageException(language);
        return query is not null
            ? new TomlRule(text, document, query)
            : throw new InvalidDataException("(1,1): The file has no text 'query' in a table [rule]; it is not a rule.");
    }

    private static DocumentSyntax Parse(string text)
    {
        try
        {
            return SyntaxParser.Parse(text, sourceName: null, validate: true);
        }
        // Most mistakes are messages of the document; these two are thrown.
        catch (TomlException e)
        {
            throw new InvalidDataException($"(1,1): {e.Message}", e);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidDataException("(1,1): A \\u or \\U in a text stands for no character.", e);
        }
    }

    /// <summary>The offset in the file's text of a character of <see cref="Query"/>.</summary>
    public int OffsetInFile(int queryOffset)
    {
        if (!_hasEscapes)
            return _queryStart + queryOffset;

        int offset = _queryStart;
        while (queryOffset > 0)
        {
            (int written, int meant) = _text[offset] == '\\' ? MeasureEscape(offset) : (1, 1);
            offset += written;
            queryOffset -= meant;
        }
        return offset;
    }

    /// <summary>How many characters an escape has in the file, and how many in the value.</summary>
    private (int Written, int Meant) MeasureEscape(int offset)
    {
        switch (_text[offset + 1])
        {
            case 'x':
                return (4, 1);
            case 'u':
                return (6, 1);
            case 'U':
                int codePoint = int.Parse(_text.AsSpan(offset + 2, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                return (10, codePoint > char.MaxValue ? 2 : 1);
            case ' ' or '\t' or '\r' or '\n':
                // A backslash at the end of a line swallows all white space up to the next word.
                int end = offset + 1;
                while (_text[end] is ' ' or '\t' or '\r' or '\n')
                    end++;
                return (end - offset, 0);
            default:
                return (2, 1);
        }
    }

    /// <summary>What the table <c>rule</c> says in texts.</summary>
    private static Dictionary<string, StringValueSyntax> TextsOfRule(DocumentSyntax document)
    {
        var texts = new Dictionary<string, StringValueSyntax>(StringComparer.Ordinal);
        foreach (KeyValueSyntax pair in document.Tables.OfType<TableSyntax>().Where(table => NameOf(table.Name) == "rule").SelectMany(table => table.Items))
        {
            if (NameOf(pair.Key) is { } name && pair.Value is StringValueSyntax text)
                texts.TryAdd(name, text);
        }
        return texts;
    }

    private static string? NameOf(KeySyntax? key) => key is null || key.DotKeys.ChildrenCount > 0 ? null : key.Key switch
    {
        BareKeySyntax bare => bare.Key?.Text,
        StringValueSyntax quoted => quoted.Value,
        _ => null,
    };
}
