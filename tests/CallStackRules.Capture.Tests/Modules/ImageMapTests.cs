using CallStackRules.CallStacks;
using CallStackRules.Capture.Modules;

namespace CallStackRules.Capture.Tests.Modules;

public sealed class ImageMapTests
{
    private static readonly ModuleInfo[] Modules = [.. Enumerable.Range(0, 8).Select(static i => new ModuleInfo($@"c:\{i}.dll"))];

    [Fact]
    public void Every_page_belongs_to_the_image_that_was_mapped_there_last()
    {
        const int pages = 64;
        int seed = RepeatableSamples.Seed;
        var random = new Random(seed);
        var map = new ImageMap();
        var expected = new (ModuleInfo? Module, int Start)[pages];
        for (int step = 0; step < 5000; step++)
        {
            int start = random.Next(pages);
            if (random.Next(4) == 0)
            {
                map.Remove((ulong)start);
                if (expected[start].Module is not null && expected[start].Start == start)
                    Unmap(expected, start);
            }
            else
            {
                int size = random.Next(pages - start + 1);
                ModuleInfo module = Modules[random.Next(Modules.Length)];
                map.Add((ulong)start, (ulong)size, module);
                for (int page = start; page < start + size; page++)
                {
                    if (expected[page].Module is not null)
                        Unmap(expected, expected[page].Start);
                }
                Array.Fill(expected, (module, start), start, size);
            }
            for (int page = 0; page < pages; page++)
            {
                ModuleInfo? module = map.Find((ulong)page, out ulong rva);
                Assert.True(module == expected[page].Module && (module is null || (int)rva == page - expected[page].Start), $"page {page} in step {step} of seed {seed}");
            }
        }
    }

    [Fact]
    public void An_image_that_cannot_be_changes_nothing()
    {
        var map = new ImageMap();
        map.Add(0x1000, 0, Modules[0]);
        map.Add(ulong.MaxValue - 1, 0x1000, Modules[0]);
        map.Remove(0x1000);

        Assert.Equal(0, map.Count);
    }

    private static void Unmap((ModuleInfo? Module, int Start)[] pages, int start)
    {
        for (int page = 0; page < pages.Length; page++)
        {
            if (pages[page].Module is not null && pages[page].Start == start)
                pages[page] = default;
        }
    }

    [Fact]
    public void Where_there_is_no_room_for_another_image_it_says_so()
    {
        var map = new ImageMap();
        var module = new ModuleInfo("a");
        ulong start = 0x1000;
        for (; map.Count < 16 * 1024; start += 0x1000)
            Assert.True(map.Add(start, 0x1000, module));

        Assert.False(map.Add(start, 0x1000, module));
        // One in the place of another needs no room of its own.
        Assert.True(map.Add(0x1000, 0x1000, module));
    }
}
