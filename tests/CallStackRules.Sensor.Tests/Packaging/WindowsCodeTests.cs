using System.Text.RegularExpressions;

namespace CallStackRules.Sensor.Tests.Packaging;

/// <summary>What runs on Windows only, and so nowhere where tests run, stays little, together and marked.</summary>
public sealed partial class WindowsCodeTests
{
    private const string Mark = "[SupportedOSPlatform(\"windows\")]";
    private const int MostLines = 800;

    [Fact]
    public void Less_than_800_lines_run_on_Windows_only_and_the_checklist_says_how_many()
    {
        int lines = Marked().Sum(static file => File.ReadLines(file).Count());

        Assert.InRange(lines, 1, MostLines - 1);
        string checklist = File.ReadAllText(Path.Combine(Repository.Root, "docs", "windows-checklist.md"));
        Assert.Contains($"{lines} lines", checklist, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_for_calls_to_Windows_hold_nothing_that_could_be_tested_elsewhere()
    {
        string[] folders = ["src/CallStackRules.Capture/Memory/Interop", "src/CallStackRules.Capture/Sources/Etw/Live/Interop", "src/CallStackRules.Sensor/Hosting/Windows"];
        IEnumerable<string> files = folders.SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs"));

        Assert.Empty(files.Except(Marked()));
    }

    [Fact]
    public void Libraries_of_Windows_are_called_from_marked_files_only()
    {
        Assert.Empty(Sources().Where(static file => CallOfWindows().IsMatch(File.ReadAllText(file))).Except(Marked()));
        Assert.Contains(Sources(), static file => CallOfWindows().IsMatch(File.ReadAllText(file)));
    }

    private static IEnumerable<string> Marked() => Sources().Where(static file => File.ReadAllText(file).Contains(Mark, StringComparison.Ordinal));

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(static file => !file.Split(Path.DirectorySeparatorChar).Contains("obj", StringComparer.Ordinal));

    [GeneratedRegex(@"(LibraryImport|DllImport)\(""[a-z0-9]+\.dll""", RegexOptions.CultureInvariant)]
    private static partial Regex CallOfWindows();
}
