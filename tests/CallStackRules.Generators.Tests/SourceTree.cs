namespace CallStackRules.Generators.Tests;

/// <summary>The checkout that these tests were built from: snapshots and sources are read where they are kept.</summary>
internal static class SourceTree
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of these tests.</summary>
    public static string Tests { get; } = Path.Combine(Root, "tests", "CallStackRules.Generators.Tests");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CallStackRules.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has a CallStackRules.sln. Run the tests from a checkout.");
    }
}
