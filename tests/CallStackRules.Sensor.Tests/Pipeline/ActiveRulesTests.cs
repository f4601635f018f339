using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Pipeline;
using Microsoft.CodeAnalysis;

namespace CallStackRules.Sensor.Tests.Pipeline;

public sealed class ActiveRulesTests : IDisposable
{
    private const string FirstId = "aaaaaaaa-0000-4000-8000-000000000001";
    private const string SecondId = "bbbbbbbb-0000-4000-8000-000000000002";

    private readonly TemporaryFolder _folder = new();

    private string File => _folder["Rules.dll"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rules_of_a_file_stand_in_place_of_the_built_in_ones_or_beside_them()
    {
        Save(RuleAssembly.OfRule(FirstId, "First", "process where true"));

        Assert.Equal([FirstId], Ids(File));
        Assert.Equal([.. Ids(), FirstId], Ids(ActiveRules.BuiltIn, File));
        Assert.Equal([FirstId], Ids(File, File));
        Assert.Equal(2, Ids().Length);
    }

    [Fact]
    public void A_newer_file_is_swapped_in_between_two_events_and_no_event_is_lost()
    {
        Save(RuleAssembly.OfRule(FirstId, "First", "process where true"));
        byte[] second = RuleAssembly.OfRule(SecondId, "Second", "process where true");
        var reports = new List<string>();

        ReplaySummary summary = Replay(10_000, at: 3_000, () => Save(second), reports);

        Assert.Equal(10_000, summary.Alerts.Total);
        Dictionary<string, long> counts = summary.Alerts.ByRule.ToDictionary(entry => entry.Rule.Id, entry => entry.Count);
        Assert.InRange(counts[FirstId], 3_000, 6_000);
        Assert.Equal(10_000, counts[FirstId] + counts[SecondId]);
        Assert.Equal($"{File}: loaded again, 1 rules.", Assert.Single(reports));
    }

    [Fact]
    public void A_newer_file_that_is_broken_is_reported_once_and_the_rules_stay()
    {
        Save(RuleAssembly.OfRule(FirstId, "First", "process where true"));
        var reports = new List<string>();

        ReplaySummary summary = Replay(10_000, at: 0, () => Save([1, 2, 3]), reports);

        Assert.Equal([(FirstId, 10_000L)], summary.Alerts.ByRule.Select(entry => (entry.Rule.Id, entry.Count)));
        Assert.Equal($"{File}: this is not a .NET assembly. The rules loaded before stay.", Assert.Single(reports));
    }

    [Fact]
    public void Rules_of_a_file_are_compiled_before_the_first_live_event()
    {
        // What all rules share is compiled with the first of them.
        CompiledAtFirstEvent("first", liveSystem: "linux");

        long recorded = CompiledAtFirstEvent("recorded", liveSystem: null);
        long live = CompiledAtFirstEvent("live", liveSystem: "linux");

        // One method at most, of whatever kind, against all of a rule's.
        Assert.True(live <= 1 && recorded > live, $"{live} methods were compiled at the first live event, {recorded} where nothing is prepared.");
    }

    /// <summary>Methods that wait for the compiler when rules see their first event.</summary>
    private long CompiledAtFirstEvent(string name, string? liveSystem)
    {
        string file = _folder[$"{name}.dll"];
        System.IO.File.WriteAllBytes(file, RuleAssembly.OfRule(FirstId, name, $"process where process.name == \"{name}\" and process.args : \"*{name}*\""));
        var active = new ActiveRules([file], new TestRules(), liveSystem: liveSystem);
        var e = new EndpointEvent { Process = new ProcessInfo { Name = name } };
        e.Process.Args.Add($"a {name}");
        e.Event.Category.Add("process");
        var matches = new List<EventRule<EndpointEvent>>();
        long before = JitInfo.GetCompiledMethodCount(currentThread: true);

        active.Push(e, matches, []);

        Assert.Single(matches);
        return JitInfo.GetCompiledMethodCount(currentThread: true) - before;
    }

    [Fact]
    public void A_file_that_disappears_is_waited_for()
    {
        Save(RuleAssembly.OfRule(FirstId, "First", "process where true"));

        ReplaySummary summary = Replay(5_000, at: 0, () => System.IO.File.Delete(File), []);

        Assert.Equal([(FirstId, 5_000L)], summary.Alerts.ByRule.Select(entry => (entry.Rule.Id, entry.Count)));
    }

    [Fact]
    public void Rules_that_were_replaced_leave_memory_though_alerts_of_theirs_are_counted()
    {
        Save(RuleAssembly.OfRule(FirstId, "First", "process where true"));
        byte[] second = RuleAssembly.OfRule(SecondId, "Second", "process where true");
        var old = new List<WeakReference>();

        ReplaySummary summary = ReplayAndWatch(second, old);

        for (int i = 0; i < 20 && old.Exists(reference => reference.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.All(old, reference => Assert.False(reference.IsAlive));
        Assert.Equal(2, summary.Alerts.ByRule.Count());
        GC.KeepAlive(summary);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReplaySummary ReplayAndWatch(byte[] second, List<WeakReference> old)
    {
        var active = new ActiveRules([File], new TestRules());
        old.Add(ContextOf(active));
        ReplaySummary summary = Replay(5_000, at: 0, () => Save(second), [], active);
        GC.KeepAlive(active);
        return summary;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ContextOf(ActiveRules active)
    {
        var matches = new List<EventRule<EndpointEvent>>();
        var e = new EndpointEvent();
        e.Event.Category.Add("process");
        active.Push(e, matches, []);
        return new WeakReference(AssemblyLoadContext.GetLoadContext(matches[0].GetType().Assembly));
    }

    [Fact]
    public void A_file_that_is_no_assembly_says_so()
    {
        Save([1, 2, 3]);

        Assert.Equal($"{File}: this is not a .NET assembly.", Fails());
    }

    [Fact]
    public void An_assembly_without_rules_says_so()
    {
        Save(RuleAssembly.Compile("Rules", "public class Empty;", []));

        Assert.Equal($"{File}: Rules holds no compiled rules.", Fails());
    }

    [Fact]
    public void Rules_over_other_events_say_so()
    {
        const string Model = """
            using CallStackRules.Events;
            using CallStackRules.Schema;
            [assembly: EqlSchema(typeof(Watched), Category = "kind")]
            public class Watched { [EqlField("kind")] public Text Kind => default; }
            """;
        Save(RuleAssembly.Compile("Rules", Model, [RuleAssembly.Library], new RuleAssembly.RuleText($"// @id {FirstId}\n// @name Other\nany where true\n")));

        Assert.Equal($"{File}: The rules of Rules were compiled for another event model.", Fails());
    }

    [Fact]
    public void Rules_built_with_a_library_that_has_more_say_what_is_missing()
    {
        byte[] newer = RuleAssembly.Compile("CallStackRules", "namespace CallStackRules.Events { public static class Newer { public static void Call() { } } }", []);
        Save(RuleAssembly.Compile("Rules", "public class C { public void M() => CallStackRules.Events.Newer.Call(); }", [MetadataReference.CreateFromImage(newer)]));

        string message = Fails();
        Assert.StartsWith($"{File}: the rules were built with another version of CallStackRules; build them again with that of this sensor, ", message, StringComparison.Ordinal);
        Assert.Contains("Newer", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rules")]
    [InlineData("explain", "First")]
    [InlineData("replay", "none.ndjson")]
    public async Task Commands_end_with_3_when_the_rules_cannot_be_loaded(params string[] command)
    {
        Outcome outcome = await CommandLine.RunAsync([.. command, "--rules", _folder["none.dll"]]);

        Assert.Equal(3, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Contains("none.dll", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_use_the_rules_of_a_file()
    {
        Save(RuleAssembly.OfRule(FirstId, "First of all", "process where event.action == \"start\""));
        string recording = _folder.Write("a.ndjson", """{"@timestamp":"2024-05-01T10:11:12Z","event":{"category":["process"],"action":"start"},"process":{"name":"a.exe"}}""");

        Outcome rules = await CommandLine.RunAsync("rules", "--json", "--rules", File);
        Outcome explain = await CommandLine.RunAsync("explain", "first of all", "--rules", File);
        Outcome replay = await CommandLine.RunAsync("replay", recording, "--json", "--rules", File, "--rules", ActiveRules.BuiltIn);

        Assert.Equal(FirstId, Assert.Single(rules.Json).GetProperty("id").GetString());
        Assert.StartsWith("First of all\n", explain.Output, StringComparison.Ordinal);
        Assert.Equal([FirstId, TestRules.StartInfo.Id], replay.Json[^1].GetProperty("summary").GetProperty("rules").EnumerateObject().Select(rule => rule.Name));
    }

    private static readonly DateTime Start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private int _saved;

    /// <summary>Writes the file, each time with a later time whatever the resolution of the clock.</summary>
    private void Save(byte[] image)
    {
        System.IO.File.WriteAllBytes(File, image);
        System.IO.File.SetLastWriteTimeUtc(File, Start.AddSeconds(_saved++));
    }

    private string[] Ids(params string[] names) => [.. new ActiveRules(names, new TestRules()).Sets.SelectMany(set => set.Rules).Select(rule => rule.Info).Select(info => info.Id)];

    private string Fails() => Assert.Throws<InvalidDataException>(() => new ActiveRules([File], new TestRules())).Message;

    /// <summary>Replays process events and does something before one of them.</summary>
    private ReplaySummary Replay(int count, int at, Action act, List<string> reports, ActiveRules? active = null) =>
        new Replay(new Recording(new ProcessEvents(count, at, act), new ProcessTable()), active ?? new ActiveRules([File], new TestRules()))
        {
            WriteStepsAlert = (_, _) => { },
            WriteAlert = (_, _) => { },
            ReportRules = reports.Add,
        }.Run(CancellationToken.None);

    private sealed class ProcessEvents(int count, int at, Action act) : IEventSource
    {
        public SourceStatistics Statistics { get; } = new();

        public bool TryRead(EndpointEvent e)
        {
            if (Statistics.Used == count)
                return false;
            if (Statistics.Used == at)
                act();
            e.Clear();
            e.Event.Category.Add("process");
            Statistics.Used++;
            Statistics.Events++;
            return true;
        }

        public void Dispose()
        {
        }
    }
}
