using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Modules;

/// <summary>The vdso, which no file holds: read from this process's own memory.</summary>
internal static class VdsoImage
{
    private const int MostBytes = 64 * 1024;

    /// <summary>The image; null with the reason when there is none.</summary>
    public static ElfImage? Read(out string? refusal)
    {
        refusal = "is not mapped into this process";
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            foreach (string line in File.ReadLines("/proc/self/maps"))
            {
                if (!line.EndsWith("[vdso]", StringComparison.Ordinal))
                    continue;
                string[] range = line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('-');
                long start = Convert.ToInt64(range[0], 16);
                var bytes = new byte[Math.Min(Convert.ToInt64(range[1], 16) - start, MostBytes)];
                using FileStream memory = File.OpenRead("/proc/self/mem");
                memory.Position = start;
                memory.ReadExactly(bytes);
                return ElfImage.Read(bytes, out refusal);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refusal = e.Message;
        }
        return null;
    }
}
