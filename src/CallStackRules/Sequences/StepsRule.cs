using CallStackRules.Rules;

namespace CallStackRules.Sequences;

/// <summary>
/// A rule over several events, compiled from an <c>.eql</c> file: what each step asks, its keys, and what is kept of its event. It has no state; that is the
/// matter of <see cref="StepsMatcher{TEvent}"/>.
/// </summary>
/// <typeparam name="TEvent">The event model.</typeparam>
public abstract class StepsRule<TEvent> : Rule<TEvent>
{
    /// <summary>The steps and how they belong together.</summary>
    public abstract StepsPlan Plan { get; }

    /// <summary>Whether the event is what a step asks for.</summary>
    /// <param name="step">The step, from 0; <see cref="StepsPlan.StepCount"/> for <c>until</c>.</param>
    /// <param name="e">The event.</param>
    /// <param name="earlier">What was kept of earlier steps' events, by step; read only where <see cref="StepsPlan.ReadsEarlier"/> says so.</param>
    /// <param name="lineage">What is known of the ancestry of the event's process.</param>
    public abstract bool Matches(int step, TEvent e, ReadOnlySpan<Snapshot> earlier, ProcessFacts? lineage);

    /// <summary>Appends the event's join keys for a step.</summary>
    /// <returns>False when a key that is not optional is missing: the event takes no part.</returns>
    public abstract bool ReadKey(int step, TEvent e, JoinKey key);

    /// <summary>Copies what later steps, pipes, the alert and the actions need of a step's event.</summary>
    public abstract void Capture(int step, TEvent e, SnapshotWriter snapshot);

    /// <summary>What matches go through, in the order written.</summary>
    public virtual IReadOnlyList<PipePlan> Pipes => [];

    /// <summary>Whether the condition of a <see cref="PipeKind.Filter"/> holds.</summary>
    /// <param name="pipe">The pipe, from 0.</param>
    /// <param name="earlier">What was kept of the match's events, by step.</param>
    public virtual bool PassesPipe(int pipe, ReadOnlySpan<Snapshot> earlier) => true;

    /// <summary>Writes the values of a pipe's arguments, a field each.</summary>
    /// <param name="pipe">The pipe, from 0.</param>
    /// <param name="earlier">What was kept of the match's events, by step.</param>
    /// <param name="snapshot">Takes the values.</param>
    public virtual void ReadPipe(int pipe, ReadOnlySpan<Snapshot> earlier, SnapshotWriter snapshot)
    {
    }
}
