using CallStackRules.Events;

namespace CallStackRules.Sequences;

/// <summary>One pipe of a rule: takes matches, gives matches. Its state is bounded.</summary>
internal abstract class PipeStage<TEvent>
{
    /// <summary>How many matches a pipe holds back at most; of more, those that came first go.</summary>
    public const int MostHeld = 64 * 1024;

    /// <summary>How many values a pipe that runs without end remembers; of more, those that came first are forgotten.</summary>
    public const int MostRemembered = 4096;

    /// <summary>How much had to be given up because there was too much.</summary>
    public virtual long Evicted => 0;

    /// <summary>Takes a match, which is valid until the next event, and appends what comes out.</summary>
    public abstract void Take(StepsMatch<TEvent> match, List<StepsMatch<TEvent>> passed);

    /// <summary>The stream ends: appends what was held back.</summary>
    public virtual void End(List<StepsMatch<TEvent>> passed)
    {
    }

    /// <summary>Goes on with another form of the same query. What is held back to the end stays of the form it was found by.</summary>
    public virtual void Continue(StepsRule<TEvent> rule)
    {
    }

    /// <summary>The stage of a rule's pipe.</summary>
    public static PipeStage<TEvent> Create(StepsRule<TEvent> rule, int pipe, PendingPool pool)
    {
        PipePlan plan = rule.Pipes[pipe];
        var values = new PipeValues<TEvent>(rule, pipe, pool);
        return plan.Kind switch
        {
            PipeKind.Head => new HeadStage<TEvent>(plan.Count),
            PipeKind.Filter => new FilterStage<TEvent>(values),
            PipeKind.Unique => new UniqueStage<TEvent>(values, pool.Texts),
            PipeKind.Tail => new TailStage<TEvent>(plan.Count),
            PipeKind.Sort => new SortStage<TEvent>(values),
            PipeKind.Count or PipeKind.UniqueCount => new CountStage<TEvent>(rule, values, plan.Kind == PipeKind.UniqueCount),
            PipeKind.Window => new WindowStage<TEvent>(values, plan.Count),
            _ => throw new ArgumentException($"There is no pipe {plan.Kind}.", nameof(rule)),
        };
    }
}

/// <summary><c>| head</c>.</summary>
internal sealed class HeadStage<TEvent>(long count) : PipeStage<TEvent>
{
    private long _passed;

    public override void Take(StepsMatch<TEvent> match, List<StepsMatch<TEvent>> passed)
    {
        if (_passed == count)
            return;
        _passed++;
        passed.Add(match);
    }
}

/// <summary><c>| filter</c>.</summary>
internal sealed class FilterStage<TEvent>(PipeValues<TEvent> values) : PipeStage<TEvent>
{
    public override void Continue(StepsRule<TEvent> rule) => values.Continue(rule);

    public override void Take(StepsMatch<TEvent> match, List<StepsMatch<TEvent>> passed)
    {
        if (values.Pass(match))
            passed.Add(match);
    }
}

/// <summary><c>| unique</c>.</summary>
internal sealed class UniqueStage<TEvent>(PipeValues<TEvent> values, TextArena arena) : PipeStage<TEvent>
{
    private readonly KeySet _seen = new(MostRemembered, arena);

    public override long Evicted => _seen.Evicted;

    public override void Continue(StepsRule<TEvent> rule) => values.Continue(rule);

    public override void Take(StepsMatch<TEvent> match, List<StepsMatch<TEvent>> passed)
    {
        values.Read(match);
        if (_seen.Add(values.Key))
            passed.Add(match);
    }
}
