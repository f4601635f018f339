using CallStackRules.Events;
using CallStackRules.Matching;
using CsCheck;

namespace CallStackRules.Tests.Matching;

public sealed class TextSetTests
{
    [Fact]
    public void A_set_holds_its_items_and_nothing_else()
    {
        Gen.Select(RandomText.UpTo(4).Array[0, 30], RandomText.UpTo(4), Gen.Bool).Check((items, text, ignoreCase) =>
        {
            var set = new TextSet(ignoreCase, items);
            Assert.Equal(items.Any(item => RandomText.AreEqual(item, text, ignoreCase)), set.Contains(RandomText.InBuffer(text)));
            Assert.All(items, item => Assert.True(set.Contains(item)));
        }, iter: 10_000);
    }

    [Fact]
    public void Thousands_of_items_are_found_and_their_neighbours_are_not()
    {
        string[] items = [.. Enumerable.Range(0, 5000).Select(i => $@"C:\Windows\System32\service{i * 2:D5}.exe")];
        var sensitive = new TextSet(ignoreCase: false, items);
        var insensitive = new TextSet(ignoreCase: true, items);
        for (int i = 0; i < 10_000; i++)
        {
            string path = $@"C:\Windows\System32\service{i:D5}.exe";
            Assert.Equal(i % 2 == 0, sensitive.Contains(path));
            Assert.Equal(i % 2 == 0, insensitive.Contains(path.ToUpperInvariant()));
            Assert.False(sensitive.Contains(path.ToUpperInvariant()));
        }
    }

    [Fact]
    public void The_runtime_takes_the_same_items_as_equal()
    {
        // Without surrogates, for which the runtime folds pairs and the language does not.
        string[] items = [.. Enumerable.Range(0, 0xD800).Select(unit => ((char)unit).ToString())];
        foreach (string[] half in items.Chunk(0x6C00))
        {
            var set = new TextSet(ignoreCase: true, half);
            var runtime = new HashSet<string>(half, StringComparer.OrdinalIgnoreCase);
            Assert.All(items, item => Assert.Equal(runtime.Contains(item), set.Contains(item)));
        }
    }

    [Fact]
    public void A_star_is_a_star()
    {
        Assert.False(new TextSet(ignoreCase: true, "a*").Contains("ab"));
        Assert.True(new TextSet(ignoreCase: true, "a*").Contains("A*"));
    }

    [Fact]
    public void A_missing_text_is_not_the_empty_item()
    {
        Assert.True(new TextSet(ignoreCase: false, "").Contains(""));
        Assert.False(new TextSet(ignoreCase: false, "").Contains(Text.Missing));
        Assert.False(new TextSet(ignoreCase: false).Contains(""));
    }
}
