using System.Text.Json;
using CallStackRules.Sensor.Checking;
using CallStackRules.Sensor.Output;

namespace CallStackRules.Sensor.Importing;

/// <summary>What an import came to.</summary>
internal sealed class ImportReport
{
    /// <summary>Rule files that were found.</summary>
    public int Files { get; set; }

    /// <summary>Imported rules whose file is new or was overwritten.</summary>
    public int Written { get; set; }

    /// <summary>Imported rules whose file was there already, byte for byte.</summary>
    public int Unchanged { get; set; }

    /// <summary>Imported rules: files that differ in nothing but the operating system are one.</summary>
    public int Rules => Written + Unchanged;

    /// <summary>Files that were imported.</summary>
    public int Imported { get; set; }

    /// <summary>Rules in other languages than EQL, which are left out, by language.</summary>
    public SortedDictionary<string, int> OtherLanguages { get; } = new(StringComparer.Ordinal);

    /// <summary>Files that are not imported, and why.</summary>
    public List<(string File, string Why)> Failures { get; } = [];

    /// <summary>Files of the folder that were not imported and hold a rule that would be.</summary>
    public List<(string File, string Kept)> KeptFiles { get; } = [];

    /// <summary>What is not in the imported rules, by file.</summary>
    public List<(string File, Loss Loss)> Losses { get; } = [];

    /// <summary>The first error of each imported rule that does not compile.</summary>
    public List<RuleMessage> Errors { get; } = [];

    /// <summary>Writes one object.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("files", Files);
        json.WriteNumber("imported", Imported);
        json.WriteNumber("rules", Rules);
        json.WriteNumber("written", Written);
        json.WriteNumber("unchanged", Unchanged);
        json.WriteNumber("kept", KeptFiles.Count);
        json.WriteNumber("failed", Failures.Count);
        json.WriteNumber("compiled", Rules - Errors.Count);
        json.WriteNumber("errors", Errors.Count);
        json.WriteNumber("notCarried", Losses.Count);
        JsonLines.WriteCounts(json, "otherLanguages", OtherLanguages);
        WriteList("failures", Failures, failure => { json.WriteString("file", failure.File); json.WriteString("why", failure.Why); });
        WriteList("keptFiles", KeptFiles, kept => { json.WriteString("file", kept.File); json.WriteString("kept", kept.Kept); });
        WriteList("losses", Losses, loss => { json.WriteString("file", loss.File); json.WriteString("key", loss.Loss.Key); json.WriteString("why", loss.Loss.Why); });
        WriteList("firstErrors", Errors, error =>
        {
            json.WriteString("file", error.Path);
            json.WriteNumber("line", error.Line);
            json.WriteNumber("column", error.Column);
            json.WriteString("code", error.Diagnostic.Descriptor.Id);
            json.WriteString("message", error.Diagnostic.Message);
        });
        json.WriteEndObject();

        void WriteList<T>(string name, IReadOnlyList<T> items, Action<T> writeProperties)
        {
            json.WriteStartArray(name);
            foreach (T item in items)
            {
                json.WriteStartObject();
                writeProperties(item);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    }
}
