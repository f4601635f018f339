namespace CallStackRules.Eql.Logic;

/// <summary>A statement about an event, with the statements it is made of below it.</summary>
/// <param name="Text">In plain words, as in <c>all of these hold</c> or <c>dll.name is "clr.dll", in any case</c>.</param>
/// <param name="Children">What the statement refers to; empty for a single predicate.</param>
public sealed record LogicNode(string Text, IReadOnlyList<LogicNode> Children)
{
    /// <summary>A statement that stands alone.</summary>
    public LogicNode(string text)
        : this(text, [])
    {
    }

    /// <summary>The tree as indented lines.</summary>
    public IEnumerable<string> Lines(string indent = "")
    {
        yield return indent + Text + (Children.Count > 0 ? ":" : "");
        foreach (LogicNode child in Children)
        {
            foreach (string line in child.Lines(indent + "  "))
                yield return line;
        }
    }
}
