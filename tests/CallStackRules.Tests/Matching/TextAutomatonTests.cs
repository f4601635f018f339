using CallStackRules.Events;
using CallStackRules.Matching;

namespace CallStackRules.Tests.Matching;

/// <summary>Tables by hand; that compiled tables mean what their expression means is tested where they are compiled.</summary>
public sealed class TextAutomatonTests
{
    // Classes: 1 is 'a', 2 is 'b', 0 the rest. The expression is a+b.
    private static readonly ushort[] Starts = [0, 'a', 'b', 'c'];
    private static readonly ushort[] Classes = [0, 1, 2, 0];
    private static readonly ushort[] Transitions = [0, 0, 0, 0, 2, 0, 0, 2, 3, 0, 0, 0];

    [Theory]
    [InlineData("ab", true)]
    [InlineData("aaab", true)]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("abb", false)]
    [InlineData("cab", false)]
    [InlineData("\uFFFFab", false)]
    public void A_text_is_accepted_as_a_whole(string text, bool expected)
    {
        Assert.Equal(expected, new TextAutomaton(Starts, Classes, 3, Transitions, start: 1, firstAccepting: 3).IsMatch(RandomText.InBuffer(text)));
        Assert.Equal(expected, new TextNfa(Starts, Classes, 3, acceptsEmpty: false, [0b01], [0b10], [0, 0b01, 0b10], [0, 1], [0b11, 0]).IsMatch(text));
    }

    [Fact]
    public void A_state_that_accepts_everything_ends_the_reading()
    {
        var anything = new TextAutomaton([0], [0], 1, [0, 1], start: 1, firstAccepting: 1);
        Assert.True(anything.IsMatch(""));
        Assert.True(anything.IsMatch("\uFFFF"));
        Assert.False(anything.IsMatch(Text.Missing));
    }

    [Fact]
    public void Tables_that_contradict_each_other_are_refused()
    {
        Assert.All<Action>(
            [
                () => new TextAutomaton([], [], 1, [0], 0, 1),
                () => new TextAutomaton([1], [0], 1, [0], 0, 1),
                () => new TextAutomaton([0, 0], [0, 0], 1, [0], 0, 1),
                () => new TextAutomaton([0], [1], 1, [0], 0, 1),
                () => new TextAutomaton([0], [0], 2, [0], 0, 1),
                () => new TextAutomaton([0], [0], 1, [0, 2], 0, 1),
                () => new TextAutomaton([0], [0], 1, [0], 1, 1),
                () => new TextAutomaton([0], [0], 1, [1, 1], 0, 1),
                () => new TextAutomaton([0], [0], 1, [0, 1], 0, 0),
                () => new TextNfa([0], [0], 1, false, [], [], [], [], []),
                () => new TextNfa([0], [0], 1, false, [1], [1, 1], [1], [0], [1]),
                () => new TextNfa([0], [0], 1, false, [1], [1], [1, 1], [0], [1]),
                () => new TextNfa([0], [0], 1, false, [1], [1], [1], [1], [1]),
                () => new TextNfa([0], [0], 1, false, [1], [1], [1], new ushort[65], [1]),
                () => new TextNfa([0], [0], 1, false, new ulong[17], new ulong[17], new ulong[17], [0], new ulong[17]),
            ],
            make => Assert.ThrowsAny<ArgumentException>(make));
    }
}
