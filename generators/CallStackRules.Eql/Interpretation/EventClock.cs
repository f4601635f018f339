using System.Globalization;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Interpretation;

/// <summary>Tells the time of events, in milliseconds: only the difference of two times has a meaning.</summary>
internal sealed class EventClock
{
    private const string Iso8601 = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";
    private const decimal Limit = 1e27m;

    private readonly IEventReader _reader;
    private readonly EventField _timestamp;
    private decimal _previous;

    /// <exception cref="ArgumentException">The schema names a time field that it does not have.</exception>
    public EventClock(EventSchema schema, IEventReader reader)
    {
        _reader = reader;
        _timestamp = schema.Find(schema.TimestampPath)
            ?? throw new ArgumentException($"The schema has no field '{schema.TimestampPath}', which it names as the time.", nameof(schema));
    }

    /// <summary>
    /// The time of the next event of the stream. One that does not tell its time has that of the event before it; if it is the first, 0.
    /// </summary>
    public decimal Read(object @event)
    {
        if (_reader.Read(@event, _timestamp, 0) is [{ } time, ..] && Milliseconds(time) is { } told)
            _previous = told;
        return _previous;
    }

    private static decimal? Milliseconds(object time) => time switch
    {
        long whole => whole,
        double fraction when Math.Abs(fraction) < (double)Limit => (decimal)fraction,
        string text when DateTimeOffset.TryParseExact(
            text, Iso8601, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment) =>
            moment.UtcTicks / (decimal)TimeSpan.TicksPerMillisecond,
        _ => null,
    };
}
