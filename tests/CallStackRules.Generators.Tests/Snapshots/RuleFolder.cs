namespace CallStackRules.Generators.Tests.Snapshots;

/// <summary>A folder of rule files beside these tests.</summary>
internal static class RuleFolder
{
    /// <summary>The names of its files without the ending.</summary>
    public static TheoryData<string> Names(string folder) =>
        new(Directory.GetFiles(Path.Combine(SourceTree.Tests, "Snapshots", folder), "*.eql").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    /// <summary>Adds one of its files to a project.</summary>
    public static RuleProject Add(RuleProject project, string folder, string name) =>
        project.WithFile($"rules/{name}.eql", File.ReadAllText(Path.Combine(SourceTree.Tests, "Snapshots", folder, name + ".eql")).ReplaceLineEndings("\n"));
}
