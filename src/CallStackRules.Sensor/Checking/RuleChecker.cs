using CallStackRules.Eql;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;
using CallStackRules.Events;

namespace CallStackRules.Sensor.Checking;

/// <summary>A rule file after the compiler.</summary>
/// <param name="Rule">What was made of it.</param>
/// <param name="QueryText">The query as written.</param>
/// <param name="Messages">All that the compiler says of it, by place.</param>
internal sealed record CheckedRule(CompiledRule Rule, string QueryText, IReadOnlyList<RuleMessage> Messages)
{
    /// <summary>Why the rule does not compile; null when it does.</summary>
    public RuleMessage? FirstError => Messages.FirstOrDefault(message => message.Diagnostic.IsError);
}

/// <summary>Compiles rule files, <c>.eql</c> or published <c>.toml</c>, without building them.</summary>
internal sealed class RuleChecker
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private readonly EventSchema _schema = ReflectionSchemaReader.Read(typeof(EndpointEvent).Assembly);

    /// <summary>The rule files that a path names: itself, or all below a folder, sorted.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <param name="extensions">How files are called in a folder, as in <c>.eql</c>.</param>
    /// <exception cref="IOException">There is no such path, or a folder without any rule.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public static IReadOnlyList<string> FilesIn(string path, params string[] extensions)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new FileNotFoundException("no such file or folder.");
        List<string> files = FilesBelow(path, extensions);
        return files.Count > 0 ? files : throw new IOException($"the folder holds no {string.Join(" or ", extensions)} files.");
    }

    /// <summary>All files below a folder that end in one of the extensions, sorted; links are not followed.</summary>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public static List<string> FilesBelow(string folder, params string[] extensions)
    {
        List<string> files = [.. extensions.SelectMany(extension => Directory.EnumerateFiles(folder, $"*{extension}", Everything))];
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    /// <summary>Compiles one file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">A .toml file is not TOML, or not a rule.</exception>
    /// <exception cref="OtherLanguageException">A .toml file is a rule in another language.</exception>
    public CheckedRule Check(string path)
    {
        string text = File.ReadAllText(path);
        if (path.EndsWith(".toml", StringComparison.OrdinalIgnoreCase))
        {
            TomlRule toml = TomlRule.Read(text);
            CompiledRule published = RuleCompiler.CompileQuery(toml.Query, _schema);
            return new CheckedRule(published, toml.Query, Place(path, text, published, toml.OffsetInFile));
        }
        CompiledRule rule = RuleCompiler.Compile(text, _schema);
        TextSpan query = rule.File!.QuerySpan;
        return new CheckedRule(rule, text.Substring(query.Start, query.Length), Place(path, text, rule, offset => offset));
    }

    private static List<RuleMessage> Place(string path, string text, CompiledRule rule, Func<int, int> offsetInFile)
    {
        var lines = new LineMap(text);
        var messages = new List<RuleMessage>();
        foreach (EqlDiagnostic diagnostic in rule.Diagnostics)
        {
            (int line, int column) = lines.GetPosition(offsetInFile(diagnostic.Span.Start));
            messages.Add(new RuleMessage(path, line + 1, column + 1, diagnostic));
        }
        return messages;
    }
}
