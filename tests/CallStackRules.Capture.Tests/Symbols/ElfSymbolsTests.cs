using System.Globalization;
using CallStackRules.Capture.Symbols;
using Xunit.Abstractions;

namespace CallStackRules.Capture.Tests.Symbols;

public class ElfSymbolsTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("/lib/x86_64-linux-gnu/libc.so.6")]
    [InlineData("/lib64/ld-linux-x86-64.so.2")]
    [InlineData("/bin/bash")]
    public void Every_function_that_nm_lists_is_found_by_its_first_and_last_address(string path)
    {
        Skip.IfNot(File.Exists(path), $"{path} is not on this machine");
        Skip.IfNot(Tool.IsThere("nm"), "nm is not installed");
        ElfSymbols symbols = ElfImage.Open(path, out _)!.Symbols;
        var names = new Dictionary<ulong, List<string>>();
        var ends = new Dictionary<ulong, ulong>();
        foreach (string line in Tool.Run("nm", $"-D --defined-only -S --without-symbol-versions {path}").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(' ');
            if (parts.Length != 4 || parts[2] is not ("T" or "W" or "t" or "i"))
                continue;
            ulong address = ulong.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            ulong size = ulong.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (!names.TryGetValue(address, out List<string>? list))
                names[address] = list = [];
            list.Add(parts[3]);
            ends[address] = Math.Max(ends.GetValueOrDefault(address), size);
        }
        Assert.NotEmpty(names);
        foreach ((ulong address, List<string> aliases) in names)
        {
            Assert.True(symbols.TryFind(address, out string? name, out ulong offset));
            Assert.Equal(0ul, offset);
            Assert.Contains(name, aliases);
            Assert.True(symbols.TryFind(address + ends[address] - 1, out _, out _));
        }
        output.WriteLine($"{path}: {names.Count} functions");
    }

    [SkippableFact]
    public void The_plainest_of_several_names_is_taken_and_no_name_reaches_behind_its_function()
    {
        const string libc = "/lib/x86_64-linux-gnu/libc.so.6";
        Skip.IfNot(File.Exists(libc), "no libc to read");
        Skip.IfNot(Tool.IsThere("nm"), "nm is not installed");
        ElfImage image = ElfImage.Open(libc, out _)!;
        string line = Tool.Run("nm", $"-D --defined-only -S --without-symbol-versions {libc}").Split('\n')
            .First(text => text.EndsWith(" __open64", StringComparison.Ordinal));
        ulong address = ulong.Parse(line.Split(' ')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.True(image.Symbols.TryFind(address + 4, out string? name, out ulong offset));
        Assert.Equal(("open", 4ul), (name, offset));
        Assert.False(image.Symbols.TryFind(ulong.MaxValue, out _, out _));
        Assert.False(image.Symbols.TryFind(0, out _, out _));
    }
}
