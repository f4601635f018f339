using CallStackRules.Events;
using CallStackRules.Matching;
using CsCheck;

namespace CallStackRules.Tests.Matching;

public sealed class TextFunctionsTests
{
    [Theory]
    [InlineData(0, 5, "hello")]
    [InlineData(6, long.MaxValue, "world")]
    [InlineData(-5, -1, "worl")]
    [InlineData(long.MinValue, 5, "hello")]
    [InlineData(5, 3, "")]
    [InlineData(100, 200, "")]
    [InlineData(3, -8, "")]
    public void A_part_is_cut_as_by_pythons_slices(long from, long to, string expected) =>
        Assert.Equal(expected, TextFunctions.Substring(RandomText.InBuffer("hello world"), from, to).ToString());

    [Fact]
    public void Without_an_end_a_part_goes_to_the_end()
    {
        Assert.Equal("world", TextFunctions.Substring("hello world", -5));
        Assert.Equal("", TextFunctions.Substring("hello world", 11));
        Assert.Equal("hello world", TextFunctions.Substring("hello world", -100));
    }

    [Fact]
    public void A_part_never_leaves_its_text() => Gen.Select(RandomText.UpTo(5), Gen.Long[-9, 9], Gen.Long[-9, 9]).Check((text, from, to) =>
    {
        long start = Math.Clamp(from < 0 ? from + text.Length : from, 0, text.Length);
        long end = Math.Clamp(to < 0 ? to + text.Length : to, 0, text.Length);
        Assert.Equal(start < end ? text[(int)start..(int)end] : "", TextFunctions.Substring(RandomText.InBuffer(text), from, to).ToString());
    });

    [Fact]
    public void A_function_of_something_missing_is_missing()
    {
        Assert.True(TextFunctions.Substring(Text.Missing, 0).IsMissing);
        Assert.True(TextFunctions.Substring("a", null).IsMissing);
        Assert.True(TextFunctions.Substring(Text.Missing, 0, 1).IsMissing);
        Assert.True(TextFunctions.Substring("a", null, 1).IsMissing);
        Assert.True(TextFunctions.Substring("a", 0, null).IsMissing);
        Assert.Null(TextFunctions.Length(Text.Missing));
        Assert.Null(TextFunctions.IndexOf(Text.Missing, "a", ignoreCase: false));
        Assert.Null(TextFunctions.IndexOf("a", Text.Missing, ignoreCase: false));
        Assert.Null(TextFunctions.IndexOf("a", "a", null, ignoreCase: false));
        Assert.True(TextFunctions.Between(Text.Missing, "", "", greedy: false, ignoreCase: false).IsMissing);
        Assert.True(TextFunctions.Between("", Text.Missing, "", greedy: false, ignoreCase: false).IsMissing);
        Assert.True(TextFunctions.Between("", "", Text.Missing, greedy: false, ignoreCase: false).IsMissing);
        Assert.Null(TextFunctions.ToNumber(Text.Missing));
        Assert.Null(TextFunctions.ToNumber("1", null));
        Assert.Null(TextFunctions.ToFloat(Text.Missing));
        Assert.Null(TextFunctions.ToFloat("1", null));
    }

    [Fact]
    public void Length_counts_units_of_a_text_and_values_of_a_field()
    {
        var values = new TextList();
        Assert.Null(TextFunctions.Length(values));
        values.Add("a");
        values.Add("b");
        Assert.Equal(2, TextFunctions.Length(values));
        Assert.Null(TextFunctions.Length(0));
        Assert.Equal(3, TextFunctions.Length(3));
        Assert.Equal(0, TextFunctions.Length(""));
        Assert.Equal(2, TextFunctions.Length("\U0001F600"));
    }

    [Theory]
    [InlineData("o", 0, 4L)]
    [InlineData("o", 5, 7L)]
    [InlineData("o", -3, 4L)]
    [InlineData("o", 8, null)]
    [InlineData("", 11, 11L)]
    [InlineData("", 12, null)]
    [InlineData("o", long.MaxValue, null)]
    [InlineData("x", 0, null)]
    public void A_place_is_looked_for_from_another_on(string sought, long from, long? expected) =>
        Assert.Equal(expected, TextFunctions.IndexOf("hello world", sought, from, ignoreCase: false));

    [Theory]
    [InlineData("a[b]c]d", "[", "]", false, "b")]
    [InlineData("a[b]c]d", "[", "]", true, "b]c")]
    [InlineData("aXbxc", "x", "X", false, "b")]
    [InlineData("]a[b", "[", "]", false, null)]
    [InlineData("", "", "", true, "")]
    public void What_stands_between_is_cut_out(string text, string left, string right, bool greedy, string? expected) =>
        Assert.Equal((Text)expected, TextFunctions.Between(text, left, right, greedy, ignoreCase: true));

    [Theory]
    [InlineData("314", 314L)]
    [InlineData("-314", -314L)]
    [InlineData("+314", 314L)]
    [InlineData("0x1F", 31L)]
    [InlineData("-0X1f", -31L)]
    [InlineData("007", 7L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("-0x8000000000000000", long.MinValue)]
    [InlineData("0x8000000000000000", null)]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData("0x", null)]
    [InlineData("1F", null)]
    [InlineData(" 1", null)]
    [InlineData("1 ", null)]
    [InlineData("1\0", null)]
    [InlineData("1,000", null)]
    [InlineData("3.14", null)]
    [InlineData("--1", null)]
    [InlineData("\u0663", null)]
    public void An_integer_is_read_or_missing(string text, long? expected)
    {
        Assert.Equal(expected, TextFunctions.ToNumber(text));
        if (expected is not null)
            Assert.Equal((double)expected, TextFunctions.ToFloat(text));
    }

    [Theory]
    [InlineData("1F", 16, 31L)]
    [InlineData("0x1F", 16, 31L)]
    [InlineData("0x1F", 10, null)]
    [InlineData("1F", 10, null)]
    [InlineData("17", 8, null)]
    [InlineData("G", 16, null)]
    [InlineData("1F\0", 16, null)]
    public void An_integer_is_read_in_base_10_or_16(string text, long numberBase, long? expected)
    {
        Assert.Equal(expected, TextFunctions.ToNumber(text, numberBase));
        Assert.Equal(expected, TextFunctions.ToFloat(text, numberBase));
    }

    [Theory]
    [InlineData("3.14", 3.14)]
    [InlineData("-.5", -0.5)]
    [InlineData("3.", 3.0)]
    [InlineData("1e3", 1000.0)]
    [InlineData("9223372036854775808", null)]
    [InlineData("1e999", null)]
    [InlineData("Infinity", null)]
    [InlineData("NaN", null)]
    [InlineData(".", null)]
    [InlineData("", null)]
    [InlineData("1.5\0", null)]
    [InlineData("1,5", null)]
    public void A_number_with_a_fraction_is_read_or_missing(string text, double? expected)
    {
        Assert.Equal(expected, TextFunctions.ToFloat(text));
        Assert.Equal(expected, TextFunctions.ToFloat(text, 10));
    }
}
