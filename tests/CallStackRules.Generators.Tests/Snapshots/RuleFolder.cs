namespace CallStackRules.Generators.Tests.Snapshots;

/// <summary>A folder of rule files beside these tests.</summary>
internal static class RuleFolder
{
    /// <summary>The names of its files without the ending.</summary>
    public static TheoryData<string> Names(string folder) =>
        new(Directory.GetFiles(PathOf(folder), "*.eql").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    /// <summary>Adds one of its files to a project.</summary>
    public static RuleProject Add(RuleProject project, string folder, string name) =>
        project.WithFile($"rules/{name}.eql", File.ReadAllText(Path.Combine(PathOf(folder), name + ".eql")).ReplaceLineEndings("\n"));

    /// <summary>Snapshots in a folder whose rule file is gone or was renamed.</summary>
    public static IEnumerable<string> Orphans(string folder) => Directory.GetFiles(PathOf(folder), "*.verified.txt")
        .Where(snapshot => !File.Exists(snapshot.Replace(".verified.txt", ".eql", StringComparison.Ordinal)));

    private static string PathOf(string folder) => Path.Combine(SourceTree.Tests, "Snapshots", folder);
}
