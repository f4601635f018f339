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
}
