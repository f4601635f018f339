using CallStackRules.Sequences;

namespace CallStackRules.Rules;

/// <summary>A rule compiled from an <c>.eql</c> file.</summary>
/// <typeparam name="TEvent">The event model: the root of the schema the rule was compiled against.</typeparam>
public abstract class Rule<TEvent>
{
    /// <summary>The rule's metadata.</summary>
    public abstract RuleInfo Info { get; }

    /// <summary>How many lineage queries (<c>descendant of [..]</c> and the like) the rule has, those inside others first.</summary>
    public virtual int LineageQueries => 0;

    /// <summary>The number of the rule's first lineage query among those of all rules; set by the engine that runs it.</summary>
    public int FirstLineageQuery { get; set; }

    /// <summary>Whether an event makes its process a source of a lineage query.</summary>
    /// <param name="query">The query, from 0.</param>
    /// <param name="e">The event.</param>
    /// <param name="lineage">What is known of the ancestry of its process.</param>
    public virtual bool IsLineageSource(int query, TEvent e, ProcessFacts? lineage) => false;
}
