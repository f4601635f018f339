namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>Counts what of a trace is damaged, and says where.</summary>
/// <param name="statistics">Where the user looks for it.</param>
internal sealed class TraceDamage(SourceStatistics statistics)
{
    /// <summary>Places that could not be read.</summary>
    public long Count { get; private set; }

    /// <summary>Says that something cannot be read.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">The place in it, in bytes.</param>
    /// <param name="problem">What is wrong, and what becomes of it.</param>
    public void Report(EtlFile file, long offset, string problem)
    {
        Count++;
        statistics.WarnAt(file.Name, offset, problem);
    }
}
