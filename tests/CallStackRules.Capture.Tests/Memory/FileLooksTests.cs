using System.Security.Cryptography;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Tests.Symbols;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Tests.Memory;

/// <summary>What files are is looked up once, on another thread, and again when a file is another one.</summary>
public sealed class FileLooksTests
{
    private static readonly SignatureFacts Signed = new(true, true, "trusted", "Some Maker");
    private static readonly TimeSpan Generous = TimeSpan.FromMinutes(2);

    private readonly SourceStatistics _statistics = new();
    private readonly CaptureStatistics _capture = new();

    [Fact]
    public void A_file_is_looked_at_once_as_long_as_it_stays_the_same()
    {
        int checks = 0;
        using FileLooks looks = Looks((_, file) =>
        {
            Assert.False(file.IsInvalid);
            checks++;
            return Signed;
        });
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.dll");
        byte[] image = new PeWriter(is64Bit: true) { Version = VersionWriter.Version(("OriginalFilename", "ntdll.dll")) }.ToArray();
        File.WriteAllBytes(path, image);
        var expected = new FileFacts { Sha256 = Convert.ToHexStringLower(SHA256.HashData(image)), Signature = Signed, OriginalFileName = "ntdll.dll" };

        Assert.Equal(expected, looks.At(path));
        Assert.Equal(expected, looks.At(path));
        Assert.Equal(1, checks);

        File.WriteAllText(path, "no image");
        Assert.Equal(new FileFacts { Sha256 = Convert.ToHexStringLower(SHA256.HashData("no image"u8)), Signature = Signed }, looks.At(path));
        Assert.Equal(2, checks);
        Assert.Equal((2, 1, 0, 0), (_capture.HashesComputed, _capture.HashesKnown, _capture.HashesRefused, _capture.HashesLate));
    }

    [Fact]
    public void Who_asks_does_not_wait_longer_than_a_moment_and_the_answer_is_there_later()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.dll");
        File.WriteAllText(path, "a");
        using var slow = new ManualResetEventSlim();
        using FileLooks looks = Looks((_, _) => slow.Wait(Generous) ? Signed : null, wait: TimeSpan.FromMilliseconds(1));

        Assert.Null(looks.At(path));
        Assert.Null(looks.At(path));
        // The thread is busy with the file.
        Assert.Null(looks.Header(path));
        Assert.Equal((1, 0), (_capture.HashesLate, _capture.HashesKnown));
        Assert.Equal(1, _statistics.FieldProblems.Values.Sum());

        slow.Set();
        Assert.True(SpinWait.SpinUntil(() => looks.At(path) is not null, Generous));
        Assert.Equal(Signed, looks.At(path)!.Signature);
    }

    [Fact]
    public void Nobody_waits_while_events_would_be_lost()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.dll");
        File.WriteAllText(path, "a");
        using var slow = new ManualResetEventSlim();
        using FileLooks looks = Looks((_, _) => slow.Wait(Generous) ? Signed : null, mayWait: false);

        Assert.Null(looks.At(path));
        slow.Set();
        Assert.True(SpinWait.SpinUntil(() => looks.At(path) is not null, Generous));
    }

    [Fact]
    public void Files_that_nobody_can_look_at_in_time_do_not_pile_up()
    {
        using var folder = new TemporaryFolder();
        using var slow = new ManualResetEventSlim();
        using FileLooks looks = Looks((_, _) => slow.Wait(Generous) ? Signed : null, mayWait: false);
        for (int i = 0; i < 1100; i++)
        {
            string path = Path.Combine(folder.Path, $"{i}");
            File.WriteAllText(path, "a");
            Assert.Null(looks.At(path));
        }
        Assert.Equal(1100, _capture.HashesLate);

        slow.Set();
        // One that found no room is asked for anew.
        string last = Path.Combine(folder.Path, "1099");
        Assert.True(SpinWait.SpinUntil(() => looks.At(last) is not null, Generous));
    }

    [Fact]
    public void Of_a_file_that_cannot_be_read_nothing_is_known()
    {
        using FileLooks looks = Looks(static (_, _) => Signed);
        Assert.Equal(new FileFacts(), looks.At("/no/such/file.dll"));
        Assert.Equal(new FileFacts(), looks.At("\0"));
    }

    [Theory]
    [InlineData(FileAttributes.Normal, false)]
    [InlineData(FileAttributes.Offline | FileAttributes.Archive, true)]
    [InlineData((FileAttributes)0x40_0020, true)]
    [InlineData((FileAttributes)0x4_0020, true)]
    public void A_file_that_would_have_to_be_fetched_is_not_read(FileAttributes attributes, bool liesElsewhere) => Assert.Equal(liesElsewhere, FileLooks.LiesElsewhere(attributes));

    [Fact]
    public void The_beginning_of_a_file_is_read_while_a_program_still_writes_it()
    {
        using var folder = new TemporaryFolder();
        using FileLooks looks = Looks(static (_, _) => Signed);
        string path = Path.Combine(folder.Path, "a.png");
        using var written = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        Assert.Null(looks.Header(path));

        written.Write("MZ"u8);
        written.Flush();
        Assert.Equal("4d5a", looks.Header(path));

        written.Write(new byte[100]);
        written.Flush();
        Assert.Equal("4d5a" + new string('0', 28), looks.Header(path));
    }

    [Fact]
    public void What_cannot_be_read_has_no_beginning()
    {
        using var folder = new TemporaryFolder();
        using FileLooks looks = Looks(static (_, _) => Signed);
        Assert.Null(looks.Header(folder.Path));
        Assert.Null(looks.Header(Path.Combine(folder.Path, "none")));
        Assert.Null(looks.Header("\0"));
        Assert.Empty(_statistics.FieldProblems);
    }

    private FileLooks Looks(Func<string, SafeFileHandle, SignatureFacts?> check, bool mayWait = true, TimeSpan? wait = null) =>
        new(_statistics, _capture, () => mayWait, check, wait ?? Generous);
}
