using CallStackRules.Eql.Automata;

namespace CallStackRules.Eql.Tests.Automata;

public sealed class RegexSyntaxTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "xabc", false)]
    [InlineData("abc", "abcx", false)]
    [InlineData("a.c", "a\nc", true)]
    [InlineData("a|bc", "bc", true)]
    [InlineData("a(b|)c", "ac", true)]
    [InlineData("(?:ab)+", "abab", true)]
    [InlineData("()", "", true)]
    [InlineData("a{2}", "aaa", false)]
    [InlineData("a{2,}", "aaaa", true)]
    [InlineData("a{2,3}", "aaaa", false)]
    [InlineData("a{0}b", "b", true)]
    [InlineData(".*?\\.exe", "a.exe", true)]
    [InlineData("a+?", "aa", true)]
    [InlineData("a??", "", true)]
    [InlineData("a{1,2}?", "aa", true)]
    [InlineData(@"\d\D\w\W\s\S", "1a_- x", true)]
    [InlineData(@"\d", "\u0663", false)]
    [InlineData(@"\w", "é", false)]
    [InlineData(@"\s", "\u00A0", false)]
    [InlineData(@"\s{6}", "\t\n\v\f\r ", true)]
    [InlineData(@"[\d.-]+", "1.2-3", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[-a]", "-", true)]
    [InlineData(@"[\w-x]", "-", true)]
    [InlineData(@"[\]\\^]+", @"]\^", true)]
    [InlineData("[^^]", "^", false)]
    [InlineData("[&&^]", "&", true)]
    [InlineData(@"[\x41-\u0043]", "B", true)]
    [InlineData(@"\x41\u0042\n\r\t", "AB\n\r\t", true)]
    [InlineData(@"C:\\Windows\\.*", @"C:\Windows\x", true)]
    [InlineData(@"\.\*\?\+\(\)\[\]\{\}\|\^\$\/\-\ ", ".*?+()[]{}|^$/- ", true)]
    [InlineData("@#&<1-2>~\"'", "@#&<1-2>~\"'", true)]
    [InlineData("]}", "]}", true)]
    public void A_pattern_stands_for_texts(string pattern, string text, bool expected)
    {
        Assert.True(RegexSyntax.TryParse(pattern, out RegexNode? node, out RegexError? error), error?.Message);
        Assert.Equal(expected, RegexOracle.IsMatch(node, text, ignoreCase: false));
    }

    [Theory]
    [InlineData("^abc", 0, "remove it")]
    [InlineData("abc$", 3, "remove it")]
    [InlineData(@"a\b", 1, "tests a place")]
    [InlineData(@"\Aa", 0, "tests a place")]
    [InlineData("(?=a)", 0, "Lookaround")]
    [InlineData("x(?!a)", 1, "Lookaround")]
    [InlineData("(?<=a)", 0, "Lookaround")]
    [InlineData("(?<!a)", 0, "Lookaround")]
    [InlineData(@"(a)\1", 3, "Back references")]
    [InlineData(@"\k<x>", 0, "Back references")]
    [InlineData("(?i)a", 0, "regex~")]
    [InlineData("(?i:a)", 0, "regex~")]
    [InlineData("(?<x>a)", 0, "no names")]
    [InlineData("(?P<x>a)", 0, "no names")]
    [InlineData("(?>a)", 0, "Atomic")]
    [InlineData("(?#x)", 0, "// comment")]
    [InlineData("(?", 0, "Inline flags")]
    [InlineData("a++", 2, "Possessive")]
    [InlineData("a**", 2, "quantifier already")]
    [InlineData("a{2}{3}", 4, "quantifier already")]
    [InlineData("*a", 0, "nothing to repeat")]
    [InlineData("a|+", 2, "nothing to repeat")]
    [InlineData("{2}", 0, "nothing to repeat")]
    [InlineData("(?:", 0, "not closed")]
    [InlineData("(a", 0, "not closed")]
    [InlineData("a)b", 1, "no group")]
    [InlineData("[a", 0, "not closed")]
    [InlineData("[a-", 0, "not closed")]
    [InlineData("[", 0, "not closed")]
    [InlineData("[^", 0, "not closed")]
    [InlineData("[]", 0, "empty")]
    [InlineData("[^]", 0, "empty")]
    [InlineData("[z-a]", 1, "reversed")]
    [InlineData(@"[a-\d]", 1, "ends in a character")]
    [InlineData("[[:alpha:]]", 1, "POSIX")]
    [InlineData("[a-z-[b]]", 4, "from a class")]
    [InlineData("a{", 1, "{n}")]
    [InlineData("a{x}", 1, "{n}")]
    [InlineData("a{,2}", 1, "{n}")]
    [InlineData("a{1,x}", 1, "{n}")]
    [InlineData("a{3,2}", 1, "fewer")]
    [InlineData("a{1001}", 2, "at most 1000")]
    [InlineData("a{99999999999999999999}", 2, "at most 1000")]
    [InlineData(@"a\", 1, "escapes nothing")]
    [InlineData(@"[\", 1, "escapes nothing")]
    [InlineData(@"\q", 0, "means nothing")]
    [InlineData(@"\x4", 0, "2 hexadecimal digits")]
    [InlineData(@"\u{41}", 0, "4 hexadecimal digits")]
    [InlineData(@"\p{L}", 0, "Unicode categories")]
    public void A_mistake_is_named_at_its_place(string pattern, int offset, string message)
    {
        Assert.False(RegexSyntax.TryParse(pattern, out RegexNode? node, out RegexError? error));
        Assert.Null(node);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(offset, error.Offset);
    }

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        Assert.False(RegexSyntax.TryParse(new string('(', 100_000), out _, out RegexError? tooLong));
        Assert.Contains("Split it", tooLong.Message, StringComparison.Ordinal);

        Assert.False(RegexSyntax.TryParse(new string('(', 101) + new string(')', 101), out _, out RegexError? tooDeep));
        Assert.Equal("Groups nest deeper than 100.", tooDeep.Message);
        Assert.Equal(100, tooDeep.Offset);

        Assert.True(RegexSyntax.TryParse(new string('(', 100) + new string(')', 100), out _, out _));
        Assert.True(RegexSyntax.TryParse(new string('a', RegexSyntax.MaxLength), out _, out _));
    }
}
