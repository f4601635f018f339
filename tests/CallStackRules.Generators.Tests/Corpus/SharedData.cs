namespace CallStackRules.Generators.Tests.Corpus;

/// <summary>Recordings and public rules beside the repository; tests that want them are skipped where they are not.</summary>
internal static class SharedData
{
    public static string Folder(string name)
    {
        string folder = Path.Combine(SourceTree.Root, "..", "shared", "data", name);
        Skip.IfNot(Directory.Exists(folder), $"The test data are not at {folder}.");
        return folder;
    }
}
