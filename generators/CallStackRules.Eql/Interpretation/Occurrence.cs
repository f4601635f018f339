namespace CallStackRules.Eql.Interpretation;

/// <summary>An event at its place in the stream.</summary>
/// <param name="event">The event. A stream may reuse the object for the next one.</param>
/// <param name="place">Its place in the order of arrival.</param>
/// <param name="time">When it happened, in milliseconds.</param>
/// <param name="snapshot">Makes of the event what can be kept.</param>
internal sealed class Occurrence(object @event, long place, decimal time, Func<object, object> snapshot)
{
    private readonly Lazy<object> _kept = new(() => snapshot(@event));

    public object Event => @event;

    public long Place => place;

    public decimal Time => time;

    /// <summary>The event, to be kept. First called while the event is at hand, it is good for ever.</summary>
    public object Keep() => _kept.Value;
}
