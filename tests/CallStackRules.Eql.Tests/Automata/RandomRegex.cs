using CallStackRules.Eql.Automata;
using CsCheck;

namespace CallStackRules.Eql.Tests.Automata;

/// <summary>Random expressions and texts over few units, so that they meet often: letters with case, a fold beyond Latin, one that must not fold, a line feed.</summary>
internal static class RandomRegex
{
    public const string Alphabet = "abAÉékK\u212A\uD801\uDC00\uDC28\n-";

    public static readonly Gen<string> Text = Gen.OneOf(Alphabet.ToCharArray()).Array[0, 12].Select(units => new string(units));

    public static readonly Gen<RegexNode> Node = Gen.Recursive<RegexNode>((depth, node) => depth > 3
        ? Unit
        : Gen.Frequency(
            (4, Unit),
            (3, node.Array[0, 3].Select(parts => (RegexNode)new RegexSequence(parts))),
            (2, node.Array[2, 3].Select(alternatives => (RegexNode)new RegexChoice(alternatives))),
            (3, Gen.Select(node, Gen.Int[0, 3], Gen.Int[-1, 2], Repeat))));

    private static Gen<RegexNode> Unit => Gen.Frequency(
        (5, Gen.OneOf(Alphabet.ToCharArray()).Select(unit => (RegexNode)new RegexUnit(CharSet.Of(unit), IsNegated: false))),
        (1, Gen.Const<RegexNode>(new RegexUnit(CharSet.All, IsNegated: false))),
        (2, Gen.Select(Range.Array[1, 2], Gen.Bool, (ranges, isNegated) => (RegexNode)new RegexUnit(CharSet.Of(ranges), isNegated))));

    private static Gen<CharRange> Range => Gen.Select(Gen.OneOf(Alphabet.ToCharArray()), Gen.OneOf(Alphabet.ToCharArray()),
        (one, other) => new CharRange((char)Math.Min(one, other), (char)Math.Max(one, other)));

    private static RegexNode Repeat(RegexNode repeated, int least, int more) => new RegexRepeat(repeated, least, more < 0 ? null : least + more);
}
