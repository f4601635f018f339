using CallStackRules.Sensor.Pipeline;

namespace CallStackRules.Sensor.Alerts;

/// <summary>What outputs get: an alert, or what came of a response to one. Rendered at once, because the event it is about is reused.</summary>
/// <param name="Rule">The rule that matched. Its texts only, so that its assembly can go.</param>
/// <param name="Json">The line for programs, without its end.</param>
/// <param name="Text">What people read, with its end; null when no output shows it.</param>
internal sealed record Alert(AlertedRule Rule, string Json, string? Text)
{
    /// <summary>Whether it tells of a response, and not of a match.</summary>
    public bool IsResponse { get; init; }
}
