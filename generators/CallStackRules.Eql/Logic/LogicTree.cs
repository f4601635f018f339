using System.Globalization;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Logic;

/// <summary>Says what a query means, as a tree of plain statements.</summary>
public static class LogicTree
{
    /// <summary>Items of a list that are shown; the rest is counted. A list of hundreds explains nothing.</summary>
    private const int ShownItems = 12;

    /// <summary>The meaning of a query.</summary>
    public static LogicNode Of(BoundQuery query)
    {
        LogicNode core = query switch
        {
            BoundEventQuery e => Filter(e.Filter),
            BoundStepsQuery s => Steps(s),
            _ => throw new ArgumentException($"Unknown query {query.GetType()}.", nameof(query)),
        };
        return query.Pipes.Count == 0 ? core : new LogicNode("of the results", [core, .. query.Pipes.Select(Pipe)]);
    }

    /// <summary>The meaning of one expression.</summary>
    public static LogicNode Of(BoundExpression expression) => expression switch
    {
        BoundAnd e => new LogicNode("all of these hold", [.. e.Operands.Select(Of)]),
        BoundOr e => new LogicNode("any of these holds", [.. e.Operands.Select(Of)]),
        BoundNot e => Not(e.Operand),
        BoundArraySearch e => new LogicNode($"some {Item(e.Variable)} of {Value(e.Variable.Array)} is such that", [Of(e.Condition)]),
        BoundLineage e => new LogicNode(Relation(e.Relation), [Filter(e.Filter)]),
        _ => new LogicNode(Predicate(expression, isNegated: false)),
    };

    private static LogicNode Not(BoundExpression operand) => operand switch
    {
        BoundNot e => Of(e.Operand),
        BoundAnd e => new LogicNode("not all of these hold", [.. e.Operands.Select(Of)]),
        BoundOr e => new LogicNode("none of these holds", [.. e.Operands.Select(Of)]),
        BoundArraySearch e => new LogicNode($"no {Item(e.Variable)} of {Value(e.Variable.Array)} is such that", [Of(e.Condition)]),
        BoundLineage e => new LogicNode("not so: " + Relation(e.Relation), [Filter(e.Filter)]),
        _ => new LogicNode(Predicate(operand, isNegated: true)),
    };

    private static LogicNode Filter(BoundFilter filter)
    {
        string article = filter.Category is { Length: > 0 } category && "aeiou".IndexOf(category[0]) >= 0 ? "an" : "a";
        string events = filter.Category is null ? "any event" : $"{article} {filter.Category} event";
        return filter.Condition is BoundConstant { Value: true } ? new LogicNode(events) : new LogicNode(events + " where", [Of(filter.Condition)]);
    }

    private static LogicNode Steps(BoundStepsQuery query)
    {
        string order = query.Kind == StepsKind.Sequence ? "these happen one after another" : "these happen in any order";
        string within = query.MaxSpan is { } span ? $" within {Duration(span)}" : "";
        var steps = new List<LogicNode>(query.Steps.Count + 1);
        foreach (BoundStep step in query.Steps)
            steps.Add(Step(step, step.IsMissing ? "absent" : step.Runs > 1 ? $"{step.Runs} times" : "then"));
        if (query.Until is not null)
            steps.Add(Step(query.Until, "until"));
        return new LogicNode(order + within, steps);
    }

    private static LogicNode Step(BoundStep step, string role)
    {
        string keys = step.Keys.Count == 0 ? "" : " joined by " + string.Join(", ", step.Keys.Select(static key => Value(key.Expression)));
        string name = step.Alias is null ? "" : $" (named {step.Alias})";
        return new LogicNode(role + keys + name, [Filter(step.Filter)]);
    }

    private static LogicNode Pipe(BoundPipe pipe) => pipe.Kind switch
    {
        PipeKind.Head => new LogicNode($"the first {pipe.Count}"),
        PipeKind.Tail => new LogicNode($"the last {pipe.Count}, when the recording ends"),
        PipeKind.Filter => new LogicNode("only those where", [Of(pipe.Arguments[0])]),
        PipeKind.Unique => new LogicNode($"the first of each {Values(pipe.Arguments)}"),
        PipeKind.Count when pipe.Arguments.Count == 0 => new LogicNode("how many there were, when the recording ends"),
        PipeKind.Count => new LogicNode($"how many there were of each {Values(pipe.Arguments)}, when the recording ends"),
        PipeKind.UniqueCount => new LogicNode($"the first of each {Values(pipe.Arguments)} and how many there were, when the recording ends"),
        PipeKind.Sort => new LogicNode($"sorted by {Values(pipe.Arguments)}, when the recording ends"),
        _ => new LogicNode($"those within {Value(pipe.Arguments[0])} ms before the last{OfEach(pipe.Arguments)}, when the recording ends"),
    };

    private static string OfEach(IReadOnlyList<BoundExpression> window) => window.Count == 1 ? "" : $" of each {Values(window.Skip(1))}";

    private static string Values(IEnumerable<BoundExpression> values) => string.Join(", ", values.Select(Value));

    private static string Item(BoundVariable variable) => variable.Array.IsMultiValued ? $"item {variable.Name}" : variable.Name;

    private static string Relation(LineageRelation relation) => relation switch
    {
        LineageRelation.Descendant => "the process descends from one with",
        LineageRelation.Child => "the process is a child of one with",
        _ => "the process itself has had",
    };

    private static string Predicate(BoundExpression expression, bool isNegated)
    {
        string not = isNegated ? "not " : "";
        return expression switch
        {
            BoundConstant { Value: bool value } => (value != isNegated) ? "always" : "never",
            BoundExists e => $"{Value(e.Operand)} is {(isNegated ? "missing" : "there")}",
            BoundIsTrue e => $"{Value(e.Operand)} is {not}true",
            BoundComparison e => $"{Value(e.Left)} is {not}{Comparison(e)} {Value(e.Right)}{Case(e.IgnoreCase)}",
            BoundMatch e => Match(e, isNegated),
            BoundTextTest e => $"{Value(e.Text)} {(isNegated ? "does not " : "")}{TextTest(e.Kind, isNegated)} {Value(e.Sought)}{Case(e.IgnoreCase)}",
            BoundNetworkMatch e => $"{Value(e.Address)} is {not}in {List(e.Networks)}",
            _ => $"{not}{Value(expression)}",
        };
    }

    private static string Match(BoundMatch match, bool isNegated)
    {
        bool one = match.Patterns.Count == 1;
        bool isLiteral = match.Kind == MatchKind.Equal || (match.Kind == MatchKind.Wildcard && match.Patterns.All(static p => p.Text.IndexOfAny(['*', '?']) < 0));
        string verb = isLiteral ? (isNegated ? "is not" : "is") : (isNegated ? "does not fit" : "fits");
        string what = match.Kind == MatchKind.Regex ? (one ? "the regular expression " : "any of the regular expressions ") : (one ? "" : "any of ");
        return $"{Value(match.Operand)} {verb} {what}{List(match.Patterns)}{Case(match.IgnoreCase)}";
    }

    private static string List(IReadOnlyList<BoundPattern> patterns)
    {
        string shown = string.Join(", ", patterns.Take(ShownItems).Select(static pattern => Quote(pattern.Text)));
        return patterns.Count <= ShownItems ? shown : $"{shown} and {patterns.Count - ShownItems} more";
    }

    private static string Case(bool ignoreCase) => ignoreCase ? ", in any case" : "";

    private static string Comparison(BoundComparison comparison) => comparison.Kind switch
    {
        ComparisonKind.Equal => "equal to",
        ComparisonKind.Less => "less than",
        ComparisonKind.LessOrEqual => "at most",
        ComparisonKind.Greater => "greater than",
        _ => "at least",
    };

    private static string TextTest(TextTestKind kind, bool isNegated) => (kind, isNegated) switch
    {
        (TextTestKind.StartsWith, false) => "starts with",
        (TextTestKind.StartsWith, true) => "start with",
        (TextTestKind.EndsWith, false) => "ends with",
        (TextTestKind.EndsWith, true) => "end with",
        (_, false) => "contains",
        _ => "contain",
    };

    private static string Value(BoundExpression expression) => expression switch
    {
        BoundConstant { Value: null } => "null",
        BoundConstant { Value: string text } => Quote(text),
        BoundConstant { Value: bool value } => value ? "true" : "false",
        BoundConstant e => Convert.ToString(e.Value, CultureInfo.InvariantCulture)!,
        BoundField { Root: null } e => e.Field.Path,
        BoundField { IsItem: true } e => e.Root!.Name,
        BoundField e => e.Root!.Name + e.Field.Path.Substring(e.Root.Array.Field.Path.Length),
        BoundStepField e => $"{e.Alias}.{e.Field.Field.Path}",
        BoundArithmetic e => $"({Value(e.Left)} {Operator(e.Kind)} {Value(e.Right)})",
        BoundNegate e => "-" + Value(e.Operand),
        BoundLength e => e.CountsValues ? $"the number of values of {Value(e.Operand)}" : $"the length of {Value(e.Operand)}",
        BoundSubstring e => $"the part of {Value(e.Text)} from {Value(e.From)}{(e.To is null ? "" : $" to {Value(e.To)}")}",
        BoundConcat e => "the text " + string.Join(" + ", e.Parts.Select(Value)),
        BoundIndexOf e => $"the place of {Value(e.Sought)} in {Value(e.Text)}{(e.From is null ? "" : $" from {Value(e.From)}")}{Case(e.IgnoreCase)}",
        BoundBetween e => $"the part of {Value(e.Text)} between {Value(e.Left)} and {(e.IsGreedy ? "the last " : "")}{Value(e.Right)}{Case(e.IgnoreCase)}",
        BoundToText e => $"{Value(e.Operand)} as text",
        BoundToNumber e => $"{Value(e.Operand)} as a number{(e.Base is null ? "" : $" of base {Value(e.Base)}")}",
        BoundArrayCount e => $"the number of items {e.Variable.Name} of {Value(e.Variable.Array)} such that ({Inline(Of(e.Condition))})",
        _ => $"({Inline(Of(expression))})",
    };

    private static string Operator(ArithmeticKind kind) => kind switch
    {
        ArithmeticKind.Add => "+",
        ArithmeticKind.Subtract => "-",
        ArithmeticKind.Multiply => "*",
        ArithmeticKind.Divide => "/",
        _ => "%",
    };

    private static string Inline(LogicNode node) =>
        node.Children.Count == 0 ? node.Text : $"{node.Text}: {string.Join("; ", node.Children.Select(Inline))}";

    private static string Quote(string text)
    {
        var quoted = new System.Text.StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            // What cannot be seen, ends a line, or turns the direction of what is seen, must not hide in an explanation.
            if (char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                quoted.Append("\\u{").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)).Append('}');
            else
                quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    private static string Duration(TimeSpan span) => span switch
    {
        { Milliseconds: not 0 } => $"{span.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms",
        { Seconds: not 0 } => $"{span.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds",
        { Minutes: not 0 } => $"{span.TotalMinutes.ToString(CultureInfo.InvariantCulture)} minutes",
        { Hours: not 0 } => $"{span.TotalHours.ToString(CultureInfo.InvariantCulture)} hours",
        _ => $"{span.TotalDays.ToString(CultureInfo.InvariantCulture)} days",
    };
}
