using System.Globalization;
using System.Text.RegularExpressions;
using CallStackRules.Eql.Diagnostics;

namespace CallStackRules.Eql.Syntax;

/// <summary>
/// The leading comment tags of a rule file, as in <c>// @severity high</c>. A tag's text goes on over comment lines that are indented deeper than the tag; it ends at
/// a <c>//</c> behind a blank, which may begin another tag. Other comments may stand between tags.
/// </summary>
internal sealed class FrontMatter
{
    private static readonly IReadOnlyList<string> Severities = ["low", "medium", "high", "critical"];
    private static readonly IReadOnlyList<string> OperatingSystems = ["windows", "linux", "macos"];
    private static readonly IReadOnlyList<string> Flags = ["true", "false"];
    private static readonly IReadOnlyList<string> ActionKinds = ["kill_process", "rollback", "deny"];

    /// <summary>The tags in the order in which messages list them.</summary>
    private static readonly IReadOnlyList<string> TagNames =
    [
        "id", "name", "description", "severity", "os", "technique", "tactic", "reference", "action", "optional_action",
        "license", "version", "author", "min_endpoint_version", "max_endpoint_version", "reputation",
    ];

    private static readonly HashSet<string> RepeatableTags = ["os", "technique", "tactic", "reference", "action", "optional_action"];

    private readonly string _text;
    private readonly List<EqlDiagnostic> _diagnostics;
    private readonly List<Tag> _tags = [];

    /// <summary>Column of the tag whose text the next line may go on with; negative when there is none.</summary>
    private int _tagColumn = -1;

    private FrontMatter(string text, List<EqlDiagnostic> diagnostics)
    {
        _text = text;
        _diagnostics = diagnostics;
    }

    /// <summary>What the tags say.</summary>
    public RuleMetadata Metadata { get; } = new();

    /// <summary>The end of the last line that belongs to a tag; 0 without tags.</summary>
    public int End { get; private set; }

    /// <param name="Span">The <c>@</c> and the name.</param>
    /// <param name="Name">The name.</param>
    /// <param name="Lines">The pieces of its text, one a line, none of them blank.</param>
    private sealed record Tag(TextSpan Span, string Name, List<TextSpan> Lines);

    public static FrontMatter Read(string text, List<EqlDiagnostic> diagnostics)
    {
        FrontMatter frontMatter = new(text, diagnostics);
        frontMatter.ReadLines();
        frontMatter.Interpret();
        return frontMatter;
    }

    private void ReadLines()
    {
        int lineStart = _text.Length > 0 && _text[0] == '\uFEFF' ? 1 : 0;
        while (lineStart < _text.Length)
        {
            int lineEnd = _text.IndexOfAny(['\n', '\r'], lineStart);
            if (lineEnd < 0)
                lineEnd = _text.Length;
            int comment = SkipBlanks(lineStart, lineEnd);
            if (comment == lineEnd)
                _tagColumn = -1;
            else if (string.CompareOrdinal(_text, comment, "//", 0, 2) == 0)
                ReadComment(lineStart, comment, lineEnd);
            else
                return;
            lineStart = lineEnd + (string.CompareOrdinal(_text, lineEnd, "\r\n", 0, 2) == 0 ? 2 : 1);
        }
    }

    /// <param name="lineStart">Where the line begins.</param>
    /// <param name="comment">The comment's slashes.</param>
    /// <param name="lineEnd">Where the line ends.</param>
    private void ReadComment(int lineStart, int comment, int lineEnd)
    {
        int start = SkipBlanks(comment + 2, lineEnd);
        int end = FindTextEnd(start, lineEnd);
        if (start == lineEnd)
            return;

        if (IsTag(start, end))
        {
            _tagColumn = start - lineStart;
            AddTag(start, end);
        }
        else if (start - lineStart > _tagColumn && _tagColumn >= 0)
        {
            AddText(_tags[_tags.Count - 1], start, end);
        }
        else
        {
            _tagColumn = -1;
            return;
        }

        while (end < lineEnd)
        {
            start = SkipBlanks(end + 2, lineEnd);
            end = FindTextEnd(start, lineEnd);
            if (IsTag(start, end))
                AddTag(start, end);
        }

        End = lineEnd;
    }

    private bool IsTag(int start, int end) => start + 1 < end && _text[start] == '@' && char.IsLetter(_text[start + 1]);

    private void AddTag(int start, int end)
    {
        int nameEnd = start + 1;
        while (nameEnd < end && (char.IsLetterOrDigit(_text[nameEnd]) || _text[nameEnd] is '_' or '-'))
            nameEnd++;
        TextSpan span = TextSpan.FromBounds(start, nameEnd);
        Tag tag = new(span, _text.Substring(start + 1, span.Length - 1), []);
        _tags.Add(tag);
        AddText(tag, nameEnd < end && _text[nameEnd] == ':' ? nameEnd + 1 : nameEnd, end);
    }

    private void AddText(Tag tag, int start, int end)
    {
        start = SkipBlanks(start, end);
        while (end > start && char.IsWhiteSpace(_text[end - 1]))
            end--;
        if (start < end)
            tag.Lines.Add(TextSpan.FromBounds(start, end));
    }

    /// <summary>A <c>//</c> behind a blank, which the one of an address is not, ends a tag's text.</summary>
    private int FindTextEnd(int start, int lineEnd)
    {
        for (int i = start; i + 1 < lineEnd; i++)
        {
            if (_text[i] == '/' && _text[i + 1] == '/' && (i == start || char.IsWhiteSpace(_text[i - 1])))
                return i;
        }

        return lineEnd;
    }

    private int SkipBlanks(int start, int end)
    {
        while (start < end && char.IsWhiteSpace(_text[start]))
            start++;
        return start;
    }

    private void Interpret()
    {
        if (_tags.Count == 0)
        {
            _diagnostics.Add(EqlDiagnostics.MissingFrontMatter(new(0, 0)));
            return;
        }

        HashSet<string> seen = [];
        foreach (Tag tag in _tags)
        {
            if (!TagNames.Contains(tag.Name))
                _diagnostics.Add(EqlDiagnostics.UnknownTag(tag.Span, tag.Name, TagNames));
            else if (!seen.Add(tag.Name) && !RepeatableTags.Contains(tag.Name))
                _diagnostics.Add(EqlDiagnostics.RepeatedTag(tag.Span, tag.Name));
            else if (tag.Lines.Count == 0)
                _diagnostics.Add(EqlDiagnostics.EmptyTag(tag.Span, tag.Name));
            else
                Interpret(tag);
        }

        if (!seen.Contains("id"))
            _diagnostics.Add(EqlDiagnostics.MissingTag(_tags[0].Span, "id", "a new UUID"));
        if (!seen.Contains("name"))
            _diagnostics.Add(EqlDiagnostics.MissingTag(_tags[0].Span, "name", "what the rule finds"));
    }

    private void Interpret(Tag tag)
    {
        switch (tag.Name)
        {
            case "id":
                Metadata.Id = ReadId(tag);
                break;
            case "name":
                Metadata.Name = ReadText(tag);
                break;
            case "description":
                Metadata.Description = ReadText(tag);
                break;
            case "severity":
                Metadata.Severity = ReadWord(tag, Severities) ?? Metadata.Severity;
                break;
            case "os":
                Metadata.OperatingSystems = [.. Metadata.OperatingSystems, .. ReadWords(tag).Where(word => IsOneOf(tag, word, OperatingSystems))];
                break;
            case "technique":
                Metadata.Techniques = [.. Metadata.Techniques, .. ReadAttackIds(tag, @"^T[0-9]{4}(\.[0-9]{3})?$", EqlDiagnostics.InvalidTechnique)];
                break;
            case "tactic":
                Metadata.Tactics = [.. Metadata.Tactics, .. ReadAttackIds(tag, "^TA[0-9]{4}$", EqlDiagnostics.InvalidTactic)];
                break;
            case "reference":
                Metadata.References = [.. Metadata.References, .. ReadWords(tag)];
                break;
            case "action":
                Metadata.Actions = [.. Metadata.Actions, .. ReadAction(tag)];
                break;
            case "optional_action":
                Metadata.OptionalActions = [.. Metadata.OptionalActions, .. ReadAction(tag)];
                break;
            case "license":
                Metadata.License = ReadText(tag);
                break;
            case "version":
                Metadata.Version = ReadText(tag);
                break;
            case "author":
                Metadata.Author = ReadText(tag);
                break;
            case "min_endpoint_version":
                Metadata.MinEndpointVersion = ReadText(tag);
                break;
            case "max_endpoint_version":
                Metadata.MaxEndpointVersion = ReadText(tag);
                break;
            case "reputation":
                if (ReadWord(tag, Flags) is { } flag)
                    Metadata.Reputation = new(flag.Value == "true", flag.Span);
                break;
        }
    }

    private Tagged<string> ReadText(Tag tag) =>
        new(string.Join(" ", tag.Lines.Select(line => _text.Substring(line.Start, line.Length))), tag.Lines[0].To(tag.Lines[tag.Lines.Count - 1]));

    private List<Tagged<string>> ReadWords(Tag tag)
    {
        List<Tagged<string>> words = [];
        foreach (TextSpan line in tag.Lines)
        {
            foreach (Match match in Regex.Matches(_text.Substring(line.Start, line.Length), @"[^\s,]+"))
                words.Add(new(match.Value, new(line.Start + match.Index, match.Length)));
        }

        return words;
    }

    private Tagged<string>? ReadId(Tag tag)
    {
        Tagged<string> text = ReadText(tag);
        if (Guid.TryParseExact(text.Value, "D", out Guid id))
            return new(id.ToString("D"), text.Span);
        _diagnostics.Add(EqlDiagnostics.InvalidId(text.Span));
        return null;
    }

    private Tagged<string>? ReadWord(Tag tag, IReadOnlyList<string> allowed)
    {
        List<Tagged<string>> words = ReadWords(tag);
        if (words.Count > 1)
            _diagnostics.Add(EqlDiagnostics.ExtraWord(words[1].Span.To(words[words.Count - 1].Span), tag.Name));
        return words.Count > 0 && IsOneOf(tag, words[0], allowed) ? words[0] : null;
    }

    private bool IsOneOf(Tag tag, Tagged<string> word, IReadOnlyList<string> allowed)
    {
        if (allowed.Contains(word.Value))
            return true;
        _diagnostics.Add(EqlDiagnostics.InvalidWord(word.Span, tag.Name, Shown.Text(_text, word.Span), allowed));
        return false;
    }

    private List<Tagged<string>> ReadAttackIds(Tag tag, string pattern, Func<TextSpan, string, EqlDiagnostic> message)
    {
        List<Tagged<string>> ids = [];
        foreach (Tagged<string> word in ReadWords(tag))
        {
            if (Regex.IsMatch(word.Value, pattern))
                ids.Add(word);
            else
                _diagnostics.Add(message(word.Span, Shown.Text(_text, word.Span)));
        }

        return ids;
    }

    /// <summary>Reads <c>kind field state=N tree</c>; nothing when it is malformed.</summary>
    private IEnumerable<Tagged<ActionTag>> ReadAction(Tag tag)
    {
        List<Tagged<string>> words = ReadWords(tag);
        if (words.Count == 0)
            return [];
        int messages = _diagnostics.Count;
        Tagged<string> kind = words[0];
        if (!ActionKinds.Contains(kind.Value))
            _diagnostics.Add(EqlDiagnostics.UnknownAction(kind.Span, Shown.Text(_text, kind.Span), ActionKinds));

        Tagged<string> field = new("", default);
        Tagged<int> state = default;
        bool isTree = false;
        foreach (Tagged<string> word in words.Skip(1))
        {
            if (word.Value == "tree")
                isTree = true;
            else if (Regex.Match(word.Value, "^state=([0-9]{1,4})$") is { Success: true } match)
                state = new(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), word.Span);
            else if (field.Value.Length == 0 && kind.Value != "deny" && Regex.IsMatch(word.Value, @"^[A-Za-z_@][\w.@]*$"))
                field = word;
            else
                _diagnostics.Add(EqlDiagnostics.InvalidActionPart(word.Span, Shown.Text(_text, word.Span)));
        }

        if (field.Value.Length == 0 && kind.Value != "deny" && _diagnostics.Count == messages)
            _diagnostics.Add(EqlDiagnostics.ActionWithoutField(kind.Span, kind.Value));
        return _diagnostics.Count == messages
            ? [new(new ActionTag(kind.Value, field, state, isTree), kind.Span.To(words[words.Count - 1].Span))]
            : [];
    }
}
