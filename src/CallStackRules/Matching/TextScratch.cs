using System.Globalization;
using System.Numerics;
using CallStackRules.Events;

namespace CallStackRules.Matching;

/// <summary>
/// Room for the texts that a matcher makes while it looks at one event (<c>concat</c>, <c>string</c>). They stay valid until <see cref="Clear"/>.
/// </summary>
/// <remarks>
/// Room is kept and reused, so nothing is allocated once it is large enough. It holds up to <see cref="MaxLength"/> units between two calls of
/// <see cref="Clear"/>; a text that would go beyond is missing, so that no event can make the process grow.
/// </remarks>
public sealed class TextScratch
{
    /// <summary>How many UTF-16 units all texts of one event may have together.</summary>
    public const int MaxLength = 1024 * 1024;

    // Long enough for any number: -1.7976931348623157E+308 has 24 characters.
    private const int MaxNumberLength = 32;

    [ThreadStatic]
    private static TextScratch? t_current;

    private char[] _block = new char[4 * 1024];
    private int _usedOfBlock;
    private int _used;

    /// <summary>The scratch of this thread.</summary>
    public static TextScratch Current => t_current ??= new TextScratch();

    /// <summary>Forgets all texts. Call it before an event, or before a rule, is looked at.</summary>
    public void Clear()
    {
        _usedOfBlock = 0;
        _used = 0;
    }

    /// <summary>The texts one after another; missing when one is.</summary>
    public Text Concat(params ReadOnlySpan<Text> parts)
    {
        long length = 0;
        foreach (Text part in parts)
        {
            if (part.IsMissing)
                return Text.Missing;
            length += part.Length;
        }
        if (!TryReserve(length, out Span<char> room))
            return Text.Missing;
        foreach (Text part in parts)
        {
            part.Span.CopyTo(room);
            room = room[part.Length..];
        }
        return Commit((int)length);
    }

    /// <summary>An integer in decimal digits.</summary>
    public Text Render(long? value) =>
        value is not null && TryReserve(MaxNumberLength, out Span<char> room)
        && value.Value.TryFormat(room, out int length, provider: CultureInfo.InvariantCulture) ? Commit(length) : Text.Missing;

    /// <summary>A number in the shortest form that reads back as the same number.</summary>
    public Text Render(double? value) =>
        value is not null && TryReserve(MaxNumberLength, out Span<char> room)
        && value.Value.TryFormat(room, out int length, provider: CultureInfo.InvariantCulture) ? Commit(length) : Text.Missing;

    /// <summary>A number of either kind.</summary>
    public Text Render(Number value) => value.Integer is not null ? Render(value.Integer) : Render(value.Fraction);

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public Text Render(bool? value) => value switch
    {
        true => "true",
        false => "false",
        null => Text.Missing,
    };

    private bool TryReserve(long length, out Span<char> room)
    {
        room = default;
        if (length > MaxLength - _used)
            return false;
        if (length > _block.Length - _usedOfBlock)
        {
            // Texts already handed out keep the old block alive as long as they need it.
            _block = new char[Math.Max(_block.Length * 2, (int)BitOperations.RoundUpToPowerOf2((uint)length))];
            _usedOfBlock = 0;
        }
        room = _block.AsSpan(_usedOfBlock, (int)length);
        return true;
    }

    private Text Commit(int length)
    {
        var text = new Text(_block, _usedOfBlock, length);
        _usedOfBlock += length;
        _used += length;
        return text;
    }
}
