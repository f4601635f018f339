using System.Text;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace CallStackRules.Generators.Tests.Snapshots;

/// <summary>
/// Holds a text to a file that a person has looked at: <c>NAME.verified.txt</c>. A text that differs is left beside it as <c>NAME.received.txt</c>; to accept
/// it, rename it, or run the tests with <c>ACCEPT_SNAPSHOTS=1</c> and look at the change before committing it.
/// </summary>
internal static class Snapshot
{
    /// <param name="name">Path of the snapshot below this folder, without endings.</param>
    /// <param name="text">What the tested code made.</param>
    public static void Verify(string name, string text)
    {
        string path = Path.Combine(SourceTree.Tests, "Snapshots", name);
        (string verified, string received) = ($"{path}.verified.txt", $"{path}.received.txt");
        string actual = text.ReplaceLineEndings("\n").Replace(SourceTree.Root, "{Root}", StringComparison.Ordinal).TrimEnd('\n') + "\n";
        string? expected = File.Exists(verified) ? File.ReadAllText(verified).ReplaceLineEndings("\n") : null;
        File.Delete(received);
        if (actual == expected)
            return;
        bool accepts = Environment.GetEnvironmentVariable("ACCEPT_SNAPSHOTS") == "1";
        File.WriteAllText(accepts ? verified : received, actual);
        Assert.True(accepts, expected is null
            ? $"{name} has no verified snapshot yet:\n{actual}"
            : $"{name} differs from its verified snapshot:\n{Difference(expected, actual)}");
    }

    private static string Difference(string expected, string actual)
    {
        var difference = new StringBuilder();
        foreach (DiffPiece line in InlineDiffBuilder.Diff(expected, actual, ignoreWhiteSpace: false).Lines)
        {
            string mark = line.Type switch
            {
                ChangeType.Inserted => "+ ",
                ChangeType.Deleted => "- ",
                _ => "  ",
            };
            difference.Append(mark).Append(line.Text).Append('\n');
        }
        return difference.ToString();
    }
}
