using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Responses;

/// <summary>Does what rules that matched ask for, and says what came of it.</summary>
/// <param name="protectedProcesses">Whom never to touch.</param>
/// <param name="isDryRun">Whether only to say what would be done.</param>
/// <param name="log">Receives each answer.</param>
/// <param name="clock">Tells how fast responses follow each other.</param>
internal sealed class Responder(ProtectedProcesses protectedProcesses, bool isDryRun, Action<Response> log, TimeProvider clock)
{
    /// <summary>Responses in <see cref="Period"/>: a rule that matches everything must not end everything.</summary>
    public const int MostInPeriod = 30;

    /// <summary>See <see cref="MostInPeriod"/>.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private const string KillProcess = "kill_process";

    private readonly ProcessKiller _killer = new(protectedProcesses);
    private readonly Queue<long> _recent = new();

    /// <summary>Responses that were done.</summary>
    public long Done { get; private set; }

    /// <summary>Responses that were not done, for whatever reason.</summary>
    public long NotDone { get; private set; }

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
        (ResponseOutcome outcome, string reason) =
            target.IsMissing ? (ResponseOutcome.Refused, $"refused: the event has no {action.Field}")
            : !TryTakeTurn() ? (ResponseOutcome.Refused, $"refused: there were {MostInPeriod} responses within {Period.TotalSeconds:0} seconds")
            : _killer.Kill(target.Span, action.Tree, isDryRun);
        if (outcome == ResponseOutcome.Done)
            Done++;
        else
            NotDone++;
        log(new Response(rule, KillProcess, target.ToString(), Pid: null, outcome, reason));
    }

    private bool TryTakeTurn()
    {
        long now = clock.GetTimestamp();
        while (_recent.TryPeek(out long first) && clock.GetElapsedTime(first, now) >= Period)
            _recent.Dequeue();
        if (_recent.Count == MostInPeriod)
            return false;
        _recent.Enqueue(now);
        return true;
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
