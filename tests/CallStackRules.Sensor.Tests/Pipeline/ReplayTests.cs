using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.CallStacks;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Pipeline;

namespace CallStackRules.Sensor.Tests.Pipeline;

public class ReplayTests
{
    [Fact]
    public void Every_match_is_written_while_its_event_is_valid()
    {
        var written = new List<string>();

        ReplaySummary summary = Run(
            new CountingSource(3, (e, i) =>
            {
                e.Event.Action = i == 1 ? "start" : "end";
                if (i > 0)
                    e.Thread.CallStack.Add(ModuleInfo.Unbacked, (ulong)i, null);
            }),
            (rule, e) => written.Add($"{rule.Severity} {e.Event.Action} {e.Thread.CallStack[0].SymbolInfo}"));

        Assert.Equal(["High start Unbacked+0x1", "Low start Unbacked+0x1", "High end Unbacked+0x2"], written);
        Assert.Equal(3, summary.Alerts.Total);
        Assert.Equal(RuleSeverity.High, summary.Alerts.Worst);
        Assert.Equal([(TestRules.UnbackedInfo.Id, 2L), (TestRules.StartInfo.Id, 1L)], summary.Alerts.ByRule.Select(entry => (entry.Rule.Id, entry.Count)));
    }

    [Fact]
    public void Bytes_per_event_are_those_of_reading_after_the_warm_up()
    {
        object? kept = null;

        ReplaySummary quiet = Run(new CountingSource(Replay.WarmUpEvents + 1000, (e, i) => kept = i < Replay.WarmUpEvents ? new byte[1000] : null), (_, _) => { });
        ReplaySummary loud = Run(new CountingSource(Replay.WarmUpEvents + 1000, (e, i) => kept = new byte[1000]), (_, _) => { });
        ReplaySummary writing = Run(
            new CountingSource(Replay.WarmUpEvents + 1000, (e, i) => e.Event.Action = "start"), (_, _) => kept = new byte[1000]);

        Assert.Equal(0, quiet.BytesPerEvent);
        Assert.InRange(loud.BytesPerEvent, 1000, 1100);
        Assert.Equal(0, writing.BytesPerEvent);
        Assert.NotNull(kept);
    }

    [Fact]
    public void A_short_recording_is_measured_from_its_beginning()
    {
        object? kept = null;

        ReplaySummary summary = Run(new CountingSource(10, (e, i) => kept = new byte[100_000]), (_, _) => { });

        Assert.InRange(summary.BytesPerEvent, 100_000, 200_000);
        Assert.NotNull(kept);
    }

    [Fact]
    public void Cancelling_stops_between_two_events_and_says_so()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new CountingSource(1000, (e, i) =>
        {
            if (i == 4)
                cancellation.Cancel();
        });

        ReplaySummary summary = new Replay(new Recording(source, new ProcessTable()), new ActiveRules([], new TestRules())) { WriteAlert = (_, _) => { }, ReportRules = Assert.Fail }.Run(cancellation.Token);

        Assert.True(summary.IsStopped);
        Assert.Equal(5, summary.Source.Used);
    }

    [Fact]
    public void An_alert_knows_the_ancestors_that_earlier_events_told_of_and_the_event_does_not()
    {
        var processes = new ProcessTable();
        ProcessInfo parent = processes.GetOrAdd("parent");
        parent.Name = "parent.exe";
        ProcessTable.Link(processes.GetOrAdd("child"), parent);
        var source = new CountingSource(1, (e, _) =>
        {
            e.Process = new ProcessInfo { EntityId = "child" };
            e.Event.Action = "start";
        });
        var names = new List<string?>();

        new Replay(new Recording(source, processes), new ActiveRules([], new TestRules()))
        {
            ReportRules = Assert.Fail,
            WriteAlert = (_, e) => names.Add(e.Process?.Parent?.Name.ToString()),
            WriteEvent = e => names.Add(e.Process?.Parent?.Name.ToString()),
        }.Run(CancellationToken.None);

        Assert.Equal(["parent.exe", null], names);
    }

    private static ReplaySummary Run(IEventSource source, Action<RuleInfo, EndpointEvent> writeAlert) =>
        new Replay(new Recording(source, new ProcessTable()), new ActiveRules([], new TestRules())) { WriteAlert = writeAlert, ReportRules = Assert.Fail }.Run(CancellationToken.None);

    /// <summary>A recording of so many events, each filled by a function of its number.</summary>
    private sealed class CountingSource(int count, Action<EndpointEvent, int> fill) : IEventSource
    {
        public SourceStatistics Statistics { get; } = new();

        public bool TryRead(EndpointEvent e)
        {
            if (Statistics.Used == count)
                return false;
            e.Clear();
            fill(e, (int)Statistics.Used++);
            Statistics.Events++;
            return true;
        }

        public void Dispose()
        {
        }
    }
}
