using System.Diagnostics.Metrics;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>How long programs waited for their answer: from the call that asks for one to the moment it is answered. The latest few thousand are kept.</summary>
internal sealed class VerdictTimes
{
    private const int Kept = 4096;

    private readonly double[] _microseconds = new double[Kept];

    /// <summary>Programs that were answered.</summary>
    public long Count { get; private set; }

    /// <summary>The longest that one waited, in microseconds.</summary>
    public double Longest { get; private set; }

    /// <summary>Receives each in seconds; null when nobody listens.</summary>
    public Histogram<double>? Histogram { get; set; }

    /// <summary>Counts one.</summary>
    public void Add(TimeSpan waited)
    {
        double microseconds = Math.Max(0, waited.TotalMicroseconds);
        _microseconds[Count++ % Kept] = microseconds;
        Longest = Math.Max(Longest, microseconds);
        Histogram?.Record(microseconds / 1_000_000);
    }

    /// <summary>The time that this share of the programs waited at most, in microseconds; 0 when there were none.</summary>
    /// <param name="share">From 0 to 1.</param>
    public double Quantile(double share)
    {
        double[] sorted = _microseconds[..(int)Math.Min(Count, Kept)];
        Array.Sort(sorted);
        return sorted.Length == 0 ? 0 : sorted[(int)(share * (sorted.Length - 1))];
    }
}
