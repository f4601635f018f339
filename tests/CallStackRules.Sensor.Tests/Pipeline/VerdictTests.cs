using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Alerts;
using CallStackRules.Sensor.Pipeline;
using CallStackRules.Sensor.Responses;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Tests.Pipeline;

/// <summary>How programs are answered that wait for the rules.</summary>
public sealed class VerdictTests
{
    [Fact]
    public void A_program_that_a_rule_denies_is_refused()
    {
        using var source = new ScriptedSource(1) { AwaitsVerdict = true };

        Assert.Equal(1, Run(source, isDryRun: false).Denied);
        Assert.Equal([false], source.Answers);
    }

    [Fact]
    public void In_a_rehearsal_it_runs()
    {
        using var source = new ScriptedSource(1) { AwaitsVerdict = true };

        Assert.Equal(0, Run(source, isDryRun: true).Denied);
        Assert.Equal([true], source.Answers);
    }

    [SkippableTheory]
    [InlineData("the sensor")]
    [InlineData("its parent")]
    [InlineData("the first process")]
    public void Programs_of_the_sensor_and_of_those_it_descends_from_are_never_refused(string whose)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Programs are held on Linux only.");
        using var source = new ScriptedSource(1) { AwaitsVerdict = true };
        source.Process.Pid = whose switch
        {
            "the sensor" => Environment.ProcessId,
            "its parent" => long.Parse(File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture),
            _ => 1,
        };

        Assert.Equal(0, Run(source, isDryRun: false).Denied);
        Assert.Equal([true], source.Answers);
    }

    private static ReplaySummary Run(ScriptedSource source, bool isDryRun)
    {
        using var queue = new AlertQueue([]);
        using var renderer = new AlertRenderer(null);
        return new LiveRun(source, new ActiveRules([], new DenyingRules()))
        {
            Renderer = renderer,
            Alerts = queue,
            Protected = new ProtectedProcesses(),
            IsDryRun = isDryRun,
            Report = static _ => { },
        }.Run(CancellationToken.None);
    }

    /// <summary>One rule, which denies whatever starts.</summary>
    private sealed class DenyingRules : RuleSet<EndpointEvent>
    {
        public override IReadOnlyList<EventRule<EndpointEvent>> Rules { get; } = [new Denying()];

        public override void Match(EndpointEvent e, ProcessFacts? lineage, List<EventRule<EndpointEvent>> matches) => Run([.. Rules], e, lineage, matches);
    }

    private sealed class Denying : EventRule<EndpointEvent>
    {
        public override RuleInfo Info { get; } = TestRules.StartInfo with { Actions = [new RuleAction("deny", "", State: 0, Tree: false)] };

        public override bool Matches(EndpointEvent e) => true;
    }
}
