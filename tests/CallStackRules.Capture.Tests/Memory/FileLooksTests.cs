using System.Security.Cryptography;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Tests.Symbols;

namespace CallStackRules.Capture.Tests.Memory;

/// <summary>What files are is looked up once, and again when a file is another one.</summary>
public sealed class FileLooksTests
{
    private static readonly SignatureFacts Signed = new(true, true, "trusted", "Some Maker");

    [Fact]
    public void A_file_is_looked_at_once_as_long_as_it_stays_the_same()
    {
        int checks = 0;
        var looks = new FileLooks(new SourceStatistics(), (_, file) =>
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
    }

    [Fact]
    public void Of_a_file_that_cannot_be_read_nothing_is_known()
    {
        var looks = new FileLooks(new SourceStatistics(), static (_, _) => Signed);
        Assert.Null(looks.At("/no/such/file.dll"));
        Assert.Null(looks.At("\0"));
    }

    [Fact]
    public void The_beginning_of_a_file_is_read_while_a_program_still_writes_it()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.png");
        using var written = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        Assert.Null(FileLooks.Header(path));

        written.Write("MZ"u8);
        written.Flush();
        Assert.Equal("4d5a", FileLooks.Header(path));

        written.Write(new byte[100]);
        written.Flush();
        Assert.Equal("4d5a" + new string('0', 28), FileLooks.Header(path));
    }

    [Fact]
    public void What_cannot_be_read_has_no_beginning()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(FileLooks.Header(folder.Path));
        Assert.Null(FileLooks.Header(Path.Combine(folder.Path, "none")));
        Assert.Null(FileLooks.Header("\0"));
    }
}
