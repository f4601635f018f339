using CallStackRules.Sensor.Output;

namespace CallStackRules.Sensor.Tests.Output;

public class PrintableTextTests
{
    [Theory]
    [InlineData("plain é 漢 😀", "plain é 漢 😀")]
    [InlineData("", "")]
    [InlineData("\u001b[2Jcleared", @"\u{1B}[2Jcleared")]
    [InlineData("\u009b31m", @"\u{9B}31m")]
    [InlineData("a\r\nb\tc\0\u007f", @"a\u{D}\u{A}b\u{9}c\u{0}\u{7F}")]
    [InlineData("gpj.\u202Eexe", @"gpj.\u{202E}exe")]
    [InlineData("\u200Bx\u2066\uFEFF", @"\u{200B}x\u{2066}\u{FEFF}")]
    [InlineData("\u2028\u2029", @"\u{2028}\u{2029}")]
    [InlineData("[red]not markup[/]", "[red]not markup[/]")]
    public void What_could_steer_a_terminal_is_written_as_its_code_point(string text, string expected) =>
        Assert.Equal(expected, PrintableText.Of(text));

    // Not a row of the table: attributes cannot hold half a surrogate pair.
    [Fact]
    public void Half_a_surrogate_pair_is_written_as_its_code_unit() =>
        Assert.Equal(@"\u{D83D} tail \u{DE00}", PrintableText.Of("\uD83D tail \uDE00"));
}
