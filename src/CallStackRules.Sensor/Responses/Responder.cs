using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Responses;

/// <summary>Does what rules that matched ask for, and says what came of it.</summary>
/// <param name="log">Receives a line for each answer.</param>
internal sealed class Responder(Action<string> log)
{
    private const string KillProcess = "kill_process";

    private readonly ProcessKiller _killer = new();

    /// <summary>Answers a match of a rule over single events.</summary>
    public void Respond(RuleInfo rule, EndpointEvent e)
    {
        foreach (RuleAction action in rule.Actions)
        {
            if (action.Kind == KillProcess)
                Kill(rule, action, TargetOf(action.Field, e));
        }
    }

    /// <summary>Answers a match of a rule over several events.</summary>
    public void Respond(StepsMatch<EndpointEvent> match)
    {
        foreach (RuleAction action in match.Rule.Info.Actions)
        {
            if (action.Kind == KillProcess)
                Kill(match.Rule.Info, action, TargetOf(action, match));
        }
    }

    private void Kill(RuleInfo rule, RuleAction action, Text target)
    {
        string result = target.IsMissing ? $"refused: the event has no {action.Field}" : _killer.Kill(target.Span, action.Tree);
        log($"response to '{rule.Name}': {result}");
    }

    private static Text TargetOf(string field, EndpointEvent e) => field switch
    {
        "process.entity_id" => e.Process?.EntityId ?? default,
        "process.parent.entity_id" => e.Process?.Parent?.EntityId ?? default,
        "Target.process.entity_id" => e.TargetProcess?.EntityId ?? default,
        _ => default,
    };

    private static Text TargetOf(RuleAction action, StepsMatch<EndpointEvent> match)
    {
        for (int i = 0; i < match.Events.Count; i++)
        {
            if (match.StepOf(i) != action.State)
                continue;
            IReadOnlyList<string> kept = match.Rule.Plan.KeptFields[action.State];
            for (int field = 0; field < kept.Count; field++)
            {
                if (kept[field] == action.Field)
                    return match.Events[i].Text(field);
            }
        }
        return default;
    }
}
