using System.Text;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Tests.Symbols;

public class PerfMapTests
{
    [SkippableFact]
    public void Lines_that_are_added_are_read_and_the_later_of_two_holds()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "files are opened as on Linux");
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "perf-1.map");
        var map = new PerfMap(path);
        Assert.False(map.Refresh());
        File.WriteAllText(path, "1000 20 first one\n0x2000 0x10 void [app] Main()[Tier0]\n3000 10 half");
        Assert.True(map.Refresh());
        Assert.False(map.Refresh());
        Assert.Equal(("first one", 0x1ful), Find(map, 0x101f));
        Assert.Equal(("void [app] Main()[Tier0]", 0ul), Find(map, 0x2000));
        Assert.Null(Find(map, 0x1020).Name);
        Assert.Null(Find(map, 0x3000).Name);
        File.AppendAllText(path, " line\n1000 10 again\n");
        Assert.True(map.Refresh());
        Assert.Equal(("half line", 1ul), Find(map, 0x3001));
        Assert.Equal(("again", 0ul), Find(map, 0x1000));
        Assert.Equal(("first one", 0x10ul), Find(map, 0x1010));
        File.WriteAllText(path, "9000 10 anew\n");
        Assert.True(map.Refresh());
        Assert.Equal(1, map.Count);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("1000\n")]
    [InlineData("1000 0 empty\n")]
    [InlineData("1000 10 \n")]
    [InlineData("xyz 10 name\n")]
    [InlineData("11112222333344445 10 name\n")]
    public void Lines_that_make_no_sense_are_counted(string text)
    {
        var map = new PerfMap("");
        Assert.False(map.Add(Encoding.UTF8.GetBytes(text)));
        Assert.Equal((0, 1L), (map.Count, map.Skipped));
    }

    private static (string? Name, ulong Offset) Find(PerfMap map, ulong address)
    {
        map.TryFind(address, out string? name, out ulong offset);
        return (name, offset);
    }
}
