using CallStackRules.Eql.Automata;
using CsCheck;

namespace CallStackRules.Eql.Tests.Generation;

/// <summary>Random wildcard patterns and regular expressions, and random texts that fit them.</summary>
public static class Patterns
{
    private static readonly Gen<string> Few = Gen.OneOf("", "a", "b", "ab", "é", "É", "cmd", ".", "k", "σ");

    /// <summary>Wildcard patterns.</summary>
    public static readonly Gen<string> Wildcard = Gen.Frequency((3, Few), (2, Gen.Const("*")), (1, Gen.Const("?"))).Array[1, 5].Select(string.Concat);

    /// <summary>Regular expressions.</summary>
    public static readonly Gen<string> Regex = RegexOf(2);

    /// <summary>Texts that fit a wildcard pattern.</summary>
    public static Gen<string> FittingWildcard(string pattern) => Concat(pattern.Select(unit => unit switch
    {
        '*' => Gen.OneOf("", "a", "b", "ab", "\n"),
        '?' => Gen.OneOf("a", "b", "é", "*"),
        _ => Gen.Const(unit.ToString()),
    }));

    /// <summary>Texts that fit a regular expression, case observed.</summary>
    public static Gen<string> FittingRegex(RegexNode node) => node switch
    {
        RegexUnit unit => FittingUnit(unit),
        RegexSequence sequence => Concat(sequence.Parts.Select(FittingRegex)),
        RegexChoice choice => Gen.OneOf(choice.Alternatives.Select(FittingRegex).ToArray()),
        RegexRepeat repeat => FittingRegex(repeat.Repeated).Array[repeat.Least, Math.Min(repeat.Most ?? int.MaxValue, repeat.Least + 2)].Select(string.Concat),
        _ => throw new ArgumentException($"A regular expression has no part {node.GetType().Name}.", nameof(node)),
    };

    private static Gen<string> RegexOf(int depth)
    {
        Gen<string> unit = Gen.OneOf("a", "b", "c", "é", "k", "s", "σ", "0", "\\.", ".", "[ab]", "[^b]", "[a-cé]", "\\d", "\\w", "\\s", "\\W", "@", "😀");
        Gen<string> atom = depth == 0 ? unit : Gen.Frequency((4, unit), (1, RegexOf(depth - 1).Select(inner => $"({inner})")), (1, RegexOf(depth - 1).Select(inner => $"(?:{inner})")));
        Gen<string> quantified = atom.Select(Gen.OneOf("", "", "", "*", "+", "?", "{2}", "{1,3}", "{2,}"), (one, times) => one + times);
        return quantified.Array[1, 4].Select(string.Concat).Array[1, 2].Select(alternatives => string.Join("|", alternatives));
    }

    private static Gen<string> FittingUnit(RegexUnit unit)
    {
        const string candidates = "abcéÉkK7 .@σ_\n";
        char[] fitting = [.. candidates.Where(character => unit.Units.Contains(character) != unit.IsNegated)];
        return fitting.Length > 0 ? Gen.OneOf(fitting).Select(character => character.ToString())
            : Gen.OneOf(unit.Units.Ranges.Select(range => range.First.ToString()).ToArray());
    }

    private static Gen<string> Concat(IEnumerable<Gen<string>> parts) =>
        parts.Aggregate(Gen.Const(""), (text, part) => text.Select(part, (start, end) => start + end));
}
