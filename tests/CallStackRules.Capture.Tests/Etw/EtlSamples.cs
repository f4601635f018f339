namespace CallStackRules.Capture.Tests.Etw;

/// <summary>Traces that were recorded on Windows, where they are at hand.</summary>
internal static class EtlSamples
{
    /// <summary>A .NET program in a merged, compressed trace: processes, images, files, samples, and stacks of both kinds.</summary>
    public static string Program => Find("net.4.5.2.x64.etl.zip");

    /// <summary>What TraceEvent printed of <see cref="Program"/> on Windows: the first events, then how many there are of each kind.</summary>
    public static string ProgramBaseline => Find("net.4.5.2.x64.baseline.txt");

    /// <summary>Two processors, compressed, written by a program that copies traces.</summary>
    public static string SelfDescribing => Find("SelfDescribingSingleEvent.etl");

    /// <summary>Not compressed, in an archive.</summary>
    public static string PrimitiveTypes => Find("primitive-types.etl.zip");

    private static string Find(string name)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string file = Path.Combine(folder, "..", "shared", "data", "etl", name);
            if (File.Exists(Path.Combine(folder, "CallStackRules.sln")))
            {
                Skip.IfNot(File.Exists(file), $"../shared/data/etl/{name} is not at hand.");
                return Path.GetFullPath(file);
            }
        }
        throw new InvalidOperationException("The tests run outside of the repository.");
    }
}
