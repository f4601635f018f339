using System.Text.RegularExpressions;
using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Tests.PythonEql;

/// <summary>
/// The older dialect of the language that python-eql has, told in terms of ours: spelling on the text, meaning on the bound tree. It exists for its test suite only.
/// </summary>
internal static partial class LegacyProfile
{
    /// <summary>
    /// Writes a query as ours: <c>=</c> is <c>==</c>, single quotes are double ones, <c>?"raw"</c> is a raw string, <c>matchLite</c> is <c>match</c>, a variable has a
    /// dollar sign, an object that stands as a condition is one that exists, the length of a number is null, and arguments of pipes have commas between them.
    /// </summary>
    public static string Respell(string query)
    {
        HashSet<string> variables = [.. Variables().Matches(query).Select(match => match.Groups["name"].Value)];
        string respelled = Tokens().Replace(query, match =>
        {
            if (match.Groups["raw"] is { Success: true } raw)
                return $"\"\"\"{raw.Value}\"\"\"";
            if (match.Groups["single"] is { Success: true } single)
                return $"\"{single.Value.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
            if (match.Groups["object"] is { Success: true } existing)
                return existing.Value + " != null";
            if (match.Value is "=" or "matchLite")
                return match.Value == "=" ? "==" : "match";
            if (match.Groups["length"].Success)
                return "null";
            return variables.Contains(match.Value.Split('.')[0]) ? "$" + match.Value : match.Value;
        });
        return PipeArguments().Replace(respelled, match => $"| {match.Groups["pipe"]} {string.Join(", ", match.Groups["argument"].Captures)} ");
    }

    /// <summary>The query as the older dialect means it: every expression as below, and a missing key is a value like any other.</summary>
    public static BoundQuery Reread(BoundQuery query, bool ignoreCase)
    {
        IReadOnlyList<BoundPipe> pipes = [.. query.Pipes.Select(pipe => pipe with { Arguments = [.. pipe.Arguments.Select(Read)] })];
        return query switch
        {
            BoundEventQuery one => one with { Filter = ReadFilter(one.Filter), Pipes = pipes },
            BoundStepsQuery steps => steps with
            {
                Steps = [.. steps.Steps.Select(ReadStep)],
                Until = steps.Until is { } until ? ReadStep(until) : null,
                Pipes = pipes,
            },
            _ => throw new ArgumentException($"Unknown query {query.GetType()}.", nameof(query)),
        };

        BoundExpression Read(BoundExpression expression) => Reread(expression, ignoreCase);

        BoundFilter ReadFilter(BoundFilter filter) => filter with { Condition = Read(filter.Condition) };

        BoundStep ReadStep(BoundStep step) => step with { Filter = ReadFilter(step.Filter), Keys = [.. step.Keys.Select(key => new BoundKey(Read(key.Expression), IsOptional: true))] };
    }

    /// <summary>
    /// The tree as the older dialect means it: <c>==</c> expands stars, <c>match</c> is anchored at the start only, and comparisons of equality and functions of text
    /// ignore case if told so. Ordering always observes case.
    /// </summary>
    public static BoundExpression Reread(BoundExpression expression, bool ignoreCase)
    {
        return Read(expression);

        BoundExpression Read(BoundExpression e) => e switch
        {
            BoundNot not => not with { Operand = Read(not.Operand) },
            BoundAnd and => and with { Operands = ReadAll(and.Operands) },
            BoundOr or => or with { Operands = ReadAll(or.Operands) },
            BoundExists exists => exists with { Operand = Read(exists.Operand) },
            BoundComparison comparison => comparison with
            {
                Left = Read(comparison.Left),
                Right = Read(comparison.Right),
                IgnoreCase = ignoreCase && comparison.Kind == ComparisonKind.Equal,
            },
            BoundMatch { Kind: MatchKind.Equal } match when match.Patterns.Any(pattern => pattern.Text.Contains('*', StringComparison.Ordinal)) =>
                match with { Operand = Read(match.Operand), IgnoreCase = ignoreCase, Kind = MatchKind.Wildcard },
            BoundMatch { Kind: MatchKind.Regex } match => match with
            {
                Operand = Read(match.Operand),
                IgnoreCase = ignoreCase,
                Patterns = [.. match.Patterns.Select(pattern => pattern with { Text = $"(?:{pattern.Text}).*" })],
            },
            BoundMatch match => match with { Operand = Read(match.Operand), IgnoreCase = ignoreCase },
            BoundTextTest test => test with { Text = Read(test.Text), Sought = Read(test.Sought), IgnoreCase = ignoreCase },
            BoundArraySearch search => search with { Condition = Read(search.Condition) },
            BoundArrayCount count => count with { Condition = Read(count.Condition) },
            BoundArithmetic arithmetic => arithmetic with { Left = Read(arithmetic.Left), Right = Read(arithmetic.Right) },
            BoundLength length => length with { Operand = Read(length.Operand) },
            BoundConcat concat => concat with { Parts = ReadAll(concat.Parts) },
            BoundIndexOf indexOf => indexOf with { Text = Read(indexOf.Text), IgnoreCase = ignoreCase },
            BoundLineage lineage => lineage with { Filter = lineage.Filter with { Condition = Read(lineage.Filter.Condition) } },
            BoundBetween between => between with { Text = Read(between.Text), IgnoreCase = ignoreCase },
            _ => e,
        };

        IReadOnlyList<BoundExpression> ReadAll(IReadOnlyList<BoundExpression> expressions) => [.. expressions.Select(Read)];
    }

    [GeneratedRegex(@"array(Search|Count)\([\w.]+,\s*(?<name>\w+),")]
    private static partial Regex Variables();

    [GeneratedRegex("""\?'(?<raw>[^']*)'|\?"(?<raw>[^"]*)"|'(?<single>(?:[^'\\]|\\.)*)'|"(?:[^"\\]|\\.)*"|maxspan=|[=!<>]=|=|(?<object>mysterious_field)(?=\s+and)|(?<length>length\(unique_p?pid\))|[A-Za-z_][\w.]*""")]
    private static partial Regex Tokens();

    [GeneratedRegex(@"\|\s*(?<pipe>unique|sort|count|unique_count)(\s+(?<argument>\w+)\b(?![(.])){2,}\s*(?=\||$)")]
    private static partial Regex PipeArguments();
}
