using System.Text;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>Sysmon's list of a file's hashes: <c>SHA1=..,MD5=..,SHA256=..,IMPHASH=..</c>, of which the recorder's configuration may leave out any.</summary>
internal static class HashList
{
    /// <summary>The hexadecimal digits of one hash, or empty when it is not in the list or all zeros: there is none.</summary>
    public static ReadOnlySpan<char> Find(ReadOnlySpan<char> list, ReadOnlySpan<char> name)
    {
        while (!list.IsEmpty)
        {
            int end = list.IndexOf(',');
            ReadOnlySpan<char> entry = end < 0 ? list : list[..end];
            list = end < 0 ? default : list[(end + 1)..];
            int equals = entry.IndexOf('=');
            if (equals < 0 || !entry[..equals].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            ReadOnlySpan<char> digits = entry[(equals + 1)..].Trim();
            return digits.ContainsAnyExcept('0') ? digits : default;
        }
        return default;
    }

    /// <summary>Writes the hashes of a list, in lower case, to where an event keeps them.</summary>
    public static void Describe(Text list, FileHashes hashes, PeInfo pe, TextBuffer buffer)
    {
        hashes.Md5 = LowerCase(Find(list.Span, "MD5"), buffer);
        hashes.Sha1 = LowerCase(Find(list.Span, "SHA1"), buffer);
        hashes.Sha256 = LowerCase(Find(list.Span, "SHA256"), buffer);
        pe.Imphash = LowerCase(Find(list.Span, "IMPHASH"), buffer);
    }

    private static Text LowerCase(ReadOnlySpan<char> digits, TextBuffer buffer)
    {
        if (digits.IsEmpty)
            return default;
        Span<char> room = buffer.Reserve(digits.Length);
        return Ascii.ToLower(digits, room, out int length) == System.Buffers.OperationStatus.Done ? buffer.Commit(length) : default;
    }
}
