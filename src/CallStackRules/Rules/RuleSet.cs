using CallStackRules.Events;
using CallStackRules.Sequences;

namespace CallStackRules.Rules;

/// <summary>All rules of one compilation; the generator emits one subclass per assembly with rules.</summary>
/// <typeparam name="TEvent">The event model: the root of the schema the rules were compiled against.</typeparam>
public abstract class RuleSet<TEvent>
{
    /// <summary>The rules over single events, by source path.</summary>
    public abstract IReadOnlyList<EventRule<TEvent>> Rules { get; }

    /// <summary>The rules over several events, by source path.</summary>
    public virtual IReadOnlyList<StepsRule<TEvent>> StepsRules => [];

    /// <summary>
    /// Runs every rule over single events that can match an event of this category and appends those that do. Allocates only when <paramref name="matches"/>
    /// must grow. Nothing is known of ancestry; <see cref="RuleEngine{TEvent}"/> knows.
    /// </summary>
    public void Match(TEvent e, List<EventRule<TEvent>> matches) => Match(e, null, matches);

    /// <summary>The same with what is known of the ancestry of the event's process.</summary>
    public abstract void Match(TEvent e, ProcessFacts? lineage, List<EventRule<TEvent>> matches);

    /// <summary>Appends the event's categories.</summary>
    public virtual void ReadCategories(TEvent e, TextList categories)
    {
    }

    /// <summary>When the event happened, in milliseconds since 1970-01-01 UTC; null when it does not say.</summary>
    public virtual long? TimeOf(TEvent e) => null;

    /// <summary>What identifies the event's process; missing when it has none.</summary>
    public virtual Text ProcessOf(TEvent e) => default;

    /// <summary>What identifies the parent of the event's process; missing when it is not known.</summary>
    public virtual Text ParentOf(TEvent e) => default;

    /// <summary>Whether the event's process ends with it.</summary>
    public virtual bool IsProcessEnd(TEvent e) => false;

    /// <summary>Runs rules one after another and appends those that match.</summary>
    protected static void Run(EventRule<TEvent>[] rules, TEvent e, ProcessFacts? lineage, List<EventRule<TEvent>> matches)
    {
        foreach (EventRule<TEvent> rule in rules)
        {
            if (rule.Matches(e, lineage))
                matches.Add(rule);
        }
    }
}
