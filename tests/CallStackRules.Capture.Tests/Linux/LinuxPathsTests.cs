using System.Text;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Linux;

public sealed class LinuxPathsTests
{
    [Theory]
    [InlineData("/home/ada", "plan.odt", "/home/ada/plan.odt")]
    [InlineData("/home/ada", "../bob/./x", "/home/bob/x")]
    [InlineData("/home/ada", "/etc//shadow", "/etc/shadow")]
    [InlineData("/", "a", "/a")]
    [InlineData("/", "../../..", "/")]
    [InlineData("/a", "b/..", "/a")]
    [InlineData("/a", "/..hidden/...", "/..hidden/...")]
    [InlineData("/a", "/tmp/", "/tmp")]
    public void Paths_are_made_absolute_and_plain(string folder, string path, string expected) =>
        Assert.Equal(expected, LinuxPaths.Resolve(folder, Encoding.UTF8.GetBytes(path), new TextBuffer()).ToString());

    [Fact]
    public void A_relative_path_stays_when_its_folder_is_not_known() =>
        Assert.Equal("x/y", LinuxPaths.Resolve(default, "x/y"u8, new TextBuffer()).ToString());

    [Fact]
    public void The_line_of_a_process_is_read_whatever_its_name_holds()
    {
        ProcStat? stat = ProcStat.Parse("42 (a) b) Z 1 42 40 34816 42 4194304 1 2 3 4 5 6 7 8 20 0 3 0 987654 1000 1"u8);

        Assert.Equal(new ProcStat(1, 42, 40, 34816, IsDead: true, 3, 987654), stat);
        Assert.Null(ProcStat.Parse("42 (a"u8));
        Assert.Null(ProcStat.Parse("42 (a) R 1 2"u8));
    }

    [Fact]
    public void An_entity_id_is_read_back()
    {
        Span<char> room = stackalloc char[LinuxEntityId.MostCharacters];
        int length = LinuxEntityId.Write("0123456789abcdef", 4711, 98765, room);

        Assert.True(LinuxEntityId.TryParse(room[..length], out ReadOnlySpan<char> boot, out int pid, out long ticks));
        Assert.Equal("0123456789ab", boot.ToString());
        Assert.Equal((4711, 98765L), (pid, ticks));
        Assert.False(LinuxEntityId.TryParse("0123456789ab-x-1", out _, out _, out _));
        Assert.False(LinuxEntityId.TryParse("short", out _, out _, out _));
    }
}
