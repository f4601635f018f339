using CallStackRules.Eql.Syntax;

namespace CallStackRules.Generators.Emit;

/// <summary>Places of a rule file as <c>#line</c> directives spell them.</summary>
/// <param name="path">Path of the rule file as the compiler was given it.</param>
/// <param name="lines">Its lines.</param>
internal sealed class SourceMap(string path, LineMap lines)
{
    /// <summary>The largest column a directive can name; what lies behind is shown at the end.</summary>
    private const int MaxColumn = 65536;

    /// <summary>The path inside the quotes of a directive, which knows no escapes: without quotes and what ends lines.</summary>
    public string Path { get; } = string.Concat(path.Split('"', '\r', '\n', '\u0085', '\u2028', '\u2029'));

    /// <summary>As in <c>(3,7)-(3,40)</c>: from 1, the end behind the last character.</summary>
    public string Place(TextSpan span)
    {
        (int startLine, int startColumn) = lines.GetPosition(span.Start);
        (int endLine, int endColumn) = lines.GetPosition(span.Start + Math.Max(span.Length, 1));
        return $"({startLine + 1},{Math.Min(startColumn + 1, MaxColumn - 1)})-({endLine + 1},{Math.Min(endColumn + 1, MaxColumn)})";
    }
}
