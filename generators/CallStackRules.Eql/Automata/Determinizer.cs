using System.Diagnostics.CodeAnalysis;

namespace CallStackRules.Eql.Automata;

/// <summary>Makes a position automaton deterministic: a state stands for the positions that can take the next unit, and for whether the text may end.</summary>
internal static class Determinizer
{
    /// <summary>Fails when there would be more than <paramref name="maxTransitions"/>.</summary>
    public static bool TryRun(
        PositionAutomaton automaton, UnitPartition partition, PositionSet[] positionsOfClass, int maxTransitions, [NotNullWhen(true)] out StateTable? table)
    {
        table = null;
        var dead = new State(new PositionSet(automaton.First.Words.Length), Accepts: false);
        var start = new State(automaton.First, automaton.AcceptsEmpty);
        List<State> states = [dead];
        var numbers = new Dictionary<State, int> { [dead] = 0 };
        int Number(State state)
        {
            if (!numbers.TryGetValue(state, out int number))
            {
                numbers.Add(state, number = states.Count);
                states.Add(state);
            }
            return number;
        }

        int startNumber = Number(start);
        var transitions = new List<int>();
        for (int i = 0; i < states.Count; i++)
        {
            if ((long)states.Count * partition.Count > maxTransitions)
                return false;
            foreach (PositionSet accepted in positionsOfClass)
                transitions.Add(Number(After(automaton, states[i].Next.Intersect(accepted))));
        }
        table = new StateTable(partition.Count, [.. transitions], [.. states.Select(state => state.Accepts)], startNumber);
        return true;
    }

    private static State After(PositionAutomaton automaton, PositionSet taken)
    {
        var next = new PositionSet(taken.Words.Length);
        foreach (int position in taken.Positions())
            next.UnionWith(automaton.Follow[position]);
        return new State(next, taken.Intersects(automaton.Last));
    }

    private readonly record struct State(PositionSet Next, bool Accepts);
}
