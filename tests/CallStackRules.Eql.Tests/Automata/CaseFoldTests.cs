using CallStackRules.Eql.Automata;

namespace CallStackRules.Eql.Tests.Automata;

public sealed class CaseFoldTests
{
    [Fact]
    public void Units_that_fold_to_one_are_exactly_those_that_the_runtime_takes_as_equal()
    {
        IEnumerable<char> units = Enumerable.Range(0, char.MaxValue + 1).Select(unit => (char)unit);
        IEnumerable<string> runtime = units.GroupBy(unit => unit.ToString(), StringComparer.OrdinalIgnoreCase).Select(group => string.Concat(group));
        IEnumerable<string> folded = units.GroupBy(CaseFold.Fold).Select(group => string.Concat(group));

        Assert.Equal(runtime.Order(StringComparer.Ordinal), folded.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("É.EXE", "é.exe", true)]
    [InlineData("straße", "STRASSE", false)]
    [InlineData("K", "\u212A", false)]
    [InlineData("s", "\u017F", false)]
    [InlineData("i", "\u0130", false)]
    [InlineData("i", "\u0131", false)]
    [InlineData("Σς", "σσ", true)]
    [InlineData("\U00010400", "\U00010428", false)]
    [InlineData("a", "ab", false)]
    public void Texts_are_equal_but_for_case_one_unit_to_one(string left, string right, bool expected)
    {
        Assert.Equal(expected, CaseFold.AreEqual(left, right));
        Assert.Equal(expected, CaseFold.Fold(left) == CaseFold.Fold(right));
    }
}
