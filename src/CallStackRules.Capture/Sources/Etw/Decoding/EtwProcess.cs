using CallStackRules.Capture.Modules;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>A process of a trace.</summary>
internal sealed class EtwProcess
{
    /// <summary>What events show of it.</summary>
    public required ProcessInfo Info { get; init; }

    /// <summary>When it started, in ticks of <see cref="DateTime"/>; null when it was there before the trace.</summary>
    public long? StartTicks { get; init; }

    /// <summary>The same as the session stamped it, which stays what it is when the clock is set; null when it was there before the trace.</summary>
    public long? StartTimestamp { get; init; }

    /// <summary>Its images.</summary>
    public ImageMap Images { get; } = new();

    /// <summary>Who last took its memory, or changed the protection; null as long as nobody told of such a call.</summary>
    public ProtectionOrigins? Origins { get; set; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Whether its start is an event already: two providers may tell of it.</summary>
    public bool IsStartTold { get; set; }

    /// <summary>Whether one of its threads was told: the first is made by its creator.</summary>
    public bool HasThreads { get; set; }

    /// <summary>Whether all of its images were told: it started in the trace, or the trace began with a list of them.</summary>
    public bool HasImageList { get; set; }

    /// <summary>Whether its images say what is no image: every program has itself and the system-call library.</summary>
    public bool HasUsableImages => HasImageList && Images.Count > 1;
}
