namespace CallStackRules.Eql.Automata;

/// <summary>A deterministic automaton. State 0 is dead: nothing that leads there is accepted.</summary>
/// <param name="ClassCount">How many classes of units there are.</param>
/// <param name="Transitions">For each state in turn, the next state for each class.</param>
/// <param name="IsAccepting">Whether each state accepts.</param>
/// <param name="Start">The state before the first unit.</param>
internal sealed record StateTable(int ClassCount, int[] Transitions, bool[] IsAccepting, int Start)
{
    public int StateCount => IsAccepting.Length;

    public int Next(int state, int unitClass) => Transitions[(state * ClassCount) + unitClass];
}
