using System.Globalization;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Generators.Tests.Streams;

/// <summary>What is remembered of processes that begin and end.</summary>
public sealed class LineageMemoryTests : IDisposable
{
    private const long Minute = 60_000;

    private static readonly string[] Process = ["process"];
    private static readonly string[] Start = ["start"];
    private static readonly string[] End = ["end"];

    private readonly StreamRules _rules = StreamRules.Of(["any where name == \"x\" and descendant of [any where name == \"source\"]"]);
    private readonly RuleEngine<StreamEvent> _engine;
    private readonly StreamEvent _event = new() { Categories = Process };
    private readonly List<EventRule<StreamEvent>> _matches = [];
    private readonly List<StepsMatch<StreamEvent>> _completed = [];

    public LineageMemoryTests() => _engine = new RuleEngine<StreamEvent>(_rules.RuleSet);

    public void Dispose() => _rules.Dispose();

    [Fact]
    public void A_million_processes_that_end_evict_none_and_allocate_nothing()
    {
        string[] ids = [.. Enumerable.Range(0, 1000).Select(static i => i.ToString(CultureInfo.InvariantCulture))];
        long time = 0;
        Run(1);
        Assert.Equal(0, Allocations.Of(() => Run(200)));
        Assert.Equal(0, _engine.EvictedProcesses);

        void Run(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                foreach (string id in ids)
                {
                    Push(time += 1000, id, Start, parent: "shell");
                    Push(time, id, End);
                }
            }
        }
    }

    [Fact]
    public void A_process_that_ended_is_known_until_its_last_event_can_come_and_then_forgotten()
    {
        Push(0, "source", Start, name: "source");
        Push(1, "child", Start, parent: "source");
        Push(2, "child", End);
        Push(5 * Minute, "child", Start, name: "x");
        Assert.Single(_matches);

        Push((5 * Minute) + 3, "other", Start);
        Push((5 * Minute) + 4, "child", Start, name: "x");
        Assert.Single(_matches);
    }

    [Fact]
    public void The_child_of_a_forgotten_process_keeps_what_it_inherited()
    {
        Push(0, "source", Start, name: "source");
        Push(1, "child", Start, parent: "source");
        Push(2, "source", End);
        Push(20 * Minute, "other", Start);
        Push(20 * Minute, "child", Start, name: "x");
        Assert.Single(_matches);
    }

    [Fact]
    public void A_process_in_the_place_of_a_forgotten_one_has_inherited_nothing()
    {
        Push(0, "source", Start, name: "source");
        for (int i = 0; i < 5000; i++)
        {
            Push(1, $"child {i}", Start, parent: "source");
            Push(1, $"child {i}", End);
        }
        for (int i = 0; i < 5000; i++)
            Push(10 * Minute, $"other {i}", Start, name: "x");
        Assert.Empty(_matches);
    }

    private void Push(long time, string process, string[] types, string? parent = null, string? name = null)
    {
        _event.Time = time;
        _event.Process = process;
        _event.Types = types;
        _event.Parent = parent;
        _event.Name = name;
        _engine.Push(_event, _matches, _completed);
    }
}
