using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using CallStackRules.Capture.Symbols;
using CsCheck;

namespace CallStackRules.Capture.Tests.Symbols;

public partial class PeExportsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_address_goes_by_the_export_before_it_up_to_the_end_of_its_section(bool is64Bit)
    {
        var writer = new PeWriter(is64Bit);
        writer.Export(0x1100, "Second");
        writer.Export(0x1010, "First");
        PeExports exports = Read(writer.ToArray());
        Assert.False(exports.TryFindSymbol(0x100F, out _, out _));
        Assert.Equal(("First", 0ul), Symbol(exports, 0x1010));
        Assert.Equal(("First", 0xEFul), Symbol(exports, 0x10FF));
        Assert.Equal(("Second", 0x6FFul), Symbol(exports, PeWriter.CodeEnd - 1));
        Assert.False(exports.TryFindSymbol(PeWriter.CodeEnd, out _, out _));
    }

    [Fact]
    public void Forwarders_and_data_are_no_functions()
    {
        var writer = new PeWriter(is64Bit: true);
        writer.Export(0x1010, "Code");
        writer.Forward("Elsewhere", "NTDLL.RtlElsewhere");
        writer.Export(PeWriter.DataStart + 0x800, "Data");
        writer.Export(0, "Gap");
        Assert.Equal(["Code"], Read(writer.ToArray()).Exports.Select(export => export.Name));
    }

    [Fact]
    public void A_function_without_a_name_goes_by_its_ordinal()
    {
        var writer = new PeWriter(is64Bit: true);
        writer.Export(0x1010, "Named");
        writer.Export(0x1020);
        Assert.Equal(["Named", "#8"], Read(writer.ToArray(firstOrdinal: 7)).Exports.Select(export => export.Name));
    }

    [Fact]
    public void Of_several_names_the_plainest_is_taken()
    {
        var writer = new PeWriter(is64Bit: true);
        writer.Export(0x1010, "ZwClose", "NtClose");
        writer.Export(0x1020, "_Longer", "Short");
        Assert.Equal(["NtClose", "Short"], Read(writer.ToArray()).Exports.Select(export => export.Name));
    }

    [Fact]
    public void A_file_without_exports_has_none_and_one_that_is_no_image_says_so()
    {
        Assert.Empty(PeExports.Open(File(typeof(PeExportsTests).Assembly.Location), out string? refusal)!.Exports);
        Assert.Null(refusal);
        string text = Path.Combine(AppContext.BaseDirectory, "CallStackRules.Capture.Tests.deps.json");
        Assert.Null(PeExports.Open(File(text), out refusal));
        Assert.StartsWith(text, refusal, StringComparison.Ordinal);
        Assert.Null(PeExports.Open(File("no-such.dll"), out refusal));
        Assert.StartsWith("no-such.dll", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_table_may_lie_where_no_file_reaches()
    {
        byte[] image = new PeWriter(is64Bit: true).ToArray();
        // Of the export table at 0x600: no functions, in the section of code, whose bytes are said to begin far behind the end of any file.
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x600 + 28), PeWriter.CodeStart);
        int section = image.AsSpan().IndexOf(".text"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(section + 20), 0xF000_0000);
        Assert.Empty(Read(image).Exports);
    }

    /// <summary>Libraries of Windows that the .NET SDK and the packages of these tests bring along, compared with what objdump finds in them.</summary>
    [SkippableFact]
    public void Exports_of_real_libraries_are_those_that_objdump_lists()
    {
        string[] files = [.. LibrariesOfWindows()];
        Skip.If(files.Length == 0 || !Tool.IsThere("objdump"), "There is no library of Windows, or no objdump, on this machine.");
        int compared = 0;
        foreach (string file in files)
        {
            string listing = Tool.Run("objdump", $"-p {file}", mayComplain: true);
            Dictionary<string, uint> expected = Listed(listing);
            // Of a processor that it does not know objdump lists nothing.
            if (expected.Count == 0)
                continue;
            PeExports exports = PeExports.Open(File(file), out string? refusal) ?? throw new InvalidOperationException(refusal);
            Assert.Equal(expected.Values.Distinct().Order(), exports.Exports.Select(export => export.Rva));
            foreach (PeExport export in exports.Exports)
                Assert.Equal((file, export.Name, export.Rva), (file, export.Name, expected[export.Name]));
            compared += exports.Exports.Count;
        }
        Assert.True(compared >= 10, $"{compared} exports of {files.Length} files");
    }

    [Fact]
    public void Damaged_images_are_survived()
    {
        var writer = new PeWriter(is64Bit: true);
        for (uint i = 0; i < 20; i++)
            writer.Export(0x1010 + (i * 16), $"Function{i}");
        writer.Forward("Elsewhere", "NTDLL.RtlElsewhere");
        byte[] good = writer.ToArray();
        // What is looked at: the headers, and the export table at 0x600.
        Gen<int> place = Gen.OneOf(Gen.Int[0, 0x1ff], Gen.Int[0x600, 0x7ff]);
        DamagedImage.Sample(good, place, static image => Read(image).TryFindSymbol(0x1020, out _, out _));
    }

    [Fact]
    public void A_file_that_was_replaced_since_it_was_loaded_has_no_exports()
    {
        ImageIdentity any = File(typeof(PeExportsTests).Assembly.Location);
        using var reader = new System.Reflection.PortableExecutable.PEReader(System.IO.File.OpenRead(any.Path));
        var same = new ImageIdentity(any.Path, (uint)reader.PEHeaders.CoffHeader.TimeDateStamp, 0, (uint)reader.PEHeaders.PEHeader!.SizeOfImage);
        Assert.NotNull(PeExports.Open(same, out _));
        Assert.Null(PeExports.Open(same with { Timestamp = same.Timestamp + 1 }, out string? refusal));
        Assert.Contains("replaced", refusal, StringComparison.Ordinal);
        Assert.Null(PeExports.Open(same with { Size = same.Size + 1 }, out _));
    }

    /// <summary>A file at a path, whichever it is.</summary>
    private static ImageIdentity File(string path) => new(path, 0, 0, 0);

    private static PeExports Read(byte[] image) => PeExports.Read(new MemoryStream(image));

    private static (string Name, ulong Offset) Symbol(PeExports exports, ulong address) =>
        exports.TryFindSymbol(address, out string name, out ulong offset) ? (name, offset) : ("", 0);

    private static IEnumerable<string> LibrariesOfWindows()
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string sdk = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "sdk"));
        (string Folder, string[] Names)[] places =
        [
            (Path.Combine(packages, "microsoft.codecoverage"), ["covrun32.dll", "covrun64.dll"]),
            (Path.Combine(packages, "microsoft.diagnostics.tracing.traceevent"), ["KernelTraceControl.dll", "msdia140.dll"]),
            (sdk, ["msdia140.dll"]),
        ];
        return places.Where(place => Directory.Exists(place.Folder))
            .SelectMany(place => place.Names.SelectMany(name => Directory.EnumerateFiles(place.Folder, name, SearchOption.AllDirectories)));
    }

    private static Dictionary<string, uint> Listed(string listing)
    {
        var rvas = new Dictionary<int, uint>();
        foreach (Match match in FunctionLine().Matches(listing))
            rvas[int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)] = uint.Parse(match.Groups[2].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var names = new Dictionary<string, uint>();
        int table = listing.IndexOf("[Ordinal/Name Pointer] Table", StringComparison.Ordinal);
        foreach (Match match in table < 0 ? Enumerable.Empty<Match>() : NameLine().Matches(listing[table..]))
        {
            if (rvas.TryGetValue(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), out uint rva))
                names[match.Groups[2].Value] = rva;
        }
        return names;
    }

    [GeneratedRegex(@"^\s*\[\s*(\d+)\] \+base\[\s*\d+\] ([0-9a-f]+) Export RVA", RegexOptions.Multiline)]
    private static partial Regex FunctionLine();

    [GeneratedRegex(@"^\s*\[\s*(\d+)\](?: \+base\[\s*\d+\](?:\s+[0-9a-f]+)?)? (\S+)\r?$", RegexOptions.Multiline)]
    private static partial Regex NameLine();
}
