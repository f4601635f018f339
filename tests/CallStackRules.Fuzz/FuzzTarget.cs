namespace CallStackRules.Fuzz;

/// <summary>A reader of bytes that others write. Whatever they are, it must end soon and throw nothing but what it declares.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Seeds">Makes whole inputs, which are then damaged.</param>
/// <param name="Read">Reads one input; anything it throws is a finding.</param>
internal sealed record FuzzTarget(string Name, Func<IReadOnlyList<byte[]>> Seeds, Action<byte[]> Read)
{
    /// <summary>How inputs are damaged, beside bit by bit.</summary>
    public InputForm Form { get; init; }

    /// <summary>Whether the whole inputs are those of this machine at this moment, so that no seed brings the same damaged ones again.</summary>
    public bool IsOfTheMoment { get; init; }

    /// <summary>The ways in which inputs are damaged.</summary>
    public IReadOnlyList<IMutator> Mutators(Random random) => Form switch
    {
        InputForm.Json => [new ByteMutator(random), new JsonMutator(random)],
        InputForm.Text => [new ByteMutator(random), new TextMutator(random)],
        _ => [new ByteMutator(random)],
    };
}

/// <summary>What inputs are made of.</summary>
internal enum InputForm
{
    /// <summary>Numbers, lengths and tables.</summary>
    Binary,
    /// <summary>Lines of JSON.</summary>
    Json,
    /// <summary>Words of a language.</summary>
    Text,
}

/// <summary>A target has no inputs on this machine; the message says why.</summary>
internal sealed class NoSeedsException(string message) : Exception(message);
