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
        Assert.InRange(length, 2, 9);
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
}
