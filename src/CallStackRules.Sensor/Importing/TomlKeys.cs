using Tomlyn.Model;

namespace CallStackRules.Sensor.Importing;

/// <summary>The keys of a TOML table, taken out one by one; what nobody takes, or is not what it should be, is lost and said to be.</summary>
/// <param name="table">The table; keys that are taken leave it.</param>
/// <param name="path">Where it stands, as in <c>rule</c>; empty for the document.</param>
/// <param name="losses">Where losses are noted.</param>
internal sealed class TomlKeys(TomlTable table, string path, ICollection<Loss> losses)
{
    /// <summary>Notes that the value of a key is not in the imported rule, or not as it was.</summary>
    public void Lose(string key, string why) => losses.Add(new Loss(PathOf(key), why));

    /// <summary>Takes text; null when there is none, or only blanks.</summary>
    public string? TakeText(string key) => Take<string>(key, "text") is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>Takes a whole number; 0 when there is none.</summary>
    public long TakeNumber(string key) => Take<object>(key, "a whole number") switch
    {
        null => 0,
        long number => number,
        _ => LoseKind<long>(key, "a whole number"),
    };

    /// <summary>Takes true or false; false when there is neither.</summary>
    public bool TakeFlag(string key) => Take<object>(key, "true or false") switch
    {
        null => false,
        bool flag => flag,
        _ => LoseKind<bool>(key, "true or false"),
    };

    /// <summary>Takes text, or a list of text.</summary>
    public IReadOnlyList<string> TakeTexts(string key) => Take<object>(key, "text") switch
    {
        null => [],
        string text => [text],
        TomlArray array when array.All(item => item is string) => [.. array.Cast<string>()],
        _ => LoseKind<IReadOnlyList<string>>(key, "a list of text") ?? [],
    };

    /// <summary>Takes a table; null when there is none.</summary>
    public TomlKeys? TakeTable(string key) => Take<TomlTable>(key, "a table") is { } inner ? new TomlKeys(inner, PathOf(key), losses) : null;

    /// <summary>Takes a list of tables.</summary>
    public IReadOnlyList<TomlKeys> TakeTables(string key)
    {
        IEnumerable<TomlTable>? tables = Take<object>(key, "a list of tables") switch
        {
            null => [],
            TomlTableArray array => array,
            TomlArray array when array.All(item => item is TomlTable) => array.Cast<TomlTable>(),
            _ => LoseKind<IEnumerable<TomlTable>>(key, "a list of tables"),
        };
        return [.. (tables ?? []).Select((inner, index) => new TomlKeys(inner, $"{PathOf(key)}[{index}]", losses))];
    }

    /// <summary>Notes what was not taken.</summary>
    public void LoseRest()
    {
        foreach (string key in table.Keys)
            Lose(key, "no tag holds it");
    }

    private T? Take<T>(string key, string kind)
        where T : class
    {
        if (!table.TryGetValue(key, out object? value))
            return null;
        table.Remove(key);
        return value as T ?? LoseKind<T>(key, kind);
    }

    private T? LoseKind<T>(string key, string kind)
    {
        Lose(key, $"it is not {kind}");
        return default;
    }

    private string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
