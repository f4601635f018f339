using System.Text.RegularExpressions;
using Tomlyn.Model;

namespace CallStackRules.Eql.Tests.PythonEql;

/// <summary>A query of python-eql's suite.</summary>
/// <param name="Number">Its place in the file, from 1.</param>
/// <param name="Table">As read.</param>
internal sealed partial record PeerQuery(int Number, TomlTable Table)
{
    public string Text => (string)Table["query"];

    /// <summary>The events of its results, in order.</summary>
    public IReadOnlyList<long> Expected => [.. ((TomlArray)Table["expected_event_ids"]).Cast<long>()];

    /// <summary>Whether case is ignored: a query is for either reading unless it says for which.</summary>
    public bool[] Modes => Table.ContainsKey("case_insensitive") ? [true] : Table.ContainsKey("case_sensitive") ? [false] : [true, false];

    /// <summary>Whether one event decides: the query has neither steps nor pipes nor lineage.</summary>
    public bool IsAboutOneEvent => !Others().IsMatch(Strings().Replace(Text, ""));

    public static IReadOnlyList<PeerQuery> All() =>
        [.. ((TomlTableArray)PythonEqlData.ReadToml("test_queries.toml")["queries"]).Select((table, i) => new PeerQuery(i + 1, table))];

    [GeneratedRegex(@"'[^']*'|""[^""]*""")]
    private static partial Regex Strings();

    [GeneratedRegex(@"^\s*(sequence|join|sample)\b|\||\bof\s*\[")]
    private static partial Regex Others();
}
