using System.Globalization;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>
/// Writes a call for reading, <c>VirtualProtect( ntdll.dll, 0x1000, RWX, R-X )</c>: the function, the program it reaches for where that is another,
/// and its main arguments. What has no more room is left out.
/// </summary>
/// <param name="buffer">Holds the text; nothing else may be written to it meanwhile.</param>
internal ref struct CallSummary(TextBuffer buffer)
{
    private const int Longest = 1024;

    private readonly Span<char> _room = buffer.Reserve(Longest);
    private int _length;
    private bool _hasArguments;

    /// <summary>Begins with the name of the function.</summary>
    public void Begin(scoped ReadOnlySpan<char> function)
    {
        Append(function);
        Append("(");
    }

    /// <summary>Adds an argument; nothing where it is not known.</summary>
    public void Add(scoped ReadOnlySpan<char> argument)
    {
        if (argument.IsEmpty)
            return;
        Append(_hasArguments ? ", " : " ");
        Append(argument);
        _hasArguments = true;
    }

    /// <summary>Adds a number, in hexadecimal digits.</summary>
    public void Add(ulong number)
    {
        Span<char> digits = stackalloc char[2 + 16];
        "0x".CopyTo(digits);
        number.TryFormat(digits[2..], out int length, "x", CultureInfo.InvariantCulture);
        Add(digits[..(2 + length)]);
    }

    /// <summary>The whole text.</summary>
    public Text End()
    {
        Append(" )");
        return buffer.Commit(_length);
    }

    private void Append(scoped ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, Longest - _length)];
        text.CopyTo(_room[_length..]);
        _length += text.Length;
    }
}
