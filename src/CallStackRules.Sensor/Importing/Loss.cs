namespace CallStackRules.Sensor.Importing;

/// <summary>Something a published rule says that its <c>.eql</c> file does not, or not in the same words.</summary>
/// <param name="Key">The TOML key with its tables, as in <c>rule.note</c>.</param>
/// <param name="Why">The reason.</param>
internal sealed record Loss(string Key, string Why);
