using CallStackRules.Capture.Processes;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Processes;

public sealed class ProcessTableTests
{
    private static readonly long Noon = new DateTime(2024, 5, 1, 12, 0, 0, DateTimeKind.Utc).Ticks;

    [Fact]
    public void A_process_is_found_by_its_entity_id()
    {
        var table = new ProcessTable();
        ProcessInfo process = table.GetOrAdd("a");

        Assert.Equal("a", process.EntityId.ToString());
        Assert.Same(process, table.Find("a"));
        Assert.Same(process, table.GetOrAdd("a"));
        Assert.Null(table.Find("b"));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void The_first_parent_seen_stays()
    {
        var table = new ProcessTable();
        ProcessInfo child = table.GetOrAdd("child");
        table.Link(child, table.GetOrAdd("first"));
        table.Link(child, table.GetOrAdd("second"));

        Assert.Equal("first", child.Parent!.EntityId.ToString());
    }

    [Fact]
    public void Links_never_make_a_circle()
    {
        var table = new ProcessTable();
        ProcessInfo a = table.GetOrAdd("a");
        ProcessInfo b = table.GetOrAdd("b");
        table.Link(a, b);
        table.Link(b, a);
        ProcessInfo own = table.GetOrAdd("own");
        table.Link(own, own);

        Assert.Null(b.Parent);
        Assert.Null(own.Parent);
    }

    [Fact]
    public void An_ended_process_is_kept_for_late_events_and_then_forgotten()
    {
        var table = new ProcessTable(keepAfterEnd: TimeSpan.FromMinutes(1));
        table.Advance(Noon);
        table.GetOrAdd("a");
        table.End("a");

        table.Advance(Noon + TimeSpan.FromSeconds(59).Ticks);
        Assert.NotNull(table.Find("a"));

        table.Advance(Noon + TimeSpan.FromSeconds(60).Ticks);
        Assert.Null(table.Find("a"));
        Assert.Equal(0, table.Evicted);
    }

    [Fact]
    public void Time_that_goes_back_forgets_nothing()
    {
        var table = new ProcessTable(keepAfterEnd: TimeSpan.FromMinutes(1));
        table.Advance(Noon);
        table.Advance(Noon - TimeSpan.FromDays(2).Ticks);
        table.GetOrAdd("a");
        table.End("a");
        table.Advance(Noon - TimeSpan.FromDays(1).Ticks);

        Assert.NotNull(table.Find("a"));
    }

    [Fact]
    public void An_end_before_any_time_is_known_counts_from_the_first_time()
    {
        var table = new ProcessTable(keepAfterEnd: TimeSpan.FromMinutes(1));
        table.GetOrAdd("a");
        table.End("a");
        table.Advance(Noon);
        Assert.NotNull(table.Find("a"));

        table.Advance(Noon + TimeSpan.FromMinutes(1).Ticks);
        Assert.Null(table.Find("a"));
    }

    [Fact]
    public void When_full_the_process_longest_unused_goes_and_is_counted()
    {
        var table = new ProcessTable(capacity: 2);
        table.GetOrAdd("a");
        table.GetOrAdd("b");
        table.Find("a");
        table.GetOrAdd("c");

        Assert.Null(table.Find("b"));
        Assert.NotNull(table.Find("a"));
        Assert.Equal(2, table.Count);
        Assert.Equal(1, table.Evicted);
    }

    [Fact]
    public void When_full_a_process_that_ended_goes_first()
    {
        var table = new ProcessTable(capacity: 2);
        table.GetOrAdd("a");
        table.GetOrAdd("b");
        table.End("b");
        table.GetOrAdd("c");

        Assert.NotNull(table.Find("a"));
        Assert.Null(table.Find("b"));
        Assert.Equal(1, table.Evicted);
    }

    [Fact]
    public void An_ended_process_that_was_evicted_and_came_again_is_not_forgotten_for_its_old_end()
    {
        var table = new ProcessTable(capacity: 1, keepAfterEnd: TimeSpan.FromMinutes(1));
        table.Advance(Noon);
        table.GetOrAdd("a");
        table.End("a");
        table.GetOrAdd("b");
        table.GetOrAdd("a");

        table.Advance(Noon + TimeSpan.FromHours(1).Ticks);

        Assert.NotNull(table.Find("a"));
    }

    [Fact]
    public void Whose_parent_ended_long_ago_still_has_its_ancestors()
    {
        var table = new ProcessTable(keepAfterEnd: TimeSpan.FromSeconds(2));
        table.Advance(Noon);
        table.Link(table.GetOrAdd("shell"), table.GetOrAdd("terminal"));
        table.Link(table.GetOrAdd("child"), table.GetOrAdd("shell"));
        table.End("shell");
        table.Advance(Noon + TimeSpan.FromHours(1).Ticks);

        Assert.Null(table.Find("shell"));
        Assert.Equal("terminal", table.Find("child")!.Parent!.Parent!.EntityId.ToString());
    }

    [Fact]
    public void A_chain_of_short_lived_processes_does_not_stay_in_memory()
    {
        var table = new ProcessTable(capacity: 8);
        ProcessInfo last = table.GetOrAdd("0");
        for (int i = 1; i <= 1000; i++)
        {
            ProcessInfo next = table.GetOrAdd(i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            table.Link(next, last);
            last = next;
        }

        int length = 0;
        for (ProcessInfo? process = last; process is not null; process = process.Parent)
            length++;
        // Those in the table, and the forgotten ones that are kept above them.
        Assert.InRange(length, 2, 16);
    }

    [Fact]
    public void Finding_a_process_allocates_nothing()
    {
        var table = new ProcessTable();
        table.GetOrAdd("a");
        table.GetOrAdd("b");
        const string text = "xa";
        ProcessInfo? found = null;

        Assert.Equal(0, Allocations.Of(() => found = table.Find(text.AsSpan(1))));

        Assert.NotNull(found);
    }

    [Fact]
    public void Where_processes_are_used_again_a_million_of_them_allocate_nothing()
    {
        var table = new ProcessTable(reuses: true);
        string[] ids = [.. Enumerable.Range(0, 1000).Select(static i => $"{{process-{i:0000}}}")];
        string commandLine = new('x', 500);
        long time = Noon;
        Run(1);

        Assert.Equal(0, Allocations.Of(() => Run(200)));
        Assert.Equal(0, table.Evicted);

        void Run(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                foreach (string id in ids)
                {
                    table.Advance(time += TimeSpan.TicksPerSecond);
                    ProcessInfo process = table.GetOrAdd(id);
                    process.CommandLine = table.Keep(process, commandLine);
                    table.Link(process, table.GetOrAdd("shell"));
                    table.End(id);
                }
            }
        }
    }

    [Fact]
    public void A_process_in_the_place_of_another_has_nothing_of_it()
    {
        var table = new ProcessTable(capacity: 1, reuses: true);
        ProcessInfo first = table.GetOrAdd("first");
        first.CommandLine = table.Keep(first, "first.exe");
        first.Args.Add("first.exe");

        ProcessInfo second = table.GetOrAdd("second");

        Assert.Same(first, second);
        Assert.Equal("second", second.EntityId.ToString());
        Assert.True(second.CommandLine.IsMissing);
        Assert.Equal(0, second.Args.Count);
    }

    [Fact]
    public void A_forgotten_process_is_not_used_again_while_it_is_somebodys_parent()
    {
        var table = new ProcessTable(keepAfterEnd: TimeSpan.FromMinutes(1), reuses: true);
        table.Advance(Noon);
        ProcessInfo parent = table.GetOrAdd("parent");
        parent.Name = table.Keep(parent, "parent.exe");
        table.Link(table.GetOrAdd("child"), parent);
        table.End("parent");
        table.Advance(Noon + TimeSpan.FromHours(1).Ticks);
        for (int i = 0; i < 5000; i++)
            table.GetOrAdd($"other {i}").Name = "other.exe";

        Assert.Null(table.Find("parent"));
        Assert.Equal("parent.exe", table.Find("child")!.Parent!.Name.ToString());

        table.End("child");
        table.Advance(Noon + TimeSpan.FromHours(2).Ticks);
        Assert.Contains(parent, new[] { table.GetOrAdd("next one"), table.GetOrAdd("one after") });
    }

    [Fact]
    public void A_forgotten_leader_is_not_used_again_while_a_process_names_it_and_those_forked_from_that_name_it_too()
    {
        var table = new ProcessTable(reuses: true, prepared: 4);
        ProcessInfo leader = table.GetOrAdd("leader");
        table.SetGroupLeader(leader, leader);
        table.SetSessionLeader(leader, leader);
        ProcessInfo follower = table.GetOrAdd("follower");
        table.InheritLeaders(follower, leader);
        table.Remove("leader");
        ProcessInfo forked = table.GetOrAdd("forked");
        table.InheritLeaders(forked, follower);
        table.Remove("follower");
        for (int i = 0; i < 20; i++)
            table.GetOrAdd($"other {i}");

        Assert.Null(table.Find("leader"));
        Assert.Equal("leader", forked.GroupLeader!.EntityId.ToString());
        Assert.Equal("leader", forked.SessionLeader!.EntityId.ToString());

        table.SetGroupLeader(forked, null);
        table.SetSessionLeader(forked, forked);
        Assert.Same(leader, table.GetOrAdd("next one"));
    }

    [Fact]
    public void A_process_that_leads_itself_is_used_again_when_it_is_forgotten()
    {
        var table = new ProcessTable(reuses: true, prepared: 1);
        ProcessInfo shell = table.GetOrAdd("shell");
        table.SetGroupLeader(shell, shell);
        table.SetSessionLeader(shell, shell);

        table.Remove("shell");
        ProcessInfo next = table.GetOrAdd("next");

        Assert.Same(shell, next);
        Assert.Null(next.GroupLeader);
        Assert.Null(next.SessionLeader);
    }

    [Fact]
    public void The_parties_of_one_event_do_not_go_for_one_another()
    {
        var table = new ProcessTable(capacity: 8, reuses: true);
        for (int i = 0; i < 7; i++)
            table.GetOrAdd($"running {i}");
        ProcessInfo actor = table.GetOrAdd("actor");
        table.End("actor");
        table.Find("actor");

        table.GetOrAdd("parent");

        Assert.Equal("actor", actor.EntityId.ToString());
    }
}
