using System.CommandLine;
using System.Text.Json;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Output;
using Spectre.Console;
using Text = Spectre.Console.Text;

namespace CallStackRules.Sensor.Commands;

/// <summary><c>rules</c>: lists rules, or what they need of a source.</summary>
internal static class RulesCommand
{
    public static Command Create(RuleSet<EndpointEvent> builtIn)
    {
        Option<string[]> rules = RulesOption.Create();
        var json = new Option<bool>("--json") { Description = "Print NDJSON: all metadata of a rule a line; with --needs, one object." };
        var needs = new Option<bool>("--needs") { Description = "Print what the rules read, all together: categories and actions of events, fields, and whether call stacks." };
        var command = new Command("rules", "List the built-in rules, or others, or what they need.") { rules, json, needs };
        command.SetAction(result =>
        {
            if (RulesOption.TryOpen(result.GetValue(rules), builtIn, result.InvocationConfiguration.Error) is not { } active)
                return ExitCode.BadInput;
            TextWriter output = result.InvocationConfiguration.Output;
            Action<TextWriter, IReadOnlyList<ListedRule>> write = (result.GetValue(json), result.GetValue(needs)) switch
            {
                (false, false) => WriteTable,
                (true, false) => WriteJson,
                (false, true) => WriteNeeds,
                (true, true) => WriteNeedsJson,
            };
            write(output, ListedRule.AllOf(active));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void WriteTable(TextWriter output, IReadOnlyList<ListedRule> rules)
    {
        // Wide enough that no line breaks, so that a pipe into grep finds whole rules.
        IAnsiConsole console = Terminal.Open(output, widthOfFiles: 1000);
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in (string[])["Severity", "Kind", "Name", "OS", "Techniques", "Source"])
            table.AddColumn(column);
        foreach (ListedRule listed in rules)
        {
            RuleInfo rule = listed.Info;
            table.AddRow(
                new Text(rule.Severity.ToString().ToLowerInvariant(), AlertView.StyleOf(rule.Severity)),
                new Text(listed.Kind),
                new Text(PrintableText.Of(rule.Name)),
                new Text(string.Join(' ', rule.OperatingSystems)),
                new Text(string.Join(' ', rule.Techniques)),
                new Text(PrintableText.Of(rule.SourcePath)));
        }
        console.Write(table);
        console.WriteLine($"{rules.Count} rules. 'explain NAME' tells what one of them looks for.");
    }

    private static void WriteJson(TextWriter output, IReadOnlyList<ListedRule> rules)
    {
        using var lines = new JsonLines(output);
        foreach (ListedRule rule in rules)
        {
            WriteRule(lines.Json, rule);
            lines.EndLine();
        }
    }

    private static void WriteRule(Utf8JsonWriter json, ListedRule listed)
    {
        RuleInfo rule = listed.Info;
        json.WriteStartObject();
        json.WriteString("id", rule.Id);
        json.WriteString("name", rule.Name);
        json.WriteString("kind", listed.Kind);
        json.WriteString("severity", rule.Severity.ToString().ToLowerInvariant());
        json.WriteString("description", rule.Description);
        WriteStrings(json, "os", rule.OperatingSystems);
        WriteStrings(json, "techniques", rule.Techniques);
        WriteStrings(json, "tactics", rule.Tactics);
        WriteStrings(json, "references", rule.References);
        json.WriteStartArray("actions");
        foreach (RuleAction action in rule.Actions)
        {
            json.WriteStartObject();
            json.WriteString("kind", action.Kind);
            json.WriteString("field", action.Field);
            json.WriteNumber("state", action.State);
            json.WriteBoolean("tree", action.Tree);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("source", rule.SourcePath);
        json.WriteString("query", rule.Query);
        json.WriteString("explanation", rule.Explanation);
        WriteStrings(json, "categories", rule.Categories);
        WriteStrings(json, "fields", rule.Fields);
        json.WriteEndObject();
    }

    private static void WriteNeeds(TextWriter output, IReadOnlyList<ListedRule> rules)
    {
        RuleNeeds needs = RuleNeeds.Of([.. rules.Select(rule => rule.Info)]);
        output.WriteLine($"categories   {string.Join(' ', needs.Categories)}");
        foreach (string needed in needs.Events)
            output.WriteLine($"event        {PrintableText.Of(needed)}");
        output.WriteLine($"call stacks  {(needs.Stacks.Count == 0 ? "no" : string.Join(' ', needs.Stacks))}");
        foreach (string rule in needs.End)
            output.WriteLine($"an end       {PrintableText.Of(rule)}");
        output.WriteLine($"fields       {needs.Fields.Count}");
        foreach (string field in needs.Fields)
            output.WriteLine($"  {field}");
    }

    private static void WriteNeedsJson(TextWriter output, IReadOnlyList<ListedRule> rules)
    {
        RuleNeeds needs = RuleNeeds.Of([.. rules.Select(rule => rule.Info)]);
        using var lines = new JsonLines(output);
        lines.Json.WriteStartObject();
        WriteStrings(lines.Json, "categories", needs.Categories);
        WriteStrings(lines.Json, "events", needs.Events);
        WriteStrings(lines.Json, "stacks", needs.Stacks);
        WriteStrings(lines.Json, "fields", needs.Fields);
        WriteStrings(lines.Json, "end", needs.End);
        lines.Json.WriteEndObject();
        lines.EndLine();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyCollection<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
