using CallStackRules.Events;

namespace CallStackRules.Matching;

/// <summary>
/// A deterministic automaton over UTF-16 units that reads a text once, whatever the pattern was: one table look-up a unit. Its tables are made at build time.
/// </summary>
/// <remarks>
/// State 0 is the dead one. Accepting states have the highest numbers. A state that accepts whatever follows leads only to itself.
/// </remarks>
public sealed class TextAutomaton
{
    // States are kept as the offsets of their rows, which spares a multiplication a unit.
    private readonly UnitClasses _classes;
    private readonly int[] _transitions;
    private readonly int _start;
    private readonly int _firstAccepting;
    private readonly int _acceptsAll;

    /// <summary>Takes the tables and checks that they fit together.</summary>
    /// <param name="rangeStarts">First units of the ranges of units, ascending from 0; each range reaches up to the next.</param>
    /// <param name="rangeClasses">The class of each range.</param>
    /// <param name="classCount">How many classes there are.</param>
    /// <param name="transitions">For each state in turn, the next state for each class.</param>
    /// <param name="start">The state before the first unit.</param>
    /// <param name="firstAccepting">States from this one on accept.</param>
    /// <exception cref="ArgumentException">The tables contradict each other.</exception>
    public TextAutomaton(ushort[] rangeStarts, ushort[] rangeClasses, int classCount, ushort[] transitions, int start, int firstAccepting)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classCount);
        _classes = new UnitClasses(rangeStarts, rangeClasses, classCount);
        int stateCount = transitions.Length / classCount;
        if (stateCount == 0 || transitions.Length % classCount != 0)
            throw new ArgumentException("There must be a transition for each state and class.", nameof(transitions));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)start, (uint)stateCount, nameof(start));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)firstAccepting, (uint)stateCount, nameof(firstAccepting));
        foreach (ushort state in transitions)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(state, stateCount, nameof(transitions));
        if (transitions.AsSpan(0, classCount).ContainsAnyExcept((ushort)0) || firstAccepting == 0)
            throw new ArgumentException("State 0 must be dead.", nameof(transitions));
        _transitions = Array.ConvertAll(transitions, state => state * classCount);
        _start = start * classCount;
        _firstAccepting = firstAccepting * classCount;
        int last = stateCount - 1;
        bool acceptsAll = last >= firstAccepting && !transitions.AsSpan(last * classCount).ContainsAnyExcept((ushort)last);
        _acceptsAll = acceptsAll ? last * classCount : -1;
    }

    /// <summary>Whether the whole text is accepted; a missing text never is.</summary>
    public bool IsMatch(Text text)
    {
        if (text.IsMissing)
            return false;
        int state = _start;
        int[] transitions = _transitions;
        UnitClasses classes = _classes;
        foreach (char unit in text.Span)
        {
            state = transitions[state + classes.Of(unit)];
            if (state == 0 || state == _acceptsAll)
                break;
        }
        return state >= _firstAccepting;
    }
}
