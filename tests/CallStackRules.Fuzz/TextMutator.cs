using System.Text;
using System.Text.RegularExpressions;

namespace CallStackRules.Fuzz;

/// <summary>Damages texts of a language by its words: left out, doubled, swapped, put elsewhere, or replaced by what is hard to read.</summary>
/// <param name="random">Decides everything.</param>
internal sealed partial class TextMutator(Random random) : IMutator
{
    private static readonly string[] Words =
    [
        "", " ", "\n", "\r", "\r\n", "\t", "\0", "\uFEFF", "\u2028", "é", "\U0001F600", "(", ")", "[", "]", "{", "}", "\"", "\"\"\"", "'", "'''", "`", ",", ".", ":", "~", "?", "!", "![",
        "$", "@", "#", "|", "=", "==", "<=", "+", "-", "*", "/", "%", "//", "/*", "*/", "\\", "\\u{", "\\U0010FFFF", "\\u0000", "\\x41", "0", "-1", ".5", "1e999", "0x", "9223372036854775808",
        "18446744073709551616", "ffffffffffffffff", "-9223372036854775808", "1979-05-27T07:32:00Z", "30s", "null", "true", "any", "where", "and", "or", "not", "in", "like~", "regex", "sequence by",
        "with maxspan=", "with runs=", "until", "as", "sample", "join", "descendant of [", "| head", "| tail 1", "_arraysearch(", "$entry", "event0.",
        new string('(', 600), new string('[', 600), new string('a', 5000), string.Concat(Enumerable.Repeat("not ", 600)), string.Concat(Enumerable.Repeat("1 - ", 600)),
    ];

    /// <inheritdoc/>
    public byte[] Damage(byte[] input)
    {
        List<string> words = [.. Word().Matches(Encoding.UTF8.GetString(input)).Select(static match => match.Value)];
        for (int i = random.Next(1, 7); i > 0 && words.Count > 0; i--)
            DamageOnce(words);
        return Encoding.UTF8.GetBytes(string.Concat(words));
    }

    private void DamageOnce(List<string> words)
    {
        int place = random.Next(words.Count);
        switch (random.Next(6))
        {
            case 0:
                words.RemoveRange(place, Math.Min(random.Next(1, 8), words.Count - place));
                break;
            case 1:
                words.InsertRange(place, words.GetRange(place, Math.Min(random.Next(1, 8), words.Count - place)));
                break;
            case 2:
                int other = random.Next(words.Count);
                (words[place], words[other]) = (words[other], words[place]);
                break;
            case 3:
                words.Insert(place, words[random.Next(words.Count)]);
                break;
            case 4:
                words.Insert(place, Words[random.Next(Words.Length)]);
                break;
            default:
                words[place] = Words[random.Next(Words.Length)];
                break;
        }
    }

    [GeneratedRegex(@"\w+|\s+|[^\w\s]", RegexOptions.Singleline)]
    private static partial Regex Word();
}
