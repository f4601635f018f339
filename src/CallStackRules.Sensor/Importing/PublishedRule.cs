using System.Globalization;
using System.Text.RegularExpressions;
using CallStackRules.Sensor.Checking;

namespace CallStackRules.Sensor.Importing;

/// <summary>What a rule that is published as TOML says, in the terms of this project's tags.</summary>
internal sealed partial record PublishedRule
{
    private static readonly string[] KnownSystems = ["windows", "linux", "macos"];
    private static readonly string[] KnownSeverities = ["low", "medium", "high", "critical"];
    private static readonly string[] KnownActions = ["kill_process", "rollback", "deny"];

    /// <summary>The rule's UUID, lower-case with hyphens.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The query, its TOML escapes resolved, with line feeds at its line ends.</summary>
    public required string Query { get; init; }

    public string? Description { get; init; }

    public string? Severity { get; init; }

    public required IReadOnlyList<string> OperatingSystems { get; init; }

    /// <summary>ATT&amp;CK ids; a technique stands before its subtechniques.</summary>
    public required IReadOnlyList<string> Techniques { get; init; }

    /// <summary>ATT&amp;CK ids.</summary>
    public required IReadOnlyList<string> Tactics { get; init; }

    /// <summary>The name of the first tactic, or its id; null without any.</summary>
    public string? FirstTactic { get; init; }

    public required IReadOnlyList<string> References { get; init; }

    /// <summary>Actions as tags write them: <c>kill_process process.entity_id state=1 tree</c>.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>As <see cref="Actions"/>.</summary>
    public required IReadOnlyList<string> OptionalActions { get; init; }

    public string? License { get; init; }

    public string? Version { get; init; }

    public string? Author { get; init; }

    public string? MinEndpointVersion { get; init; }

    public string? MaxEndpointVersion { get; init; }

    public bool Reputation { get; init; }

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">The TOML.</param>
    /// <param name="losses">Receives what it says that tags cannot.</param>
    /// <exception cref="InvalidDataException">It is not TOML, not a rule, or has no id or name; the message starts with the line and column.</exception>
    /// <exception cref="OtherLanguageException">It is a rule in another language than EQL.</exception>
    public static PublishedRule Read(string text, ICollection<Loss> losses)
    {
        TomlRule toml = TomlRule.Read(text);
        var document = new TomlKeys(TomlTables.Of(toml.Document), "", losses);
        TomlKeys rule = document.TakeTable("rule")!;
        rule.TakeText("query");
        rule.TakeText("language");
        if (rule.TakeText("type") is { } type && type != "eql")
            rule.Lose("type", $"there is no tag for rules of type '{type}'");

        var attack = AttackIds.Take([.. document.TakeTables("threat"), .. rule.TakeTables("threat")]);
        string? minEndpointVersion = rule.TakeText("min_endpoint_version");
        if (document.TakeTable("internal") is { } intern)
        {
            string? version = intern.TakeText("min_endpoint_version");
            minEndpointVersion ??= version;
            if (version is not null && version != minEndpointVersion)
                intern.Lose("min_endpoint_version", $"it is not the one of the rule, {minEndpointVersion}");
            intern.LoseRest();
        }
        IReadOnlyList<string> authors = rule.TakeTexts("author");
        PublishedRule published = new()
        {
            Id = TakeId(rule),
            Name = rule.TakeText("name") ?? throw new InvalidDataException("(1,1): The rule has no text 'name'."),
            Query = toml.Query.Replace("\r\n", "\n", StringComparison.Ordinal),
            Description = rule.TakeText("description"),
            Severity = TakeKnown(rule, "severity", KnownSeverities).FirstOrDefault(),
            OperatingSystems = TakeKnown(rule, "os_list", KnownSystems),
            Techniques = attack.Techniques,
            Tactics = attack.Tactics,
            FirstTactic = attack.FirstTactic,
            References = [.. TakeReferences(rule, "reference"), .. TakeReferences(rule, "references")],
            Actions = TakeActions([.. document.TakeTables("actions"), .. rule.TakeTables("actions")]),
            OptionalActions = TakeActions([.. document.TakeTables("optional_actions"), .. rule.TakeTables("optional_actions")]),
            License = rule.TakeText("license"),
            Version = rule.TakeText("version"),
            Author = authors.Count > 0 ? string.Join(", ", authors) : null,
            MinEndpointVersion = minEndpointVersion,
            MaxEndpointVersion = rule.TakeText("max_endpoint_version"),
            Reputation = rule.TakeFlag("reputation"),
        };
        rule.LoseRest();
        document.LoseRest();
        return published;
    }

    private static string TakeId(TomlKeys rule)
    {
        string id = rule.TakeText("id") ?? rule.TakeText("rule_id") ?? throw new InvalidDataException("(1,1): The rule has no text 'id' or 'rule_id'.");
        return Guid.TryParseExact(id, "D", out Guid uuid) ? uuid.ToString("D") : throw new InvalidDataException($"(1,1): The rule's id '{id}' is no UUID.");
    }

    private static List<string> TakeKnown(TomlKeys keys, string key, string[] known)
    {
        ILookup<bool, string> words = keys.TakeTexts(key).Distinct(StringComparer.Ordinal).ToLookup(known.Contains);
        foreach (string word in words[false])
            keys.Lose(key, $"'{word}' is none of {string.Join(", ", known)}");
        return [.. words[true]];
    }

    private static List<string> TakeReferences(TomlKeys rule, string key)
    {
        ILookup<bool, string> references = rule.TakeTexts(key).Select(reference => reference.Trim()).Where(reference => reference.Length > 0).ToLookup(IsOneWord);
        foreach (string reference in references[false])
            rule.Lose(key, $"'{reference}' holds a blank or a comma, which separate references, or starts with '//', which ends a tag");
        return [.. references[true]];
    }

    private static bool IsOneWord(string reference) =>
        !reference.Any(c => char.IsWhiteSpace(c) || c == ',') && !reference.StartsWith("//", StringComparison.Ordinal);

    private static List<string> TakeActions(IReadOnlyList<TomlKeys> actions)
    {
        var tags = new List<string>();
        foreach (TomlKeys action in actions)
        {
            string kind = action.TakeText("action") ?? "";
            string field = action.TakeText("field") ?? "";
            long state = action.TakeNumber("state");
            bool isTree = action.TakeFlag("tree");
            action.LoseRest();
            if (!KnownActions.Contains(kind))
                action.Lose("action", $"'{kind}' is none of {string.Join(", ", KnownActions)}");
            else if (kind == "deny" ? field.Length > 0 : !FieldPattern().IsMatch(field))
                action.Lose("field", kind == "deny" ? "'deny' has no target but the event itself" : $"'{field}' is no field");
            else if (state is < 0 or > 9999)
                action.Lose("state", $"{state} is no step");
            else
                tags.Add(Join(kind, field, state > 0 ? $"state={state.ToString(CultureInfo.InvariantCulture)}" : "", isTree ? "tree" : ""));
        }
        return tags;
    }

    private static string Join(params ReadOnlySpan<string> words) => string.Join(' ', words.ToArray().Where(word => word.Length > 0));

    [GeneratedRegex(@"^[A-Za-z_@][\w.@]*\z")]
    private static partial Regex FieldPattern();
}
