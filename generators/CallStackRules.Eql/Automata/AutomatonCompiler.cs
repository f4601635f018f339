using System.Diagnostics.CodeAnalysis;

namespace CallStackRules.Eql.Automata;

/// <summary>Compiles regular expressions to automata whose time is linear in the text.</summary>
public static class AutomatonCompiler
{
    /// <summary>How many units may be written in an expression, counted repetitions written out.</summary>
    public const int MaxPositions = 2048;

    /// <summary>How many units an expression may have when its deterministic automaton is too large.</summary>
    public const int MaxUndeterminedPositions = 1024;

    /// <summary>How many transitions a deterministic automaton may have: states times classes of units. They take two bytes each.</summary>
    public const int MaxTransitions = 64 * 1024;

    /// <summary>Compiles expressions to one automaton that accepts what any of them accepts.</summary>
    /// <param name="nodes">The expressions, one or more.</param>
    /// <param name="ignoreCase">Whether case is ignored, one UTF-16 unit to one unit.</param>
    /// <param name="tables">The automaton: deterministic when that is small enough. Null when there is an error.</param>
    /// <param name="error">Why it cannot be compiled and what to do; null when it can.</param>
    /// <returns>Whether it could be compiled.</returns>
    public static bool TryCompile(
        IReadOnlyList<RegexNode> nodes, bool ignoreCase, [NotNullWhen(true)] out AutomatonTables? tables, [NotNullWhen(false)] out string? error) =>
        TryCompile(nodes, ignoreCase, MaxTransitions, out tables, out error);

    internal static bool TryCompile(
        IReadOnlyList<RegexNode> nodes,
        bool ignoreCase,
        int maxTransitions,
        [NotNullWhen(true)] out AutomatonTables? tables,
        [NotNullWhen(false)] out string? error)
    {
        tables = null;
        error = null;
        RegexNode whole = nodes.Count == 1 ? nodes[0] : new RegexChoice(nodes);
        int positions = PositionAutomaton.Count(whole, MaxPositions);
        if (positions > MaxPositions)
        {
            error = $"The expression is too large: with its repetitions written out it has more than {MaxPositions} characters. Use fewer or smaller counts.";
            return false;
        }
        PositionAutomaton automaton = PositionAutomaton.Of(whole, positions, ignoreCase);
        CharSet[] distinct = [.. automaton.Units.Distinct()];
        UnitPartition partition = UnitPartition.Of(distinct);
        PositionSet[] positionsOfClass = PositionsOfClass(automaton, partition, distinct);
        tables = Determinizer.TryRun(automaton, partition, positionsOfClass, maxTransitions, out StateTable? states)
            ? Deterministic(partition, Minimizer.Run(states))
            : positions <= MaxUndeterminedPositions ? Undetermined(automaton, partition, positionsOfClass) : null;
        if (tables is null)
            error = $"The expression is too complex: its automaton is too large, and it has more than {MaxUndeterminedPositions} characters. Split it into several.";
        return tables is not null;
    }

    private static PositionSet[] PositionsOfClass(PositionAutomaton automaton, UnitPartition partition, CharSet[] distinct)
    {
        int words = automaton.First.Words.Length;
        var positionsOfSet = distinct.ToDictionary(set => set, _ => new PositionSet(words));
        for (int position = 0; position < automaton.Units.Count; position++)
            positionsOfSet[automaton.Units[position]].Add(position);
        return [.. partition.Representatives().Select(unit =>
        {
            var positions = new PositionSet(words);
            foreach (CharSet set in distinct.Where(set => set.Contains(unit)))
                positions.UnionWith(positionsOfSet[set]);
            return positions;
        })];
    }

    private static DeterministicTables Deterministic(UnitPartition partition, StateTable states) => new(
        new(partition.RangeStarts),
        new(partition.RangeClasses),
        partition.Count,
        states.Transitions.Select(state => (ushort)state).ToEquatableArray(),
        states.Start,
        states.IsAccepting.TakeWhile(accepts => !accepts).Count());

    private static PositionTables Undetermined(PositionAutomaton automaton, UnitPartition partition, PositionSet[] positionsOfClass)
    {
        List<PositionSet> follow = [.. automaton.Follow.Distinct()];
        Dictionary<PositionSet, int> numbers = follow.Select((set, number) => (set, number)).ToDictionary(pair => pair.set, pair => pair.number);
        return new PositionTables(
            new(partition.RangeStarts),
            new(partition.RangeClasses),
            partition.Count,
            automaton.AcceptsEmpty,
            new(automaton.First.Words),
            new(automaton.Last.Words),
            positionsOfClass.SelectMany(set => set.Words).ToEquatableArray(),
            automaton.Follow.Select(set => (ushort)numbers[set]).ToEquatableArray(),
            follow.SelectMany(set => set.Words).ToEquatableArray());
    }
}
