using System.Diagnostics;
using CallStackRules.Events;
using CallStackRules.Matching;
using CsCheck;

namespace CallStackRules.Tests.Matching;

public sealed class WildcardPatternTests
{
    private static readonly Gen<string> Pattern = RandomText.Of(RandomText.Alphabet + "******??????", 8);

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "a\nb", true)]
    [InlineData("**", "a", true)]
    [InlineData("?", "", false)]
    [InlineData("?", "\n", true)]
    [InlineData("?", "ab", false)]
    [InlineData("??", "\U0001F600", true)]
    [InlineData("?*", "", false)]
    [InlineData("*?", "ab", true)]
    [InlineData("*??*", "a", false)]
    [InlineData("cmd.exe", "CMD.EXE", true)]
    [InlineData("cmd.exe", "cmd.exe ", false)]
    [InlineData("cmd*", "cmd.exe", true)]
    [InlineData("*.exe", "cmd.EXE", true)]
    [InlineData("*.exe", ".exe", true)]
    [InlineData("*md.*", "cmd.exe", true)]
    [InlineData("c*e", "ce", true)]
    [InlineData("ce*e", "ce", false)]
    [InlineData("aba*aba", "aba", false)]
    [InlineData("?:\\Windows\\*\\*.dll", "C:\\windows\\System32\\a.dll", true)]
    [InlineData("?:\\Windows\\*\\*.dll", "C:\\windows\\a.dll", false)]
    [InlineData("*a?c*", "abbabc", true)]
    [InlineData("*ab*ba*", "aba", false)]
    [InlineData("*É*", "caFé", true)]
    [InlineData("*k*", "\u212A", false)]
    [InlineData("\\*", "\\anything", true)]
    [InlineData("[a]", "a", false)]
    public void A_pattern_fits_a_whole_text(string pattern, string text, bool expected)
    {
        Assert.Equal(expected, new WildcardPattern(pattern, ignoreCase: true).IsMatch(text));
        Assert.Equal(expected, new WildcardSet(ignoreCase: true, "nothing", pattern).IsMatch(text));
    }

    [Fact]
    public void Case_counts_unless_it_is_ignored()
    {
        Assert.False(new WildcardPattern("*.exe", ignoreCase: false).IsMatch("a.EXE"));
        Assert.True(new WildcardPattern("*.exe", ignoreCase: true).IsMatch("a.EXE"));
    }

    [Fact]
    public void A_missing_text_fits_no_pattern()
    {
        Assert.False(new WildcardPattern("*", ignoreCase: false).IsMatch(Text.Missing));
        Assert.False(new WildcardSet(ignoreCase: false, "*", "", "*a*").IsMatch(Text.Missing));
    }

    [Fact]
    public void Nothing_fits_an_empty_set()
    {
        Assert.False(new WildcardSet(ignoreCase: true).IsMatch(""));
        Assert.False(new WildcardSet(ignoreCase: true).IsMatch("a"));
    }

    [Fact]
    public void A_pattern_fits_what_the_definition_says()
    {
        Gen.Select(Pattern, RandomText.UpTo(12), Gen.Bool).Check((pattern, text, ignoreCase) =>
            Assert.Equal(Fits(pattern, text, ignoreCase), new WildcardPattern(pattern, ignoreCase).IsMatch(RandomText.InBuffer(text))), iter: 50_000);
    }

    [Fact]
    public void A_set_fits_what_any_of_its_patterns_fits()
    {
        Gen<string> contained = RandomText.UpTo(2).Select(inside => $"*{inside}*");
        Gen<string> suffix = RandomText.UpTo(3).Select(end => $"*{end}");
        Gen<string[]> patterns = Gen.OneOf(Pattern, contained, suffix, RandomText.UpTo(4)).Array[0, 6];
        Gen.Select(patterns, RandomText.UpTo(6), Gen.Bool).Check((set, text, ignoreCase) => Assert.Equal(
            set.Any(pattern => Fits(pattern, text, ignoreCase)), new WildcardSet(ignoreCase, set).IsMatch(RandomText.InBuffer(text))), iter: 20_000);
    }

    [Fact]
    public void A_hostile_text_costs_at_most_pattern_times_text()
    {
        var pattern = new WildcardPattern(string.Concat(Enumerable.Repeat("*a?a", 50)) + "*b", ignoreCase: true);
        var watch = Stopwatch.StartNew();
        Assert.False(pattern.IsMatch(new string('a', 1_000_000)));

        // A backtracking matcher would not end at all; this takes milliseconds.
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), watch.Elapsed.ToString());
    }

    /// <summary>For each part of the pattern, the parts of the text that it fits.</summary>
    private static bool Fits(string pattern, string text, bool ignoreCase)
    {
        bool[] fits = new bool[text.Length + 1];
        fits[0] = true;
        foreach (char unit in pattern)
        {
            bool[] next = new bool[text.Length + 1];
            next[0] = unit == '*' && fits[0];
            for (int n = 1; n <= text.Length; n++)
            {
                next[n] = unit == '*' ? fits[n] || next[n - 1]
                    : fits[n - 1] && (unit == '?' || RandomText.AreEqual(unit, text[n - 1], ignoreCase));
            }
            fits = next;
        }
        return fits[text.Length];
    }
}
