using CallStackRules.Eql;
using CallStackRules.Eql.Automata;
using CallStackRules.Eql.Binding;

namespace CallStackRules.Generators.Emit;

/// <summary>The prepared patterns of one matcher: what is built once and only read when events come.</summary>
internal sealed class StaticFields
{
    private readonly List<(string Comment, string Declaration)> _declarations = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Writes the declarations in the order of their use.</summary>
    public void Write(CSharpWriter code)
    {
        foreach ((string comment, string declaration) in _declarations)
        {
            code.Line();
            if (comment.Length > 0)
                code.Line("// " + comment);
            code.Line(declaration);
        }
    }

    /// <summary>A set of whole texts.</summary>
    public string Names(bool ignoreCase, IReadOnlyList<BoundPattern> patterns) => Add("Names", "TextSet", IgnoreCase(ignoreCase) + ", " + Texts(patterns));

    /// <summary>A set of wildcard patterns.</summary>
    public string Patterns(bool ignoreCase, IReadOnlyList<BoundPattern> patterns) => patterns.Count == 1
        ? Add("Pattern", "WildcardPattern", Texts(patterns) + ", " + IgnoreCase(ignoreCase))
        : Add("Patterns", "WildcardSet", IgnoreCase(ignoreCase) + ", " + Texts(patterns));

    /// <summary>A set of networks.</summary>
    public string Networks(IReadOnlyList<BoundPattern> networks) => Add("Networks", "NetworkSet", Texts(networks));

    /// <summary>The automaton of a regular expression, as tables.</summary>
    public string Regex(bool ignoreCase, string pattern)
    {
        if (!RegexSyntax.TryParse(pattern, out RegexNode? node, out RegexError? syntaxError))
            throw new InvalidOperationException($"The binder let a bad regular expression pass: {syntaxError.Message}");
        if (!AutomatonCompiler.TryCompile([node], ignoreCase, out AutomatonTables? tables, out string? error))
            throw new InvalidOperationException($"The binder let a regular expression pass that is too large: {error}");
        string classes = $"{CSharpLiteral.Collection(tables.RangeStarts)}, {CSharpLiteral.Collection(tables.RangeClasses)}, {tables.ClassCount}";
        return tables switch
        {
            DeterministicTables dfa => Add(
                "Regex", "TextAutomaton", comment: CSharpLiteral.Of(pattern), arguments: $"{classes}, {CSharpLiteral.Collection(dfa.Transitions)}, {dfa.Start}, {dfa.FirstAccepting}"),
            PositionTables nfa => Add(
                "Regex",
                "TextNfa",
                comment: CSharpLiteral.Of(pattern),
                arguments: $"{classes}, {CSharpLiteral.Of(nfa.AcceptsEmpty)}, {Sets(nfa.First)}, {Sets(nfa.Last)}, {Sets(nfa.PositionsOfClass)}, "
                + $"{CSharpLiteral.Collection(nfa.FollowIndex)}, {Sets(nfa.FollowSets)}"),
            _ => throw new InvalidOperationException($"Unknown tables {tables.GetType()}."),
        };
    }

    private string Add(string kind, string type, string arguments, string comment = "")
    {
        _counts.TryGetValue(kind, out int count);
        _counts[kind] = ++count;
        string name = kind + count;
        _declarations.Add((comment, $"private static readonly {type} {name} = new({arguments});"));
        return name;
    }

    private static string IgnoreCase(bool ignoreCase) => CSharpLiteral.Of(ignoreCase);

    private static string Texts(IReadOnlyList<BoundPattern> patterns) => CSharpLiteral.List(patterns.Select(static pattern => pattern.Text));

    private static string Sets(EquatableArray<ulong> words) => CSharpLiteral.Collection(words);
}
