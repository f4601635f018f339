using System.Text;
using System.Text.Json;

namespace CallStackRules.Fuzz;

/// <summary>
/// Damages lines of JSON so that they stay JSON, mostly: members left out, doubled or given another value, of another kind, at the edge of its range or from elsewhere; lines
/// doubled or moved. What is no JSON is refused by one method; what is JSON and makes no sense reaches all that lies behind.
/// </summary>
/// <param name="random">Decides everything.</param>
internal sealed class JsonMutator(Random random) : IMutator
{
    private static readonly JsonReaderOptions ManyValues = new() { AllowMultipleValues = true, MaxDepth = 1000 };

    private static readonly byte[][] Values =
    [
        .. ((string[])
        [
            "null", "true", "false", "0", "-0", "-1", "1", "0.5", "1e999", "-1e999", "1e-999", "2147483647", "2147483648", "-2147483648", "4294967295", "4294967296",
            "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615", "18446744073709551616", "123456789012345678901234567890",
            "\"\"", "\" \"", "\"a\"", "\"0\"", "\"-1\"", "\"0x7fffffffffffffff\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\u202e\"", "\"é\"", "\"\\\\\"", "\"*\"",
            "\"{\"", "\"1601-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"::\"", "\"255.255.255.255\"", "[]", "{}", "[null]", "[[]]", "[{}]", "{\"\":null}",
            $"\"{new string('a', 70_000)}\"", $"{new string('[', 200)}{new string(']', 200)}", $"[{string.Join(',', Enumerable.Repeat("{}", 3000))}]",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    /// <inheritdoc/>
    public byte[] Damage(byte[] input)
    {
        for (int i = random.Next(1, 5); i > 0; i--)
            input = DamageOnce(input);
        return input;
    }

    private byte[] DamageOnce(byte[] text)
    {
        (List<Range> values, List<Range> members) = Parts(text);
        if (values.Count == 0)
            return text;
        switch (random.Next(8))
        {
            case 0:
                return DamageLines(text);
            case 1 when members.Count > 0:
                return Replace(text, WithComma(text, Any(members)), []);
            case 2 when members.Count > 0:
                // The same name twice, or one that belongs elsewhere.
                Range place = Any(members);
                return Replace(text, place, [.. text[place], (byte)',', .. text[Any(members)]]);
            case 3:
                return Replace(text, Any(values), text[Any(values)]);
            default:
                return Replace(text, Any(values), Values[random.Next(Values.Length)]);
        }
    }

    private byte[] DamageLines(byte[] text)
    {
        List<string> lines = [.. Encoding.Latin1.GetString(text).Split('\n')];
        string line = lines[random.Next(lines.Count)];
        switch (random.Next(3))
        {
            case 0:
                lines.Remove(line);
                break;
            case 1:
                lines.Insert(random.Next(lines.Count + 1), line);
                break;
            default:
                lines.Remove(line);
                lines.Insert(random.Next(lines.Count + 1), line);
                break;
        }
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    private Range Any(List<Range> ranges) => ranges[random.Next(ranges.Count)];

    private static byte[] Replace(byte[] text, Range place, ReadOnlySpan<byte> by) => [.. text[..place.Start], .. by, .. text[place.End..]];

    /// <summary>A member and a comma beside it, so that what is left is whole.</summary>
    private static Range WithComma(byte[] text, Range member)
    {
        if (text.AsSpan(member.End.Value).StartsWith(","u8))
            return member.Start..(member.End.Value + 1);
        return text.AsSpan(0, member.Start.Value).TrimEnd(" "u8) is [.., (byte)','] before ? (before.Length - 1)..member.End : member;
    }

    /// <summary>Where values stand, and where members with their names; up to what is no JSON.</summary>
    private static (List<Range> Values, List<Range> Members) Parts(byte[] text)
    {
        var values = new List<Range>();
        var members = new List<Range>();
        var open = new Stack<(int Start, int? Name)>();
        int? name = null;
        var reader = new Utf8JsonReader(text, ManyValues);
        try
        {
            while (reader.Read())
            {
                int start = (int)reader.TokenStartIndex;
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = start;
                        continue;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push((start, name));
                        name = null;
                        continue;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        (start, name) = open.Pop();
                        break;
                }
                int end = (int)reader.BytesConsumed;
                values.Add(start..end);
                if (name is { } first)
                    members.Add(first..end);
                name = null;
            }
        }
        catch (JsonException)
        {
            // What comes before can be damaged further.
        }
        return (values, members);
    }
}
