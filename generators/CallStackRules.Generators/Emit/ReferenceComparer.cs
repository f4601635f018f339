using System.Runtime.CompilerServices;

namespace CallStackRules.Generators.Emit;

/// <summary>Tells nodes of a tree apart by identity: the same expression can be written twice.</summary>
internal sealed class ReferenceComparer : IEqualityComparer<object>
{
    public static ReferenceComparer Instance { get; } = new();

    bool IEqualityComparer<object>.Equals(object? x, object? y) => ReferenceEquals(x, y);

    int IEqualityComparer<object>.GetHashCode(object value) => RuntimeHelpers.GetHashCode(value);
}
