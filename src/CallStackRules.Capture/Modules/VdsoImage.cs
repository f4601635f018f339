using System.Globalization;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Modules;

/// <summary>The code that the kernel gives every process, read from our own memory: it is the same in all.</summary>
internal static class VdsoImage
{
    private const int MostBytes = 64 * 1024;

    /// <summary>Reads it; null when there is none.</summary>
    public static ElfImage? Read()
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            if (!line.EndsWith("[vdso]", StringComparison.Ordinal))
                continue;
            ReadOnlySpan<char> range = line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal));
            int hyphen = range.IndexOf('-');
            long start = long.Parse(range[..hyphen], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            long end = long.Parse(range[(hyphen + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            byte[] content = new byte[Math.Min(end - start, MostBytes)];
            using FileStream memory = File.OpenRead("/proc/self/mem");
            memory.Position = start;
            memory.ReadExactly(content);
            return ElfImage.TryRead(content, out _);
        }
        return null;
    }
}
