namespace CallStackRules.Eql.Automata;

/// <summary>A regular expression. It stands for a language; how it was written (laziness, groups) makes no difference and is not kept.</summary>
public abstract record RegexNode;

/// <summary>One UTF-16 unit of a set.</summary>
/// <param name="Units">The units written down.</param>
/// <param name="IsNegated">Whether it is a unit that is <em>not</em> written down. Kept apart, because case is ignored before the set is negated.</param>
public sealed record RegexUnit(CharSet Units, bool IsNegated) : RegexNode
{
    /// <summary>The units that fit.</summary>
    public CharSet Resolve(bool ignoreCase)
    {
        CharSet written = ignoreCase ? Units.WithoutCase() : Units;
        return IsNegated ? written.Complement() : written;
    }
}

/// <summary>One after another; without parts, the empty text.</summary>
/// <param name="Parts">The parts in order.</param>
public sealed record RegexSequence(IReadOnlyList<RegexNode> Parts) : RegexNode;

/// <summary>Any one of several.</summary>
/// <param name="Alternatives">Two or more.</param>
public sealed record RegexChoice(IReadOnlyList<RegexNode> Alternatives) : RegexNode;

/// <summary>The same again and again.</summary>
/// <param name="Repeated">What is repeated.</param>
/// <param name="Least">How often at least.</param>
/// <param name="Most">How often at most; null for any number.</param>
public sealed record RegexRepeat(RegexNode Repeated, int Least, int? Most) : RegexNode;
