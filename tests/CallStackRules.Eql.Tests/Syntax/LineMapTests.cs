using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Tests.Syntax;

public class LineMapTests
{
    [Theory]
    [InlineData("", 0, 0, 0)]
    [InlineData("ab", 2, 0, 2)]
    [InlineData("ab\ncd", 2, 0, 2)]
    [InlineData("ab\ncd", 3, 1, 0)]
    [InlineData("ab\r\ncd", 3, 0, 3)]
    [InlineData("ab\r\ncd", 4, 1, 0)]
    [InlineData("ab\rcd", 3, 1, 0)]
    [InlineData("ab\n\n", 4, 2, 0)]
    [InlineData("ab\n", 99, 1, 0)]
    [InlineData("ab\n", -1, 0, 0)]
    public void An_offset_has_a_line_and_a_column(string text, int offset, int line, int column) =>
        Assert.Equal((line, column), new LineMap(text).GetPosition(offset));

    [Fact]
    public void A_line_begins_behind_the_end_of_the_one_before()
    {
        LineMap map = new("a\r\nb\rc\n");
        Assert.Equal([0, 3, 5, 7], Enumerable.Range(0, map.LineCount).Select(map.GetLineStart));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.GetLineStart(4));
    }
}
