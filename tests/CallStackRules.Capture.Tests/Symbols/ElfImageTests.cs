using System.Buffers.Binary;
using System.Diagnostics;
using CallStackRules.Capture.Symbols;
using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Capture.Tests.Symbols;

public class ElfImageTests
{
    private const string Linker = "/lib64/ld-linux-x86-64.so.2";

    [Theory]
    [InlineData(new byte[] { }, "is shorter than an ELF header")]
    [InlineData(new byte[] { (byte)'M', (byte)'Z' }, "is a PE file")]
    [InlineData(new byte[] { (byte)'#', (byte)'!' }, "is no ELF file")]
    [InlineData(new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 1, 1 }, "is not 64 bit, little endian")]
    [InlineData(new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }, "is not for x86-64")]
    public void What_is_no_image_is_refused_with_the_reason(byte[] start, string expected)
    {
        var bytes = new byte[start.Length == 0 ? 10 : 64];
        start.CopyTo(bytes, 0);
        Assert.Null(ElfImage.Read(bytes, out string? refusal));
        Assert.Equal(expected, refusal);
    }

    [SkippableFact]
    public void A_page_that_two_segments_share_is_code_where_code_is_mapped()
    {
        string runtime = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libcoreclr.so");
        Skip.IfNot(File.Exists(runtime), "libcoreclr.so is not beside the runtime");
        ElfImage image = ElfImage.Open(runtime, out _)!;
        ElfSegment code = image.Segments.ToArray().First(segment => segment.IsExecutable);
        Assert.True(image.TryGetVirtualAddress(code.FileOffset & ~0xffful, out ulong address));
        Assert.Equal(code.Address & ~0xffful, address);
    }

    [SkippableFact]
    public void Functions_are_found_without_the_sorted_table_and_without_section_headers()
    {
        Skip.IfNot(File.Exists(Linker), "no dynamic linker to read");
        byte[] bytes = File.ReadAllBytes(Linker);
        ElfImage whole = ElfImage.Read(bytes, out _)!;
        byte[] withoutTable = [.. bytes];
        for (int i = 0; i < BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(56)); i++)
        {
            Span<byte> header = withoutTable.AsSpan((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(32)) + (i * 56), 56);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) == 0x6474e550)
                header[..4].Clear();
        }
        byte[] withoutSections = [.. bytes];
        withoutSections.AsSpan(60, 2).Clear();
        foreach (byte[] changed in (byte[][])[withoutTable, withoutSections])
        {
            ElfImage image = ElfImage.Read(changed, out _)!;
            Assert.Equal(whole.CallFrames!.Count, image.CallFrames!.Count);
            for (int i = 0; i < whole.CallFrames.Count; i++)
                Assert.True(image.CallFrames.TryFindRow(whole.CallFrames.FunctionAt(i), out _));
        }
        Assert.Equal(0, ElfImage.Read(withoutSections, out _)!.Symbols.Count);
    }

    [SkippableFact]
    public void Any_damage_to_a_real_file_ends_quietly_and_soon()
    {
        Skip.IfNot(File.Exists(Linker), "no dynamic linker to read");
        byte[] whole = File.ReadAllBytes(Linker);
        var random = new Random(5);
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = whole.AsSpan(0, i % 4 == 0 ? random.Next(whole.Length) : whole.Length).ToArray();
            int headers = (int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(whole.AsSpan(40)), (ulong)bytes.Length);
            for (int flips = random.Next(1, 200); flips > 0 && bytes.Length > 1024; flips--)
            {
                // Headers say where everything is; most damage is done there, keeping what makes it an ELF file.
                int place = random.Next(4) switch
                {
                    0 => random.Next(24, 1024),
                    1 => Math.Min(headers + random.Next(2000), bytes.Length - 1),
                    _ => random.Next(24, bytes.Length),
                };
                bytes[place] = (byte)random.Next(256);
            }
            if (ElfImage.Read(bytes, out string? refusal) is not { } image)
            {
                Assert.NotNull(refusal);
                continue;
            }
            for (int j = 0; j < 50; j++)
            {
                ulong address = (ulong)random.Next(0x40000);
                image.TryGetVirtualAddress(address, out _);
                image.Symbols.TryFind(address, out _, out _);
                image.CallFrames?.TryFindRow(address, out UnwindRow _);
            }
        }
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"took {clock.Elapsed}");
    }
}
