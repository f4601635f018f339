using System.Buffers.Binary;

namespace CallStackRules.Capture.Sources.Windows;

/// <summary>Security identifiers as text: <c>S-1-5-18</c>.</summary>
internal static class SecurityIdentifier
{
    /// <summary>Characters that an identifier has at most.</summary>
    public const int MostCharacters = 188;

    private const int HeaderSize = 8;
    private const int MostAuthorities = 15;

    /// <summary>Writes an identifier: u8 revision (1), u8 count, 6 bytes authority (big-endian), u32[count].</summary>
    /// <returns>The characters written; 0 when it is none.</returns>
    public static int Write(ReadOnlySpan<byte> identifier, Span<char> room)
    {
        if (identifier.Length < HeaderSize || identifier[0] != 1 || identifier[1] > MostAuthorities || identifier.Length < HeaderSize + (4 * identifier[1]))
            return 0;
        ulong authority = ((ulong)BinaryPrimitives.ReadUInt16BigEndian(identifier[2..]) << 32) | BinaryPrimitives.ReadUInt32BigEndian(identifier[4..]);
        room.TryWrite($"S-1-{authority}", out int length);
        for (int i = 0; i < identifier[1]; i++)
        {
            room[length..].TryWrite($"-{BinaryPrimitives.ReadUInt32LittleEndian(identifier[(HeaderSize + (4 * i))..])}", out int written);
            length += written;
        }
        return length;
    }
}
