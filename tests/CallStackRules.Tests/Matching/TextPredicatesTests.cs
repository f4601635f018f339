using CallStackRules.Events;
using CallStackRules.Matching;
using CsCheck;

namespace CallStackRules.Tests.Matching;

public sealed class TextPredicatesTests
{
    public static readonly TheoryData<string, Func<Text, Text, bool>> AllOfTwoTexts = new()
    {
        { "==", TextPredicates.Equals },
        { ":", TextPredicates.EqualsIgnoreCase },
        { "<", TextPredicates.Less },
        { "<=", TextPredicates.LessOrEqual },
        { ">", TextPredicates.Greater },
        { ">=", TextPredicates.GreaterOrEqual },
        { "startswith", (x, y) => TextPredicates.StartsWith(x, y, ignoreCase: false) },
        { "startswith~", (x, y) => TextPredicates.StartsWith(x, y, ignoreCase: true) },
        { "endswith", (x, y) => TextPredicates.EndsWith(x, y, ignoreCase: false) },
        { "endswith~", (x, y) => TextPredicates.EndsWith(x, y, ignoreCase: true) },
        { "stringcontains", (x, y) => TextPredicates.Contains(x, y, ignoreCase: false) },
        { "stringcontains~", (x, y) => TextPredicates.Contains(x, y, ignoreCase: true) },
    };

    [Theory]
    [MemberData(nameof(AllOfTwoTexts))]
    public void A_predicate_of_a_missing_text_is_false(string name, Func<Text, Text, bool> predicate)
    {
        Assert.False(predicate(Text.Missing, "a"), name);
        Assert.False(predicate("a", Text.Missing), name);
        Assert.False(predicate("", Text.Missing), name);
        Assert.False(predicate(Text.Missing, ""), name);
        Assert.False(predicate(Text.Missing, Text.Missing), name);
    }

    [Fact]
    public void A_missing_text_is_no_literal()
    {
        Assert.False(TextPredicates.EqualsLiteral(Text.Missing, ""));
        Assert.False(TextPredicates.EqualsLiteralIgnoreCase(Text.Missing, ""));
        Assert.True(TextPredicates.EqualsLiteral("", ""));
        Assert.True(TextPredicates.EqualsLiteralIgnoreCase("", ""));
    }

    [Theory]
    [InlineData("é", "É", true)]
    [InlineData("CMD.EXE", "cmd.exe", true)]
    [InlineData("k", "\u212A", false)]
    [InlineData("s", "\u017F", false)]
    [InlineData("ß", "SS", false)]
    [InlineData("i", "İ", false)]
    [InlineData("ı", "I", false)]
    [InlineData("ς", "Σ", true)]
    [InlineData("\U00010400", "\U00010428", false)]
    [InlineData("\U00010400", "\U00010400", true)]
    public void Case_is_ignored_one_unit_to_one(string left, string right, bool expected)
    {
        Assert.Equal(expected, TextPredicates.EqualsIgnoreCase(left, right));
        Assert.Equal(expected, TextPredicates.EqualsLiteralIgnoreCase(left, right));
        Assert.Equal(expected, TextPredicates.StartsWith(left + "x", right, ignoreCase: true));
        Assert.Equal(expected, TextPredicates.EndsWith("x" + left, right, ignoreCase: true));
        Assert.Equal(expected, TextPredicates.Contains("x" + left + "x", right, ignoreCase: true));
        Assert.Equal(left == right, TextPredicates.Equals(left, right));
        Assert.Equal(left == right, TextPredicates.EqualsLiteral(left, right));
    }

    [Fact]
    public void Every_text_starts_and_ends_with_the_empty_one_but_none_contains_it()
    {
        Assert.True(TextPredicates.StartsWith("a", "", ignoreCase: false));
        Assert.True(TextPredicates.EndsWith("a", "", ignoreCase: true));
        Assert.True(TextPredicates.EndsWith("", "", ignoreCase: true));
        Assert.False(TextPredicates.Contains("a", "", ignoreCase: false));
        Assert.False(TextPredicates.Contains("", "", ignoreCase: true));
    }

    [Fact]
    public void Searching_finds_what_comparing_unit_by_unit_finds()
    {
        Gen.Select(RandomText.UpTo(20), RandomText.UpTo(3), Gen.Bool).Check((text, sought, ignoreCase) =>
        {
            int[] places = [.. Enumerable.Range(0, Math.Max(text.Length - sought.Length + 1, 0))
                .Where(at => RandomText.AreEqual(text.Substring(at, sought.Length), sought, ignoreCase))];
            Text whole = RandomText.InBuffer(text);
            Assert.Equal(sought.Length > 0 && places.Length > 0, TextPredicates.Contains(whole, sought, ignoreCase));
            Assert.Equal(places.Contains(0), TextPredicates.StartsWith(whole, sought, ignoreCase));
            Assert.Equal(places.Contains(text.Length - sought.Length), TextPredicates.EndsWith(whole, sought, ignoreCase));
            Assert.Equal(places.Length > 0 ? (long?)places[0] : null, TextFunctions.IndexOf(whole, sought, ignoreCase));
            Text before = TextFunctions.Between(whole, "", sought, greedy: true, ignoreCase);
            Assert.Equal(places.Length > 0 ? (long?)places[^1] : null, TextFunctions.Length(before));
        }, iter: 20_000);
    }

    [Fact]
    public void Texts_are_ordered_by_their_units()
    {
        Gen.Select(RandomText.UpTo(3), RandomText.UpTo(3)).Check((left, right) =>
        {
            int order = string.CompareOrdinal(left, right);
            Assert.Equal(order < 0, TextPredicates.Less(left, right));
            Assert.Equal(order <= 0, TextPredicates.LessOrEqual(left, right));
            Assert.Equal(order > 0, TextPredicates.Greater(left, right));
            Assert.Equal(order >= 0, TextPredicates.GreaterOrEqual(left, right));
            Assert.Equal(order == 0, TextPredicates.Equals(left, right));
        });
    }
}
