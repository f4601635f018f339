using CallStackRules.Events;
using CsCheck;

namespace CallStackRules.Tests.Matching;

/// <summary>Random texts over few units, so that they meet often: letters with case, folds beyond ASCII, units that must not fold, halves of pairs.</summary>
internal static class RandomText
{
    public const string Alphabet = "abABÉékK\u212As\u017FΣσς\uD801\uDC00\uDC28\n\\";

    public static Gen<string> UpTo(int length) => Of(Alphabet, length);

    public static Gen<string> Of(string alphabet, int length) => Gen.OneOf(alphabet.ToCharArray()).Array[0, length].Select(units => new string(units));

    /// <summary>The same text inside a larger buffer.</summary>
    public static Text InBuffer(string text) => new($"<{text}>".ToCharArray(), 1, text.Length);

    /// <summary>Equality of texts unit by unit, from the runtime's comparison of strings of one unit.</summary>
    public static bool AreEqual(string left, string right, bool ignoreCase) =>
        left.Length == right.Length && left.Zip(right).All(pair => AreEqual(pair.First, pair.Second, ignoreCase));

    public static bool AreEqual(char left, char right, bool ignoreCase) => string.Equals(
        left.ToString(), right.ToString(), ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}
