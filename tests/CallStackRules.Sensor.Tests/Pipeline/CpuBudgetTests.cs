using CallStackRules.Sensor.Pipeline;

namespace CallStackRules.Sensor.Tests.Pipeline;

public sealed class CpuBudgetTests
{
    private readonly ManualClock _clock = new();
    private readonly ScriptedSource _source = new(events: 0);
    private readonly List<string> _reports = [];
    private TimeSpan _used;

    [Fact]
    public void The_least_valuable_events_are_left_out_first_and_each_change_is_said_once()
    {
        CpuBudget budget = Budget(percent: 10);

        Run(budget, seconds: 4, percent: 50);
        Assert.Equal(1, _source.Shedding);
        Run(budget, seconds: 4, percent: 50);
        Assert.Equal(2, _source.Shedding);
        Run(budget, seconds: 30, percent: 50);

        Assert.Equal(2, _source.Shedding);
        Assert.Equal(
            [
                "CPU: 50 % of one processor used, 10 % allowed; left out from now on: first.",
                "CPU: 50 % of one processor used, 10 % allowed; left out from now on: second.",
                "CPU: 50 % of one processor used, 10 % allowed; nothing more can be left out.",
            ],
            _reports);
    }

    [Fact]
    public void A_short_peak_changes_nothing()
    {
        CpuBudget budget = Budget(percent: 50);

        Run(budget, seconds: 5, percent: 10);
        Run(budget, seconds: 1, percent: 100);
        Run(budget, seconds: 5, percent: 10);

        Assert.Equal(0, _source.Shedding);
        Assert.Empty(_reports);
    }

    [Fact]
    public void Events_come_back_when_there_is_time_for_long_and_not_before()
    {
        CpuBudget budget = Budget(percent: 10);
        Run(budget, seconds: 3.2, percent: 50);

        Run(budget, seconds: 9, percent: 2);
        Assert.Equal(1, _source.Shedding);
        Run(budget, seconds: 10, percent: 2);

        Assert.Equal(0, _source.Shedding);
        Assert.Equal("CPU: 2 % of one processor used, 10 % allowed; no longer left out: first.", _reports[^1]);
    }

    [Fact]
    public void Between_half_the_budget_and_all_of_it_nothing_changes()
    {
        CpuBudget budget = Budget(percent: 10);
        Run(budget, seconds: 3.2, percent: 50);

        Run(budget, seconds: 60, percent: 8);

        Assert.Equal(1, _source.Shedding);
    }

    private CpuBudget Budget(double percent) => new(percent, _source, _clock, () => _used, _reports.Add);

    private void Run(CpuBudget budget, double seconds, double percent)
    {
        for (int i = 0; i < seconds * 5; i++)
        {
            budget.Check();
            _clock.Advance(TimeSpan.FromMilliseconds(200));
            _used += TimeSpan.FromMilliseconds(200 * percent / 100);
        }
    }
}
