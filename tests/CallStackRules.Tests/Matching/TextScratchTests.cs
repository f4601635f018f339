using CallStackRules.Events;
using CallStackRules.Matching;

namespace CallStackRules.Tests.Matching;

public sealed class TextScratchTests
{
    private readonly TextScratch _scratch = new();

    [Fact]
    public void Texts_are_joined() => Assert.Equal("ntdll.dll|Unbacked|a.exe", _scratch.Concat("ntdll.dll|Unbacked|", RandomText.InBuffer("a.exe")));

    [Fact]
    public void Any_number_of_texts_can_be_joined()
    {
        Assert.Equal("a", _scratch.Concat("a"));
        Assert.Equal("abcdefghij", _scratch.Concat("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"));
    }

    [Fact]
    public void One_missing_text_makes_the_whole_missing()
    {
        Assert.True(_scratch.Concat("a", Text.Missing).IsMissing);
        Assert.True(_scratch.Concat(Text.Missing).IsMissing);
        Assert.False(_scratch.Concat("", "").IsMissing);
    }

    [Fact]
    public void Numbers_and_truth_are_rendered()
    {
        Assert.Equal("-9223372036854775808", _scratch.Render(long.MinValue));
        Assert.Equal("2.1828", _scratch.Render(2.1828));
        Assert.Equal("3", _scratch.Render(3.0));
        Assert.Equal("-1.7976931348623157E+308", _scratch.Render(double.MinValue));
        Assert.Equal("true", _scratch.Render(true));
        Assert.Equal("false", _scratch.Render(false));
        Assert.True(_scratch.Render((long?)null).IsMissing);
        Assert.True(_scratch.Render((double?)null).IsMissing);
        Assert.True(_scratch.Render((bool?)null).IsMissing);
    }

    [Fact]
    public void Earlier_texts_stay_while_later_ones_are_made()
    {
        List<(string Expected, Text Made)> texts = [];
        for (int i = 0; i < 2000; i++)
            texts.Add(($"{i}-suffix", _scratch.Concat(_scratch.Render(i), "-suffix")));
        Assert.All(texts, text => Assert.Equal(text.Expected, text.Made));
    }

    [Fact]
    public void Too_much_text_is_missing_until_the_scratch_is_cleared()
    {
        string half = new('a', TextScratch.MaxLength / 2);
        Assert.False(_scratch.Concat(half, half).IsMissing);
        Assert.True(_scratch.Concat("a").IsMissing);
        Assert.True(_scratch.Render(1).IsMissing);
        _scratch.Clear();
        Assert.Equal("a", _scratch.Concat("a"));
        Assert.True(_scratch.Concat(half, half, "a").IsMissing);
    }

    [Fact]
    public void Each_thread_has_its_own()
    {
        TextScratch? other = null;
        var thread = new Thread(() => other = TextScratch.Current);
        thread.Start();
        thread.Join();
        Assert.NotNull(other);
        Assert.NotSame(other, TextScratch.Current);
        Assert.Same(TextScratch.Current, TextScratch.Current);
    }
}
