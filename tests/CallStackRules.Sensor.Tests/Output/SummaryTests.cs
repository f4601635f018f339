using System.Text;
using System.Text.Json;
using CallStackRules.Capture.Sources;
using CallStackRules.Sensor.Output;
using CallStackRules.Sensor.Pipeline;

namespace CallStackRules.Sensor.Tests.Output;

public class SummaryTests
{
    [Fact]
    public void What_was_given_up_and_forgotten_is_told()
    {
        ReplaySummary summary = Summary(evictedMatches: 1234, evictedProcesses: 5);

        Assert.Contains("""
            "evictedMatches":1234,"evictedProcesses":5
            """, Json(summary), StringComparison.Ordinal);
        Assert.Contains("  1,234 pending matches given up: a rule had more than --max-pending allows.\n", View(summary), StringComparison.Ordinal);
        Assert.Contains("  5 processes forgotten: there were too many to remember the ancestry of all.\n", View(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_that_were_full_are_told()
    {
        var source = new SourceStatistics();
        source.CountFieldProblem("too many registry keys: all were forgotten");
        ReplaySummary summary = Summary(evictedMatches: 0, evictedProcesses: 0) with { Source = source };

        Assert.Contains("""
            "fieldProblems":{"too many registry keys: all were forgotten":1}
            """, Json(summary), StringComparison.Ordinal);
        Assert.Contains("  1 values left out: too many registry keys: all were forgotten\n", View(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_of_nothing()
    {
        ReplaySummary summary = Summary(evictedMatches: 0, evictedProcesses: 0);

        Assert.DoesNotContain("evicted", Json(summary), StringComparison.Ordinal);
        Assert.DoesNotContain("fieldProblems", Json(summary), StringComparison.Ordinal);
        Assert.Equal("0 events, 0 used, 0 alerts.\n", View(summary));
    }

    private static ReplaySummary Summary(long evictedMatches, long evictedProcesses) =>
        new(new SourceStatistics(), new AlertTally(), TimeSpan.Zero, 0, evictedMatches, evictedProcesses, IsStopped: false);

    private static string Json(ReplaySummary summary)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
            summary.WriteTo(json);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static string View(ReplaySummary summary)
    {
        var text = new StringWriter { NewLine = "\n" };
        SummaryView.Write(Terminal.Open(text), summary);
        return text.ToString();
    }
}
