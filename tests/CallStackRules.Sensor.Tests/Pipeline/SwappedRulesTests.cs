using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Pipeline;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Tests.Pipeline;

/// <summary>What happens to the memory of rules when a newer file of them is swapped in.</summary>
public sealed class SwappedRulesTests : IDisposable
{
    private const string Id = "aaaaaaaa-0000-4000-8000-000000000001";
    private const string Sequence = "sequence by process.pid with maxspan=1h [process where process.name == \"a\"] [process where process.name == \"b\"]";
    private const string Lineage = "process where process.name == \"c\" and descendant of [process where process.name == \"a\"]";

    private static readonly DateTime Start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();
    private readonly EndpointEvent _event = new();
    private readonly List<EventRule<EndpointEvent>> _matches = [];
    private readonly List<StepsMatch<EndpointEvent>> _completed = [];
    private int _saved;

    private string File => _folder["Rules.dll"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Sequence, 1)]
    // Another query under the same id is another rule.
    [InlineData("sequence by process.pid with maxspan=2h [process where process.name == \"a\"] [process where process.name == \"b\"]", 0)]
    [InlineData("sample by process.pid [process where process.name == \"a\"] [process where process.name == \"b\"]", 0)]
    public void A_match_that_is_pending_goes_on_when_its_rule_is_the_same(string later, int expected)
    {
        ActiveRules active = Load(Sequence);
        Push(active, "a");

        Swap(active, later);
        Push(active, "b");

        Assert.Equal(expected, _completed.Count);
    }

    [Theory]
    [InlineData("sample by process.pid [process where process.name == \"a\"] [process where process.name == \"b\"]")]
    [InlineData("sequence by process.pid with maxspan=1h [process where process.name == \"a\"] [process where process.name == \"b\"] | unique process.pid | head 1")]
    [InlineData("sequence by process.pid with maxspan=1h [process where process.name == \"a\"] as first [process where process.name == \"b\" and process.pid == first.process.pid]")]
    public void So_it_does_in_samples_behind_pipes_and_where_steps_read_earlier_ones(string query)
    {
        ActiveRules active = Load(query);
        Push(active, "a");

        Swap(active, query);
        Push(active, "b");

        Assert.Single(_completed);
    }

    [Fact]
    public void What_pipes_have_let_pass_is_still_known()
    {
        const string Once = "process where process.name == \"a\" | head 1";
        ActiveRules active = Load(Once);
        Push(active, "a");
        Assert.Single(_completed);

        Swap(active, Once);
        Push(active, "a");

        Assert.Empty(_completed);
    }

    [Theory]
    [InlineData(Lineage, 1)]
    [InlineData("process where process.name : \"c\" and descendant of [process where process.name == \"a\"]", 0)]
    public void Ancestry_is_still_known_when_the_rule_is_the_same(string later, int expected)
    {
        ActiveRules active = Load(Lineage);
        Push(active, "a", id: "one");
        Push(active, "x", id: "two", parent: "one");

        Swap(active, later);
        Push(active, "c", id: "three", parent: "two");

        Assert.Equal(expected, _matches.Count);
    }

    [Fact]
    public void A_live_rule_that_asks_for_ancestors_by_events_of_another_category_matches_those_of_its_own()
    {
        Save("process where process.name == \"c\" and descendant of [library where process.name == \"a\"]");
        var active = new ActiveRules([File], new TestRules(), liveSystem: "linux");
        _event.Clear();
        _event.Event.Category.Add("library");
        _event.Process = new ProcessInfo { Name = "a", EntityId = "one" };
        active.Push(_event, _matches, _completed);

        Push(active, "c", id: "two", parent: "one");

        Assert.Single(_matches);
    }

    [Fact]
    public void Matches_and_processes_given_up_stay_counted_when_their_rule_goes()
    {
        const int many = 1500;
        ActiveRules active = Load(Sequence);
        for (int pid = 0; pid < many; pid++)
            Push(active, "a", pid);
        long evicted = active.EvictedMatches;
        Assert.NotEqual(0, evicted);

        Swap(active, Sequence);
        Assert.Equal(evicted, active.EvictedMatches);
        Swap(active, Lineage);
        Assert.Equal(evicted, active.EvictedMatches);
    }

    [Fact]
    public void Rules_that_need_an_end_are_not_swapped_into_a_stream_without_one()
    {
        Save("process where true");
        var active = new ActiveRules([File], new TestRules(), liveSystem: "linux");

        string message = Swap(active, "process where true | tail 5");

        Assert.Equal("/rules/test.eql: 'Rule' has the pipe 'tail', which gives results only when a recording ends. Use 'replay', or take the rule out. The rules loaded before stay.", message);
        Push(active, "a");
        Assert.Single(_matches);
    }

    [Theory]
    [InlineData("process where true | sort process.pid", "sort")]
    [InlineData("process where true | head 5 | count process.name", "count")]
    public void Rules_that_need_an_end_are_refused_for_a_stream_without_one(string query, string pipe)
    {
        Save(query);

        Assert.NotNull(new ActiveRules([File], new TestRules()));
        var error = Assert.Throws<InvalidDataException>(() => new ActiveRules([File], new TestRules(), liveSystem: "linux"));
        Assert.Equal($"/rules/test.eql: 'Rule' has the pipe '{pipe}', which gives results only when a recording ends. Use 'replay', or take the rule out.", error.Message);
    }

    [Fact]
    public async Task Run_refuses_them_before_it_captures_anything()
    {
        Save("process where true | tail 5");

        Outcome outcome = await CommandLine.RunAsync("run", "--rules", File);

        Assert.Equal(3, outcome.ExitCode);
        Assert.StartsWith("/rules/test.eql: 'Rule' has the pipe 'tail'", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    private ActiveRules Load(string query)
    {
        Save(query);
        return new ActiveRules([File], new TestRules());
    }

    private string Swap(ActiveRules active, string query)
    {
        Save(query);
        var reports = new List<string>();
        // A file is taken when two looks find it the same; in a live stream, at a later look.
        Assert.True(SpinWait.SpinUntil(() => Look() > 0, TimeSpan.FromMinutes(2)));
        return Assert.Single(reports);

        int Look()
        {
            active.Refresh(reports.Add);
            return reports.Count;
        }
    }

    /// <summary>Writes the file, each time with a later time whatever the resolution of the clock.</summary>
    private void Save(string query)
    {
        System.IO.File.WriteAllBytes(File, RuleAssembly.OfRule(Id, "Rule", query));
        System.IO.File.SetLastWriteTimeUtc(File, Start.AddSeconds(_saved++));
    }

    private void Push(ActiveRules active, string name, int pid = 7, string? id = null, string? parent = null)
    {
        _event.Clear();
        _event.UtcTicks = Start.Ticks;
        _event.Event.Category.Add("process");
        _event.Process = new ProcessInfo { Name = name, Pid = pid, EntityId = id, Parent = parent is null ? null : new ProcessInfo { EntityId = parent } };
        _matches.Clear();
        _completed.Clear();
        active.Push(_event, _matches, _completed);
    }
}
