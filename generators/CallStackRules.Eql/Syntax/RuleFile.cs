using CallStackRules.Eql.Diagnostics;

namespace CallStackRules.Eql.Syntax;

/// <summary>An <c>.eql</c> file as written: leading comment tags, then a query. All spans count from the beginning of the file.</summary>
public sealed class RuleFile
{
    private RuleFile(
        string text, LineMap lines, RuleMetadata metadata, TextSpan querySpan, QuerySyntax? query, IReadOnlyList<Suppression> suppressions, IReadOnlyList<EqlDiagnostic> diagnostics)
    {
        Text = text;
        Lines = lines;
        Metadata = metadata;
        QuerySpan = querySpan;
        Query = query;
        Suppressions = suppressions;
        Diagnostics = diagnostics;
    }

    /// <summary>The whole file.</summary>
    public string Text { get; }

    /// <summary>Where its lines are.</summary>
    public LineMap Lines { get; }

    /// <summary>What the tags say.</summary>
    public RuleMetadata Metadata { get; }

    /// <summary>The query's text with its comments, behind the last tag, without blanks at its ends.</summary>
    public TextSpan QuerySpan { get; }

    /// <summary>The query; null only when there is nothing to make one of.</summary>
    public QuerySyntax? Query { get; }

    /// <summary>The <c>eql-disable</c> comments.</summary>
    public IReadOnlyList<Suppression> Suppressions { get; }

    /// <summary>What is wrong with tags and syntax, ordered by place.</summary>
    public IReadOnlyList<EqlDiagnostic> Diagnostics { get; }

    /// <summary>Reads a file's text. Never fails: what is wrong is said in <see cref="Diagnostics"/>.</summary>
    public static RuleFile Parse(string text)
    {
        LineMap lines = new(text);
        List<EqlDiagnostic> diagnostics = [];
        FrontMatter frontMatter = FrontMatter.Read(text, diagnostics);
        Lexer.Result tokens = Lexer.Tokenize(text);
        List<Suppression> suppressions = SuppressionReader.Read(text, tokens, lines, diagnostics);
        (QuerySyntax? query, IReadOnlyList<EqlDiagnostic> syntaxDiagnostics) = QueryParser.ParseQuery(text, tokens);
        diagnostics.AddRange(syntaxDiagnostics);
        return new(
            text, lines, frontMatter.Metadata, TrimmedFrom(text, frontMatter.End), query, suppressions, [.. diagnostics.OrderBy(diagnostic => diagnostic.Span.Start)]);
    }

    /// <summary>Whether an <c>eql-disable</c> comment silences a diagnostic of this file.</summary>
    public bool IsSuppressed(EqlDiagnostic diagnostic)
    {
        int line = Lines.GetPosition(diagnostic.Span.Start).Line;
        return Suppressions.Any(suppression => suppression.Line == line && suppression.Ids.Contains(diagnostic.Descriptor.Id));
    }

    private static TextSpan TrimmedFrom(string text, int start)
    {
        int end = text.Length;
        while (start < end && IsBlank(text[start]))
            start++;
        while (start < end && IsBlank(text[end - 1]))
            end--;
        return TextSpan.FromBounds(start, end);

        static bool IsBlank(char c) => char.IsWhiteSpace(c) || c == '\uFEFF';
    }
}
