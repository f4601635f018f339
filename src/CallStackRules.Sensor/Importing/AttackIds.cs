using System.Text.RegularExpressions;

namespace CallStackRules.Sensor.Importing;

/// <summary>
/// Tactics and techniques of MITRE ATT&amp;CK that a rule names. Their names and addresses follow from the ids and are not kept, nor is which technique stands under
/// which tactic, which ATT&amp;CK says too.
/// </summary>
/// <param name="Tactics">Ids in the order of the file.</param>
/// <param name="Techniques">Ids in the order of the file, a technique before its subtechniques.</param>
/// <param name="FirstTactic">The name of the first tactic, or its id; null without any.</param>
internal sealed partial record AttackIds(IReadOnlyList<string> Tactics, IReadOnlyList<string> Techniques, string? FirstTactic)
{
    /// <summary>Takes them from the tables <c>threat</c>.</summary>
    public static AttackIds Take(IReadOnlyList<TomlKeys> threats)
    {
        var tactics = new List<string>();
        var techniques = new List<string>();
        string? firstTactic = null;
        foreach (TomlKeys threat in threats)
        {
            if (threat.TakeText("framework") is { } framework && framework != "MITRE ATT&CK")
                threat.Lose("framework", $"tags are of MITRE ATT&CK, not of '{framework}'");
            if (threat.TakeTable("tactic") is { } tactic)
            {
                string? name = TakeId(tactic, TacticPattern(), tactics);
                firstTactic ??= name;
            }
            foreach (TomlKeys technique in threat.TakeTables("technique"))
            {
                IReadOnlyList<TomlKeys> subtechniques = technique.TakeTables("subtechnique");
                TakeId(technique, TechniquePattern(), techniques);
                foreach (TomlKeys subtechnique in subtechniques)
                    TakeId(subtechnique, TechniquePattern(), techniques);
            }
            threat.LoseRest();
        }
        return new AttackIds(tactics, techniques, firstTactic);
    }

    /// <summary>Takes id, name and reference.</summary>
    /// <returns>The name, or else the id; null when there is no good id.</returns>
    private static string? TakeId(TomlKeys keys, Regex pattern, List<string> ids)
    {
        string id = keys.TakeText("id") ?? "";
        string? name = keys.TakeText("name");
        if (keys.TakeText("reference") is { } reference && !reference.StartsWith("https://attack.mitre.org/", StringComparison.Ordinal))
            keys.Lose("reference", "no tag holds it");
        keys.LoseRest();
        if (!pattern.IsMatch(id))
        {
            keys.Lose("id", $"'{id}' is no id of MITRE ATT&CK");
            return null;
        }
        if (!ids.Contains(id))
            ids.Add(id);
        return name ?? id;
    }

    [GeneratedRegex(@"^TA[0-9]{4}\z")]
    private static partial Regex TacticPattern();

    [GeneratedRegex(@"^T[0-9]{4}(\.[0-9]{3})?\z")]
    private static partial Regex TechniquePattern();
}
