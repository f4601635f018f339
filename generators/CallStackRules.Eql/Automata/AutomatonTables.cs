namespace CallStackRules.Eql.Automata;

/// <summary>
/// The tables of an automaton as plain arrays, in the order that the constructor of the run-time class takes them. Units are split into ranges; each range has
/// a class, and units of one class are the same to the automaton.
/// </summary>
/// <param name="RangeStarts">First units of the ranges, ascending from 0; each range reaches up to the next.</param>
/// <param name="RangeClasses">The class of each range.</param>
/// <param name="ClassCount">How many classes there are.</param>
public abstract record AutomatonTables(EquatableArray<ushort> RangeStarts, EquatableArray<ushort> RangeClasses, int ClassCount);

/// <summary>A deterministic automaton, run by <c>CallStackRules.Matching.TextAutomaton</c>.</summary>
/// <param name="RangeStarts">First units of the ranges.</param>
/// <param name="RangeClasses">The class of each range.</param>
/// <param name="ClassCount">How many classes there are.</param>
/// <param name="Transitions">For each state in turn, the next state for each class. State 0 is the dead one.</param>
/// <param name="Start">The state before the first unit.</param>
/// <param name="FirstAccepting">States from this one on accept.</param>
public sealed record DeterministicTables(
    EquatableArray<ushort> RangeStarts,
    EquatableArray<ushort> RangeClasses,
    int ClassCount,
    EquatableArray<ushort> Transitions,
    int Start,
    int FirstAccepting) : AutomatonTables(RangeStarts, RangeClasses, ClassCount);

/// <summary>
/// A position automaton, run by <c>CallStackRules.Matching.TextNfa</c>. A set of positions is as many 64-bit words as positions need, lowest first.
/// </summary>
/// <param name="RangeStarts">First units of the ranges.</param>
/// <param name="RangeClasses">The class of each range.</param>
/// <param name="ClassCount">How many classes there are.</param>
/// <param name="AcceptsEmpty">Whether the empty text is accepted.</param>
/// <param name="First">Positions that can take the first unit.</param>
/// <param name="Last">Positions that can take the last unit.</param>
/// <param name="PositionsOfClass">For each class in turn, the positions that take a unit of it.</param>
/// <param name="FollowIndex">For each position, the number of the set of positions that can take the next unit.</param>
/// <param name="FollowSets">The distinct sets that <paramref name="FollowIndex"/> counts, one after another.</param>
public sealed record PositionTables(
    EquatableArray<ushort> RangeStarts,
    EquatableArray<ushort> RangeClasses,
    int ClassCount,
    bool AcceptsEmpty,
    EquatableArray<ulong> First,
    EquatableArray<ulong> Last,
    EquatableArray<ulong> PositionsOfClass,
    EquatableArray<ushort> FollowIndex,
    EquatableArray<ulong> FollowSets) : AutomatonTables(RangeStarts, RangeClasses, ClassCount);
