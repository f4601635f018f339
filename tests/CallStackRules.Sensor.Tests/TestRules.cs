using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Tests;

/// <summary>Rules as the generator would emit them: one of high severity over call stacks, one low over process starts.</summary>
internal sealed class TestRules : RuleSet<EndpointEvent>
{
    public static readonly RuleInfo UnbackedInfo = new()
    {
        Id = "11111111-1111-4111-8111-111111111111",
        Name = "Code without a file acts",
        Severity = RuleSeverity.High,
        Description = "Unbacked code is on the stack.",
        OperatingSystems = ["windows"],
        Techniques = ["T1055.001", "T1620"],
        Tactics = ["TA0005"],
        References = ["https://example.org/unbacked"],
        Actions = [new RuleAction("kill_process", "process.entity_id", 0, true)],
        SourcePath = "windows/defense_evasion/unbacked.eql",
        Query = "any where process.thread.Ext.call_stack_contains_unbacked == true",
        Explanation = "an event\n  whose stack holds unbacked code",
        Categories = ["any"],
        Fields = ["process.thread.Ext.call_stack_contains_unbacked"],
    };

    public static readonly RuleInfo StartInfo = new()
    {
        Id = "22222222-2222-4222-8222-222222222222",
        Name = "A process starts",
        Severity = RuleSeverity.Low,
        SourcePath = "windows/execution/start.eql",
        Query = "process where event.action == \"start\"",
        Categories = ["process"],
        Fields = ["event.action"],
    };

    public override IReadOnlyList<EventRule<EndpointEvent>> Rules { get; } = [new Unbacked(), new Start()];

    public override void Match(EndpointEvent e, ProcessFacts? lineage, List<EventRule<EndpointEvent>> matches)
    {
        for (int i = 0; i < Rules.Count; i++)
        {
            if (Rules[i].Matches(e))
                matches.Add(Rules[i]);
        }
    }

    private sealed class Unbacked : EventRule<EndpointEvent>
    {
        public override RuleInfo Info => UnbackedInfo;

        public override bool Matches(EndpointEvent e) => e.Thread.CallStackContainsUnbacked == true;
    }

    private sealed class Start : EventRule<EndpointEvent>
    {
        public override RuleInfo Info => StartInfo;

        public override bool Matches(EndpointEvent e) => e.Event.Action.Span is "start";
    }
}
