namespace CallStackRules.Fuzz;

/// <summary>A reader of bytes that others write. Whatever they are, it must end soon and throw nothing but what it declares.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Seeds">Makes whole inputs, which are then damaged.</param>
/// <param name="Read">Reads one input; anything it throws is a finding.</param>
internal sealed record FuzzTarget(string Name, Func<IReadOnlyList<byte[]>> Seeds, Action<byte[]> Read);

/// <summary>A target has no inputs on this machine; the message says why.</summary>
internal sealed class NoSeedsException(string message) : Exception(message);
