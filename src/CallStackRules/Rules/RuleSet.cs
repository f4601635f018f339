namespace CallStackRules.Rules;

/// <summary>All rules of one compilation; the generator emits one subclass per assembly with rules.</summary>
/// <typeparam name="TEvent">The event model: the root of the schema the rules were compiled against.</typeparam>
public abstract class RuleSet<TEvent>
{
    /// <summary>The rules, by source path.</summary>
    public abstract IReadOnlyList<EventRule<TEvent>> Rules { get; }

    /// <summary>
    /// Runs every rule that can match an event of this category and appends those that do. Allocates only when <paramref name="matches"/> must grow.
    /// </summary>
    public abstract void Match(TEvent e, List<EventRule<TEvent>> matches);

    /// <summary>Runs rules one after another and appends those that match.</summary>
    protected static void Run(EventRule<TEvent>[] rules, TEvent e, List<EventRule<TEvent>> matches)
    {
        foreach (EventRule<TEvent> rule in rules)
        {
            if (rule.Matches(e))
                matches.Add(rule);
        }
    }
}
