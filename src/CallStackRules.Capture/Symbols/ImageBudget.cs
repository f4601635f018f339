namespace CallStackRules.Capture.Symbols;

/// <summary>How many bytes the images of one table may take together.</summary>
/// <param name="limit">Most bytes.</param>
internal sealed class ImageBudget(long limit)
{
    private long _used;

    /// <summary>Whether images must be dropped before another is read.</summary>
    public bool IsExceeded => _used > limit;

    /// <summary>Counts what an image has read.</summary>
    public void Charge(long bytes) => _used += bytes;

    /// <summary>Begins anew after images were dropped.</summary>
    public void Reset() => _used = 0;
}
