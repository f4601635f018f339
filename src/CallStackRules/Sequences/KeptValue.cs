using System.Runtime.InteropServices;

namespace CallStackRules.Sequences;

/// <summary>One value of a <see cref="Snapshot"/>.</summary>
/// <param name="Bits">The number; 1 for true; for a text its first character among the characters of all.</param>
/// <param name="Length">Characters of a text.</param>
/// <param name="Kind">What kind of value it is.</param>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal readonly record struct KeptValue(long Bits, int Length, ValueKind Kind)
{
    /// <summary>Bytes of one value.</summary>
    public const int Size = 16;
}
