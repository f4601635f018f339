using System.Text;
using CallStackRules.Eql.Syntax;
using CallStackRules.Sensor.Checking;

namespace CallStackRules.Sensor.Importing;

/// <summary>What became of a rule's file.</summary>
internal enum ImportOutcome
{
    /// <summary>It is new, or was overwritten.</summary>
    Written,
    /// <summary>It was there already, byte for byte.</summary>
    Unchanged,
    /// <summary>A file that was written by hand, or is no longer marked as imported, has the rule's id; it stays.</summary>
    Kept,
}

/// <summary>The folder that rules are imported into. Files without the mark of an import are never touched.</summary>
internal sealed class ImportFolder
{
    private readonly string _root;
    private readonly HashSet<string> _takenPaths = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, RulePlace> _placesById = new(StringComparer.Ordinal);

    /// <summary>Reads which rules the folder holds; creates it when it is missing.</summary>
    /// <exception cref="IOException">It cannot be created or read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public ImportFolder(string root)
    {
        _root = Directory.CreateDirectory(root).FullName;
        foreach (string file in RuleChecker.FilesBelow(_root, ".eql"))
        {
            string text = File.ReadAllText(file);
            string path = Path.GetRelativePath(_root, file).Replace('\\', '/');
            _takenPaths.Add(path);
            if (RuleFile.Parse(text).Metadata.Id is { } id)
                _placesById.TryAdd(id.Value, new RulePlace(path, RuleFileWriter.IsImported(text)));
        }
    }

    /// <param name="Path">Path below the folder, with forward slashes.</param>
    /// <param name="IsImported">Whether an import wrote the file.</param>
    private readonly record struct RulePlace(string Path, bool IsImported);

    /// <summary>Writes a rule to <c>os/tactic/name.eql</c>. A file that an earlier import wrote for it elsewhere is removed.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="text">Its file's text.</param>
    /// <param name="file">The full path of the file that now holds the rule.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public ImportOutcome Write(PublishedRule rule, string text, out string file)
    {
        bool isKnown = _placesById.TryGetValue(rule.Id, out RulePlace before);
        if (isKnown && !before.IsImported)
        {
            file = Path.Combine(_root, before.Path);
            return ImportOutcome.Kept;
        }

        string path = PathFor(rule, isKnown ? before.Path : null);
        file = Path.Combine(_root, path);
        byte[] content = Encoding.UTF8.GetBytes(text);
        bool isUnchanged = path == before.Path && content.AsSpan().SequenceEqual(File.ReadAllBytes(file));
        if (!isUnchanged)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
        }
        if (isKnown && path != before.Path)
        {
            File.Delete(Path.Combine(_root, before.Path));
            _takenPaths.Remove(before.Path);
        }
        _takenPaths.Add(path);
        _placesById[rule.Id] = new RulePlace(path, IsImported: true);
        return isUnchanged ? ImportOutcome.Unchanged : ImportOutcome.Written;
    }

    /// <summary>A path of the rule's own: the one it has, where that still suits it; a name that another rule has gets a piece of the id behind it.</summary>
    private string PathFor(PublishedRule rule, string? before)
    {
        string os = rule.OperatingSystems is [string only] ? only : "cross-platform";
        string tactic = Slug.Of(rule.FirstTactic ?? "", otherwise: "no-tactic");
        string path = $"{os}/{tactic}/{Slug.Of(rule.Name, otherwise: "rule")}";
        string[] candidates = [$"{path}.eql", $"{path}-{rule.Id[..8]}.eql", $"{path}-{rule.Id}.eql"];
        return before is not null && candidates.Contains(before) ? before : candidates.First(candidate => !_takenPaths.Contains(candidate));
    }
}
