using System.Diagnostics;
using System.Runtime.InteropServices;
using CallStackRules.Capture.Symbols;
using CsCheck;

namespace CallStackRules.Capture.Tests.Symbols;

/// <summary>The name that a file was built with, from its version resource.</summary>
public sealed class PeVersionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_name_is_found_among_the_other_texts(bool is64Bit)
    {
        byte[] image = Image(is64Bit, ("CompanyName", "A maker"), ("OriginalFilename", "ntdll.dll"), ("ProductName", "A product"));

        Assert.Equal("ntdll.dll", PeVersion.OriginalFileName(new MemoryStream(image)));
    }

    [Fact]
    public void A_file_without_the_resource_or_the_text_has_no_name()
    {
        Assert.Null(PeVersion.OriginalFileName(new MemoryStream(new PeWriter(is64Bit: true).ToArray())));
        Assert.Null(PeVersion.OriginalFileName(new MemoryStream(Image(is64Bit: true, ("CompanyName", "A maker")))));
        Assert.Null(PeVersion.OriginalFileName(new MemoryStream(Image(is64Bit: true, ("OriginalFilename", "")))));
    }

    [Fact]
    public void Libraries_of_the_runtime_have_the_names_that_the_runtime_reads_of_them()
    {
        string[] files = Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll");
        foreach (string file in files)
        {
            using FileStream content = File.OpenRead(file);
            Assert.Equal((file, FileVersionInfo.GetVersionInfo(file).OriginalFilename), (file, PeVersion.OriginalFileName(content)));
        }
        Assert.True(files.Length > 100);
    }

    [Fact]
    public void What_is_no_image_is_refused() => Assert.Throws<BadImageFormatException>(() => PeVersion.OriginalFileName(new MemoryStream(new byte[4096])));

    [Fact]
    public void Damaged_files_are_survived()
    {
        byte[] good = Image(is64Bit: true, ("OriginalFilename", "ntdll.dll"));
        // The headers, and the resources with their lengths.
        Gen<int> place = Gen.OneOf(Gen.Int[0, 0x200], Gen.Int[0xE00, 0xF80], Gen.Int[0, good.Length - 1]);
        DamagedImage.Sample(good, place, static image => Assert.True((PeVersion.OriginalFileName(new MemoryStream(image))?.Length ?? 0) <= PeImage.LongestName));
    }

    private static byte[] Image(bool is64Bit, params (string Name, string Value)[] texts) => new PeWriter(is64Bit) { Version = VersionWriter.Version(texts) }.ToArray();
}
