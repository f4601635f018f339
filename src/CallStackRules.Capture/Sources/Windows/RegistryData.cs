using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Windows;

/// <summary>The data of registry values, as rules have them: texts as they are, numbers in decimal digits, bytes in base64.</summary>
internal static class RegistryData
{
    /// <summary>Writes type and data of a value; data that is cut short is written as far as it goes.</summary>
    /// <param name="type">REG_* of winnt.h.</param>
    /// <param name="data">The bytes that were recorded, which may be fewer than there are.</param>
    /// <param name="e">Receives them.</param>
    public static void Write(uint type, ReadOnlySpan<byte> data, EndpointEvent e)
    {
        RegistryInfo registry = e.Registry;
        registry.DataType = RegistryValueTypes.Name(type);
        switch (type)
        {
            case RegistryValueTypes.String or RegistryValueTypes.ExpandableString:
                registry.Strings.Add(e.Buffer.Add(ToZero(MemoryMarshal.Cast<byte, char>(data))));
                break;
            case RegistryValueTypes.Strings:
                ReadOnlySpan<char> rest = MemoryMarshal.Cast<byte, char>(data);
                while (ToZero(rest) is { IsEmpty: false } text)
                {
                    registry.Strings.Add(e.Buffer.Add(text));
                    rest = rest[Math.Min(text.Length + 1, rest.Length)..];
                }
                break;
            case RegistryValueTypes.Number when data.Length >= sizeof(uint):
                registry.Strings.Add(Decimal(BinaryPrimitives.ReadUInt32LittleEndian(data), e.Buffer));
                break;
            case RegistryValueTypes.LongNumber when data.Length >= sizeof(ulong):
                registry.Strings.Add(Decimal(BinaryPrimitives.ReadUInt64LittleEndian(data), e.Buffer));
                break;
            case RegistryValueTypes.Binary when data.Length > 0:
                Span<char> room = e.Buffer.Reserve((data.Length + 2) / 3 * 4);
                Convert.TryToBase64Chars(data, room, out int written);
                registry.Bytes = e.Buffer.Commit(written);
                break;
        }
    }

    private static ReadOnlySpan<char> ToZero(ReadOnlySpan<char> text)
    {
        int end = text.IndexOf('\0');
        return end < 0 ? text : text[..end];
    }

    private static Text Decimal(ulong value, TextBuffer buffer)
    {
        const int longest = 20;
        value.TryFormat(buffer.Reserve(longest), out int written, default, CultureInfo.InvariantCulture);
        return buffer.Commit(written);
    }
}
