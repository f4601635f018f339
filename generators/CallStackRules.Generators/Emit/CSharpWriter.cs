using System.Text;

namespace CallStackRules.Generators.Emit;

/// <summary>Collects lines of C# at an indentation.</summary>
internal sealed class CSharpWriter(int indent = 0)
{
    private const int IndentWidth = 4;

    private readonly StringBuilder _text = new();
    private int _indent = indent;
    private bool _isMapped;

    /// <summary>How many columns lines start at.</summary>
    public int Column => _indent * IndentWidth;

    /// <summary>Writes one line; an empty one has no indentation.</summary>
    public void Line(string line = "")
    {
        if (_isMapped)
        {
            // What follows a statement of the rule is machinery that a debugger should step over.
            _text.Append("#line hidden\n");
            _isMapped = false;
        }
        if (line.Length > 0)
            _text.Append(' ', Column).Append(line);
        // Generated text is the same on every platform.
        _text.Append('\n');
    }

    /// <summary>Writes a statement that belongs to a place in a rule file, so that breakpoints and stack traces land there.</summary>
    /// <param name="place">The place as <c>#line</c> spells it, without the offset and the path.</param>
    /// <param name="path">The rule file.</param>
    /// <param name="prefix">The part of the statement before the expression that stands at the place.</param>
    /// <param name="rest">The expression and what follows.</param>
    public void Mapped(string place, string path, string prefix, string rest)
    {
        _text.Append("#line ").Append(place).Append(' ').Append(Column + prefix.Length).Append(" \"").Append(path).Append("\"\n");
        _text.Append(' ', Column).Append(prefix).Append(rest).Append('\n');
        _isMapped = true;
    }

    /// <summary>Ends the mapping: lines are those of the generated file again.</summary>
    public void EndMapping()
    {
        _text.Append("#line default\n");
        _isMapped = false;
    }

    /// <summary>Appends what another writer collected, as it is.</summary>
    public void Append(CSharpWriter other) => _text.Append(other._text);

    /// <summary>Opens a brace; what follows is indented until <see cref="Close"/>.</summary>
    public void Open()
    {
        Line("{");
        _indent++;
    }

    /// <summary>Closes the brace opened last.</summary>
    public void Close(string after = "")
    {
        _indent--;
        Line("}" + after);
    }

    /// <summary>Indents the lines that follow without a brace.</summary>
    public void Indent() => _indent++;

    /// <summary>Ends <see cref="Indent"/>.</summary>
    public void Unindent() => _indent--;

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
