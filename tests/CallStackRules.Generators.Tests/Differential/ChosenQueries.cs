namespace CallStackRules.Generators.Tests.Differential;

/// <summary>Queries over the foreign model that a person chose: the lines of <c>queries.txt</c>.</summary>
internal static class ChosenQueries
{
    public static IReadOnlyList<string> All { get; } =
    [
        .. File.ReadLines(Path.Combine(SourceTree.Tests, "Differential", "queries.txt"))
            .Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)),
    ];
}
