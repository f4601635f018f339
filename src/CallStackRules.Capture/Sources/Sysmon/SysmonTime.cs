using System.Globalization;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>Times as Sysmon writes them, <c>2020-10-09 21:34:57.855</c>, and as ISO 8601, both UTC.</summary>
internal static class SysmonTime
{
    private const int FormattedLength = 24;

    private static readonly string[] Formats = ["yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    /// <summary>Reads a time.</summary>
    /// <returns>Ticks of <see cref="DateTime"/>, or null when it is no time.</returns>
    public static long? Ticks(ReadOnlySpan<char> text) =>
        DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time) ? time.Ticks : null;

    /// <summary>A time as ISO 8601.</summary>
    public static Text Format(long ticks, TextBuffer buffer)
    {
        new DateTime(ticks).TryFormat(buffer.Reserve(FormattedLength), out int length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return buffer.Commit(length);
    }
}
