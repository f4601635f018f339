using System.Globalization;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>Sysmon's Details of a registry value: text as it is, or a description of data of another type.</summary>
/// <param name="String">The data as text, numbers in decimal; missing when the data is empty or was not recorded.</param>
/// <param name="Type">The registry's type where Details tells it, otherwise missing: Sysmon writes all kinds of text alike.</param>
internal readonly record struct RegistryDetails(Text String, Text Type)
{
    private const string DwordPrefix = "DWORD (0x";
    private const string QwordPrefix = "QWORD (0x";
    private const int LongestNumber = 20;

    /// <summary>Reads Details.</summary>
    public static RegistryDetails Read(Text details, TextBuffer buffer)
    {
        ReadOnlySpan<char> text = details.Span;
        if (text is "Binary Data")
            return new RegistryDetails(default, "REG_BINARY");
        if (text is "(Empty)")
            return default;
        if (TryReadNumber(text, out ulong number))
        {
            Span<char> room = buffer.Reserve(LongestNumber);
            number.TryFormat(room, out int length, default, CultureInfo.InvariantCulture);
            return new RegistryDetails(buffer.Commit(length), text.StartsWith(DwordPrefix) ? "REG_DWORD" : "REG_QWORD");
        }
        return new RegistryDetails(details, default);
    }

    private static bool TryReadNumber(ReadOnlySpan<char> text, out ulong number)
    {
        number = 0;
        if (!text.EndsWith(")"))
            return false;
        if (text.StartsWith(DwordPrefix))
            return TryReadHex(text[DwordPrefix.Length..^1], out number);
        if (!text.StartsWith(QwordPrefix))
            return false;
        // The halves are written apart: QWORD (0x01d69e83-0xe410f7f0).
        ReadOnlySpan<char> halves = text[QwordPrefix.Length..^1];
        int dash = halves.IndexOf("-0x");
        if (dash < 0 || !TryReadHex(halves[..dash], out ulong high) || !TryReadHex(halves[(dash + 3)..], out ulong low))
            return false;
        number = high << 32 | low;
        return true;
    }

    private static bool TryReadHex(ReadOnlySpan<char> digits, out ulong half)
    {
        bool valid = uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value);
        half = value;
        return valid;
    }
}
