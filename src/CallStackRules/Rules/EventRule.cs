namespace CallStackRules.Rules;

/// <summary>A rule over single events, compiled from an <c>.eql</c> file.</summary>
/// <typeparam name="TEvent">The event model: the root of the schema the rule was compiled against.</typeparam>
public abstract class EventRule<TEvent>
{
    /// <summary>The rule's metadata.</summary>
    public abstract RuleInfo Info { get; }

    /// <summary>Whether the event, its category included, is what the rule describes. Allocates nothing and keeps nothing.</summary>
    public abstract bool Matches(TEvent e);
}
