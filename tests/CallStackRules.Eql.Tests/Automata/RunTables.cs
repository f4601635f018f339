using CallStackRules.Eql.Automata;
using CallStackRules.Matching;

namespace CallStackRules.Eql.Tests.Automata;

/// <summary>Gives tables to the run-time class that they are for.</summary>
internal static class RunTables
{
    public static Func<string, bool> Of(AutomatonTables tables)
    {
        switch (tables)
        {
            case DeterministicTables table:
                var automaton = new TextAutomaton(
                    [.. table.RangeStarts], [.. table.RangeClasses], table.ClassCount, [.. table.Transitions], table.Start, table.FirstAccepting);
                return text => automaton.IsMatch(text);
            case PositionTables table:
                var nfa = new TextNfa(
                    [.. table.RangeStarts], [.. table.RangeClasses], table.ClassCount, table.AcceptsEmpty, [.. table.First], [.. table.Last],
                    [.. table.PositionsOfClass], [.. table.FollowIndex], [.. table.FollowSets]);
                return text => nfa.IsMatch(text);
            default:
                throw new ArgumentException($"Nothing runs {tables.GetType()}.");
        }
    }
}
