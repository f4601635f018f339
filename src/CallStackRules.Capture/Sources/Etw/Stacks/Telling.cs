namespace CallStackRules.Capture.Sources.Etw.Stacks;

/// <summary>Whether an act is told once, or twice because a trace has both the kernel's class for it and the provider with a manifest.</summary>
internal enum Telling
{
    /// <summary>Nothing else tells of it.</summary>
    Once,
    /// <summary>Another event that follows, or went before, is the event; this one only adds to it.</summary>
    Besides,
    /// <summary>The second of two, which is the event, with what the first had.</summary>
    Second,
}
