using CallStackRules.Eql.Schema;
using CsCheck;

namespace CallStackRules.Eql.Tests.Generation;

/// <summary>
/// Random event queries over a schema that bind without errors: every operator and function, lists, nesting, searches of arrays, fields with several values, texts
/// where case and UTF-16 are easy to get wrong. Lineage, steps and pipes are left out.
/// </summary>
public static class RuleGen
{
    private const int Depth = 3;

    private static readonly string[] Categories = ["process", "file", "network"];

    private static readonly Gen<string> Whole = Gen.OneOf("0", "1", "2", "3", "5", "7", "-1", "-7", "9007199254740993", "9223372036854775807");
    private static readonly Gen<string> Small = Gen.Int[-3, 6].Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture));
    private static readonly Gen<string> Fraction = Gen.OneOf("0.5", "1.0", "2.5", "-0.5", "9007199254740992.0", "1e300");
    private static readonly Gen<string> Literal = Gen.OneOf(Words.All).Select(Quote);
    private static readonly Gen<string> Pattern = Gen.Frequency((2, Gen.OneOf(Words.All)), (5, Patterns.Wildcard)).Select(Quote);
    private static readonly Gen<string> Regex = Patterns.Regex.Select(Quote);
    private static readonly Gen<string> Network = Gen.OneOf(Words.Networks).Select(Quote);
    private static readonly Gen<string> Tilde = Gen.OneOf("", "~");

    /// <summary>Queries over a schema that has at least one field of text and one of numbers.</summary>
    public static Gen<string> For(EventSchema schema)
    {
        var fields = schema.Fields.Where(field => field.Path != schema.TimestampPath).Select(field => new Reachable(field.Path, field, 0)).ToList();
        Gen<string> category = Gen.Frequency((3, Gen.Const("any")), (2, Gen.OneOf(Categories)));
        return category.Select(Condition(new Reach(fields, 0), Depth), (name, condition) => $"{name} where {condition}");
    }

    private static Gen<string> Condition(Reach reach, int depth)
    {
        if (depth == 0)
            return Predicate(reach, 1);
        // Built only when chosen: alternatives nest, and a schema can have many arrays.
        return Gen.Int[0, 9].SelectMany(choice => choice switch
        {
            0 or 1 => Joined(reach, depth, " and "),
            2 or 3 => Joined(reach, depth, " or "),
            4 => Condition(reach, depth - 1).Select(operand => $"not ({operand})"),
            5 => Predicate(reach, 1).Select(operand => $"not {operand}"),
            6 when reach.Arrays.Count > 0 => Search(reach, depth).Select(search => "_arraysearch" + search),
            _ => Predicate(reach, Math.Min(depth, 2)),
        });
    }

    private static Gen<string> Joined(Reach reach, int depth, string op) =>
        Condition(reach, depth - 1).Select(operand => $"({operand})").Array[2, 3].Select(operands => string.Join(op, operands));

    private static Gen<string> Search(Reach reach, int depth) => Gen.OneOf(reach.Arrays.ToArray()).SelectMany(array =>
        Condition(reach.Inside(array), depth - 1).Select(condition => $"({array.Spelling}, {reach.NewVariable}, {condition})"));

    private static Gen<string> Predicate(Reach reach, int depth) => Gen.Frequency(
        (6, OfTexts(reach, depth)),
        (3, OfNumbers(reach, depth)),
        (1, OfBooleans(reach)),
        (1, Existence(reach, depth)));

    private static Gen<string> OfTexts(Reach reach, int depth)
    {
        Gen<string> text = Text(reach, depth);
        Gen<string> other = Gen.Frequency((3, Literal), (1, Text(reach, depth - 1)));
        return Gen.Frequency(
            (3, Binary(text, Gen.OneOf("==", "!="), other)),
            (1, Binary(text, Gen.OneOf("<", "<=", ">", ">="), other)),
            (3, Binary(text, Gen.OneOf(":", "like", "like~"), OneOrMore(Pattern))),
            (2, Binary(text, Gen.OneOf("in", "in~", "not in", "not in~"), List(other))),
            (2, Binary(text, Gen.OneOf("regex", "regex~"), OneOrMore(Regex))),
            (3, Call(Gen.OneOf("startswith", "endswith", "stringcontains"), text, other)),
            (1, Call(Gen.Const("wildcard"), text, Arguments(Pattern))),
            (1, Call(Gen.Const("match"), text, Arguments(Regex))),
            (1, Call(Gen.Const("arraycontains"), text, Arguments(Literal))),
            (1, text.Select(Arguments(Network), (address, networks) => $"cidrmatch({address}, {networks})")));
    }

    private static Gen<string> OfNumbers(Reach reach, int depth)
    {
        Gen<string> number = Number(reach, depth);
        Gen<string> literal = Gen.Frequency((4, Small), (1, Whole), (1, Fraction));
        Gen<string> other = Gen.Frequency((3, literal), (1, Number(reach, depth - 1)));
        // Text that stands beside whole numbers.
        Gen<string> digits = reach.Decimals.Count == 0 ? number : Spelling(reach.Decimals);
        Gen<string> whole = Gen.Frequency((4, Small), (1, Whole));
        return Gen.Frequency(
            (1, Binary(digits, Gen.OneOf("==", "!=", "<", "<=", ">", ">="), whole)),
            (1, Binary(digits, Gen.OneOf(":", "in", "not in"), List(whole))),
            (5, Binary(number, Gen.OneOf("==", "!=", "<", "<=", ">", ">="), other)),
            (1, Binary(number, Gen.Const(":"), OneOrMore(literal))),
            (1, Binary(number, Gen.OneOf("in", "not in"), List(other))));
    }

    private static Gen<string> OfBooleans(Reach reach)
    {
        if (reach.Booleans.Count == 0)
            return Gen.OneOf("true", "false");
        Gen<string> field = Spelling(reach.Booleans);
        return Gen.OneOf(field, Binary(field, Gen.OneOf("==", "!="), Gen.Frequency((2, Gen.OneOf("true", "false")), (1, field))));
    }

    private static Gen<string> Existence(Reach reach, int depth)
    {
        Gen<string> value = Gen.OneOf(
            Spelling(reach.Fields), Text(reach, depth), Number(reach, depth), Gen.Const("?nowhere.to.be.found"), Spelling(reach.Fields));
        return value.Select(Gen.OneOf("== null", "!= null"), (operand, test) => $"{operand} {test}");
    }

    private static Gen<string> Text(Reach reach, int depth)
    {
        Gen<string> field = reach.Texts.Count == 0 ? Literal : Spelling(reach.Texts);
        if (depth <= 0)
            return field;
        Gen<string> inner = Text(reach, depth - 1);
        Gen<string> part = Gen.Frequency((2, inner), (2, Literal), (1, Number(reach, depth - 1)), (1, Gen.OneOf("true", "1.0", "-7", "2.5")));
        Gen<string> place = Gen.Frequency((3, Small), (1, Number(reach, depth - 1)));
        return Gen.Frequency(
            (14, field),
            (1, part.Array[1, 3].Select(parts => $"concat({string.Join(", ", parts)})")),
            (1, inner.Select(place, (text, from) => $"substring({text}, {from})")),
            (1, inner.Select(place, place, (text, from, to) => $"substring({text}, {from}, {to})")),
            (1, Gen.Select(Tilde, inner, Literal, Literal, Gen.OneOf("", ", true", ", false"),
                (tilde, text, left, right, greedy) => $"between{tilde}({text}, {left}, {right}{greedy})")),
            (1, Gen.OneOf(inner, Number(reach, depth - 1)).Select(value => $"string({value})")));
    }

    private static Gen<string> Number(Reach reach, int depth)
    {
        Gen<string> field = reach.Numbers.Count == 0 ? Small : Spelling(reach.Numbers);
        if (depth <= 0)
            return field;
        Gen<string> inner = Number(reach, depth - 1);
        Gen<string> text = Text(reach, depth - 1);
        Gen<string> other = Gen.Frequency((4, Small), (1, Whole), (1, Fraction), (2, inner));
        Gen<string> measured = reach.Several.Count == 0 ? text : Gen.OneOf(text, Spelling(reach.Several));
        return Gen.Frequency(
            (8, field),
            (2, inner.Select(Gen.OneOf("+", "-", "*", "/", "%"), other, (left, op, right) => $"({left} {op} {right})")),
            (1, inner.Select(Gen.OneOf("add", "subtract", "multiply", "divide", "modulo"), other, (left, name, right) => $"{name}({left}, {right})")),
            (1, inner.Select(operand => $"-({operand})")),
            (3, measured.Select(value => $"length({value})")),
            (1, Call(Gen.Const("indexof"), text, Gen.Frequency((3, Literal), (1, Literal.Select(Small, (sought, from) => $"{sought}, {from}"))))),
            (1, text.Select(Gen.OneOf("", ", 10", ", 16"), (value, radix) => $"number({value}{radix})")),
            (reach.Arrays.Count > 0 ? 1 : 0, Gen.Const(0).SelectMany(_ => Search(reach, 1)).Select(search => "arraycount" + search)));
    }

    private static Gen<string> Spelling(IReadOnlyList<Reachable> fields) => Gen.OneOf(fields.Select(field => field.Spelling).ToArray());

    private static Gen<string> Binary(Gen<string> left, Gen<string> op, Gen<string> right) =>
        Gen.Select(left, op, right, (l, o, r) => $"{l} {o} {r}");

    private static Gen<string> Call(Gen<string> name, Gen<string> text, Gen<string> rest) =>
        Gen.Select(name, Tilde, text, rest, (function, tilde, first, others) => $"{function}{tilde}({first}, {others})");

    private static Gen<string> Arguments(Gen<string> item) => item.Array[1, 3].Select(items => string.Join(", ", items));

    private static Gen<string> List(Gen<string> item) => item.Array[1, 4].Select(items => $"({string.Join(", ", items)})");

    private static Gen<string> OneOrMore(Gen<string> item) => Gen.Frequency((2, item), (1, List(item)));

    private static string Quote(string text) =>
        '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + '"';
}
