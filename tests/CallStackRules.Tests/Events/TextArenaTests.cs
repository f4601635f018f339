using CallStackRules.Events;
using CsCheck;

namespace CallStackRules.Tests.Events;

public class TextArenaTests
{
    /// <summary>Steps: a length is asked for, or a block is given back that is known by its place among those at hand.</summary>
    private static readonly Gen<(int Length, int Returned)[]> Steps =
        Gen.Select(Gen.OneOf(Gen.Int[0, 40], Gen.Int[0, 3000], Gen.Int[60_000, 140_000]), Gen.Int[0, 100]).Array[1, 200];

    [Fact]
    public void Blocks_at_hand_never_share_room() => Steps.Check(steps =>
    {
        var arena = new TextArena();
        var held = new List<(TextBlock Block, char Fill)>();
        char fill = 'a';
        foreach ((int length, int returned) in steps)
        {
            TextBlock block = arena.Rent(length);
            Assert.True(block.Length >= length);
            block.Span.Fill(++fill);
            held.Add((block, fill));
            if (returned < held.Count)
            {
                Check(held[returned]);
                arena.Return(held[returned].Block);
                held.RemoveAt(returned);
            }
        }
        held.ForEach(Check);
    }, iter: 300);

    [Fact]
    public void What_was_given_back_is_used_again()
    {
        var arena = new TextArena();
        int[] lengths = [1, 16, 17, 900, 40_000, 65_536];
        var blocks = new TextBlock[lengths.Length];
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int round = 0; round < 1000; round++)
            {
                for (int i = 0; i < lengths.Length; i++)
                    blocks[i] = arena.Rent(lengths[i]);
                foreach (TextBlock block in blocks)
                    arena.Return(block);
            }
        }));
    }

    [Fact]
    public void Prepared_room_is_used_without_allocating()
    {
        var arena = new TextArena();
        arena.Prepare(1_000_000);
        Assert.Equal(0, Allocations.Of(() => arena.Rent(100_000 / 2)));
    }

    [Fact]
    public void Texts_are_kept_until_all_are_given_back()
    {
        var arena = new TextArena();
        var texts = new KeptTexts(arena);
        string[] originals = [.. Enumerable.Range(0, 100).Select(static i => new string((char)('A' + (i % 26)), i * 7))];
        Text[] kept = [.. originals.Select(text => texts.Keep(text))];
        Assert.Equal(originals, kept.Select(static text => text.ToString()));
        Assert.True(texts.Keep(default(Text)).IsMissing);
        Assert.False(texts.Keep("").IsMissing);

        texts.Clear();
        Assert.Equal(0, Allocations.Of(() =>
        {
            foreach (string text in originals)
                texts.Keep(text.AsSpan());
            texts.Clear();
        }));
    }

    private static void Check((TextBlock Block, char Fill) held) => Assert.Equal(-1, held.Block.Span.IndexOfAnyExcept(held.Fill));
}
