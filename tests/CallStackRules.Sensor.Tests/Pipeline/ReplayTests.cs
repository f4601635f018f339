using System.Globalization;
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

        ReplaySummary quiet = Run(new CountingSource(AllocationMeter.WarmUpEvents + 1000, (e, i) => kept = i < AllocationMeter.WarmUpEvents ? new byte[1000] : null), (_, _) => { });
        ReplaySummary loud = Run(new CountingSource(AllocationMeter.WarmUpEvents + 1000, (e, i) => kept = new byte[1000]), (_, _) => { });
        ReplaySummary writing = Run(
            new CountingSource(AllocationMeter.WarmUpEvents + 1000, (e, i) => e.Event.Action = "start"), (_, _) => kept = new byte[1000]);

        Assert.Equal(0, quiet.BytesPerEvent);
        Assert.InRange(loud.BytesPerEvent, 1000, 1100);
        Assert.Equal(0, writing.BytesPerEvent);
        Assert.NotNull(kept);
    }

    [Fact]
    public void What_a_long_recording_shows_at_its_beginning_is_not_counted()
    {
        // Of 9,000 events those behind the first 4,000 count.
        object? kept = null;

        ReplaySummary before = Run(new CountingSource(9_000, (e, i) => kept = i < 4_000 ? new byte[1000] : null), (_, _) => { });
        ReplaySummary behind = Run(new CountingSource(9_000, (e, i) => kept = i < 4_000 ? null : new byte[1000]), (_, _) => { });

        Assert.Equal(0, before.BytesPerEvent);
        Assert.InRange(behind.BytesPerEvent, 1000, 1100);
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

        ReplaySummary summary = new Replay(new Recording(source, new ProcessTable()), new ActiveRules([], new TestRules())) { WriteAlert = (_, _) => { }, WriteStepsAlert = (_, _) => { }, ReportRules = Assert.Fail }.Run(cancellation.Token);

        Assert.True(summary.IsStopped);
        Assert.Equal(5, summary.Source.Used);
    }

    [Fact]
    public void An_alert_knows_the_ancestors_that_earlier_events_told_of_and_the_event_does_not()
    {
        var processes = new ProcessTable();
        ProcessInfo parent = processes.GetOrAdd("parent");
        parent.Name = "parent.exe";
        processes.Link(processes.GetOrAdd("child"), parent);
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
            WriteStepsAlert = (_, _) => { },
            WriteEvent = e => names.Add(e.Process?.Parent?.Name.ToString()),
        }.Run(CancellationToken.None);

        Assert.Equal(["parent.exe", null], names);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void Only_the_end_of_a_recording_completes_matches_that_wait_for_nothing_to_come(bool isStopped, int expected)
    {
        using var cancellation = new CancellationTokenSource();
        var source = new CountingSource(1, (e, _) =>
        {
            Start(e, "beacon.exe", "a");
            if (isStopped)
                cancellation.Cancel();
        });
        var completing = new List<EndpointEvent?>();

        ReplaySummary summary = new Replay(new Recording(source, new ProcessTable()), new ActiveRules([], new RulePack()))
        {
            ReportRules = Assert.Fail,
            WriteAlert = (_, _) => { },
            WriteStepsAlert = (_, e) => completing.Add(e),
        }.Run(cancellation.Token);

        Assert.Equal(expected, summary.Alerts.Total);
        Assert.Equal(Enumerable.Repeat<EndpointEvent?>(null, expected), completing);
    }

    [Fact]
    public void An_alert_over_several_events_knows_the_ancestors_of_the_event_that_completed_it()
    {
        var processes = new ProcessTable();
        ProcessInfo parent = processes.GetOrAdd("parent");
        parent.Name = "parent.exe";
        processes.Link(processes.GetOrAdd("child"), parent);
        var source = new CountingSource(2, (e, i) =>
        {
            Start(e, "child.exe", "child");
            if (i == 0)
                return;
            e.Event.Category.Clear();
            e.Event.Category.Add("library");
            e.Library.Path = @"C:\Temp\a.dll";
        });
        var names = new List<string?>();

        new Replay(new Recording(source, processes), new ActiveRules([], new RulePack()))
        {
            ReportRules = Assert.Fail,
            WriteAlert = (_, _) => { },
            WriteStepsAlert = (match, e) => names.Add($"{match.Rule.Info.Name}: {e?.Process?.Parent?.Name}"),
        }.Run(CancellationToken.None);

        Assert.Equal(["A started process loads a planted library: parent.exe"], names);
    }

    [Fact]
    public void Processes_that_had_to_be_forgotten_are_counted()
    {
        var source = new CountingSource(70_000, (e, i) => Start(e, "a.exe", i.ToString(CultureInfo.InvariantCulture)));

        ReplaySummary summary = new Replay(new Recording(source, new ProcessTable()), new ActiveRules([], new RulePack(), maxPending: 69_999))
        {
            ReportRules = Assert.Fail,
            WriteAlert = (_, _) => { },
            WriteStepsAlert = (_, _) => { },
        }.Run(CancellationToken.None);

        Assert.InRange(summary.EvictedProcesses, 1, 69_999);
        Assert.Equal(1, summary.EvictedMatches);
    }

    private static void Start(EndpointEvent e, string name, string id)
    {
        e.UtcTicks = new DateTime(2024, 5, 1).Ticks;
        e.Event.Category.Add("process");
        e.Event.Action = "start";
        e.Process = new ProcessInfo { EntityId = id, Name = name };
    }

    private static ReplaySummary Run(IEventSource source, Action<RuleInfo, EndpointEvent> writeAlert) =>
        new Replay(new Recording(source, new ProcessTable()), new ActiveRules([], new TestRules())) { WriteAlert = writeAlert, WriteStepsAlert = (_, _) => { }, ReportRules = Assert.Fail }.Run(CancellationToken.None);

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
