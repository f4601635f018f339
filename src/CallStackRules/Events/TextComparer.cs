using System.Diagnostics.CodeAnalysis;

namespace CallStackRules.Events;

/// <summary>Compares texts by their characters, so that a dictionary of texts that are kept elsewhere is asked with a span.</summary>
/// <remarks>Hashes differ in each process, so that nobody can choose texts that collide.</remarks>
public sealed class TextComparer : IEqualityComparer<Text>, IAlternateEqualityComparer<ReadOnlySpan<char>, Text>
{
    private TextComparer()
    {
    }

    /// <summary>The comparer.</summary>
    public static TextComparer Ordinal { get; } = new();

    /// <inheritdoc/>
    public bool Equals(Text x, Text y) => x.Equals(y);

    /// <inheritdoc/>
    public int GetHashCode([DisallowNull] Text obj) => GetHashCode(obj.Span);

    /// <inheritdoc/>
    public bool Equals(ReadOnlySpan<char> alternate, Text other) => !other.IsMissing && other.Span.SequenceEqual(alternate);

    /// <inheritdoc/>
    public int GetHashCode(ReadOnlySpan<char> alternate) => string.GetHashCode(alternate, StringComparison.Ordinal);

    /// <summary>A string of its own for a key that a dictionary adds; who wants it elsewhere adds it as a text.</summary>
    public Text Create(ReadOnlySpan<char> alternate) => alternate.ToString();
}
