namespace CallStackRules.Eql.Automata;

/// <summary>
/// Glushkov's automaton of an expression: every unit written in it, counted repetitions written out, is a position; one position follows another when the
/// other's unit can come right before its own.
/// </summary>
internal sealed class PositionAutomaton
{
    private readonly bool _ignoreCase;
    private readonly Dictionary<RegexUnit, CharSet> _resolved = [];
    private readonly int _words;

    private PositionAutomaton(int positions, bool ignoreCase)
    {
        _ignoreCase = ignoreCase;
        _words = Math.Max(1, (positions + 63) / 64);
    }

    /// <summary>What each position takes.</summary>
    public List<CharSet> Units { get; } = [];

    /// <summary>For each position, those that can come next.</summary>
    public List<PositionSet> Follow { get; } = [];

    /// <summary>The positions that can take the first unit.</summary>
    public PositionSet First { get; private set; } = new(0);

    /// <summary>The positions that can take the last unit.</summary>
    public PositionSet Last { get; private set; } = new(0);

    /// <summary>Whether the empty text is accepted.</summary>
    public bool AcceptsEmpty { get; private set; }

    /// <summary>How many positions an expression has; more than <paramref name="limit"/> is not counted on.</summary>
    public static int Count(RegexNode node, int limit)
    {
        switch (node)
        {
            case RegexSequence sequence:
                return CountAll(sequence.Parts, limit);
            case RegexChoice choice:
                return CountAll(choice.Alternatives, limit);
            case RegexRepeat repeat:
                long copies = repeat.Most ?? Math.Max(1, repeat.Least);
                return (int)Math.Min(limit + 1L, copies * Count(repeat.Repeated, limit));
            default:
                return 1;
        }
    }

    /// <summary>Builds the automaton of an expression whose positions were counted.</summary>
    public static PositionAutomaton Of(RegexNode node, int positions, bool ignoreCase)
    {
        var automaton = new PositionAutomaton(positions, ignoreCase);
        Fragment whole = automaton.Build(node);
        automaton.First = whole.First;
        automaton.Last = whole.Last;
        automaton.AcceptsEmpty = whole.IsNullable;
        return automaton;
    }

    private static int CountAll(IReadOnlyList<RegexNode> nodes, int limit)
    {
        int count = 0;
        foreach (RegexNode node in nodes)
            count = Math.Min(limit + 1, count + Count(node, limit));
        return count;
    }

    private Fragment Build(RegexNode node) => node switch
    {
        RegexUnit unit => BuildUnit(unit),
        RegexSequence sequence => sequence.Parts.Aggregate(Empty(), (before, part) => Concatenate(before, Build(part))),
        RegexChoice choice => choice.Alternatives.Select(Build).Aggregate(Either),
        RegexRepeat repeat => BuildRepeat(repeat),
        _ => throw new ArgumentException($"A regular expression has no part {node.GetType().Name}.", nameof(node)),
    };

    private Fragment BuildUnit(RegexUnit unit)
    {
        if (!_resolved.TryGetValue(unit, out CharSet? units))
            _resolved.Add(unit, units = unit.Resolve(_ignoreCase));
        var self = new PositionSet(_words);
        self.Add(Units.Count);
        Units.Add(units);
        Follow.Add(new PositionSet(_words));
        return new Fragment(self, self.Clone(), IsNullable: false);
    }

    private Fragment BuildRepeat(RegexRepeat repeat)
    {
        // x{2,4} is xx(x(x)?)?, x{2,} is xx+, and x* is (x+)?; optional copies nest so that each leads to the next one only.
        Fragment optional = Empty();
        if (repeat.Most is { } most)
        {
            for (int i = repeat.Least; i < most; i++)
                optional = Concatenate(Build(repeat.Repeated), optional) with { IsNullable = true };
        }
        else
        {
            optional = Build(repeat.Repeated);
            foreach (int last in optional.Last.Positions())
                Follow[last].UnionWith(optional.First);
            optional = optional with { IsNullable = optional.IsNullable || repeat.Least == 0 };
        }
        int required = repeat.Most is null ? Math.Max(0, repeat.Least - 1) : repeat.Least;
        Fragment all = optional;
        for (int i = 0; i < required; i++)
            all = Concatenate(Build(repeat.Repeated), all);
        return all;
    }

    private Fragment Concatenate(Fragment before, Fragment after)
    {
        foreach (int last in before.Last.Positions())
            Follow[last].UnionWith(after.First);
        if (before.IsNullable)
            before.First.UnionWith(after.First);
        if (after.IsNullable)
            after.Last.UnionWith(before.Last);
        return new Fragment(before.First, after.Last, before.IsNullable && after.IsNullable);
    }

    private static Fragment Either(Fragment left, Fragment right)
    {
        left.First.UnionWith(right.First);
        left.Last.UnionWith(right.Last);
        return left with { IsNullable = left.IsNullable || right.IsNullable };
    }

    private Fragment Empty() => new(new PositionSet(_words), new PositionSet(_words), IsNullable: true);

    /// <summary>A part of the automaton that owns its sets.</summary>
    private readonly record struct Fragment(PositionSet First, PositionSet Last, bool IsNullable);
}
