using CallStackRules.Sequences;

namespace CallStackRules.Rules;

/// <summary>A rule over single events, compiled from an <c>.eql</c> file.</summary>
/// <typeparam name="TEvent">The event model: the root of the schema the rule was compiled against.</typeparam>
public abstract class EventRule<TEvent> : Rule<TEvent>
{
    /// <summary>
    /// Whether the event, its category included, is what the rule describes. Allocates nothing and keeps nothing. Without an engine nothing is known of ancestry,
    /// and lineage conditions are false.
    /// </summary>
    public abstract bool Matches(TEvent e);

    /// <summary>The same with what is known of the ancestry of the event's process.</summary>
    public virtual bool Matches(TEvent e, ProcessFacts? lineage) => Matches(e);
}
