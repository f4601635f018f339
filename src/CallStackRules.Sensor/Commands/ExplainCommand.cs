using System.CommandLine;
using CallStackRules.Rules;
using CallStackRules.Sensor.Output;

namespace CallStackRules.Sensor.Commands;

/// <summary><c>explain RULE</c>: a rule's logic in plain words.</summary>
internal static class ExplainCommand
{
    public static Command Create(IReadOnlyList<RuleInfo> rules)
    {
        var name = new Argument<string>("RULE") { Description = "Id, name or path of a built-in rule." };
        var command = new Command("explain", $"Tell in plain words what a rule looks for. {ExitCode.Help}") { name };
        command.SetAction(result => Run(rules, result.GetRequiredValue(name), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(IReadOnlyList<RuleInfo> rules, string name, TextWriter output, TextWriter error)
    {
        List<RuleInfo> named = rules.Where(rule => IsNamed(rule, name)).ToList();
        if (named.Count == 0)
        {
            error.WriteLine(PrintableText.Of($"There is no rule '{name}'; 'rules' lists those that are built in."));
            return ExitCode.BadUsage;
        }
        if (named.Count > 1)
        {
            error.WriteLine(PrintableText.Of($"Several rules are called '{name}': {string.Join(", ", named.Select(rule => rule.SourcePath))}. Give the path of one."));
            return ExitCode.BadUsage;
        }
        Write(output, named[0]);
        return ExitCode.Ok;
    }

    /// <summary>Whether a word names a rule: by id, name, path, or the end of the path.</summary>
    private static bool IsNamed(RuleInfo rule, string name)
    {
        string path = name.Replace('\\', '/');
        return rule.Id.Equals(name, StringComparison.OrdinalIgnoreCase)
            || rule.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            || rule.SourcePath.Equals(path, StringComparison.OrdinalIgnoreCase)
            || rule.SourcePath.EndsWith($"/{path}", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith($"/{rule.SourcePath}", StringComparison.OrdinalIgnoreCase);
    }

    private static void Write(TextWriter output, RuleInfo rule)
    {
        output.WriteLine(PrintableText.Of(rule.Name));
        WriteTag(output, "id", rule.Id);
        WriteTag(output, "severity", rule.Severity.ToString().ToLowerInvariant());
        WriteTag(output, "os", string.Join(' ', rule.OperatingSystems));
        WriteTag(output, "technique", string.Join(' ', rule.Techniques.Concat(rule.Tactics)));
        WriteTag(output, "source", rule.SourcePath);
        foreach (RuleAction action in rule.Actions)
            WriteTag(output, "action", $"{action.Kind} {action.Field}{(action.Tree ? " and its descendants" : "")}");
        foreach (string reference in rule.References)
            WriteTag(output, "reference", reference);
        WriteTag(output, "why", rule.Description.ReplaceLineEndings(" "));
        WriteTag(output, "reads", $"{string.Join(' ', rule.Categories)} events{(RuleNeeds.ReadsStack(rule) ? " with call stacks" : "")}");
        output.WriteLine();
        WriteText(output, rule.Explanation);
        output.WriteLine();
        WriteText(output, rule.Query);
    }

    private static void WriteTag(TextWriter output, string tag, string value)
    {
        if (value.Length > 0)
            output.WriteLine($"  {tag,-10} {PrintableText.Of(value)}");
    }

    private static void WriteText(TextWriter output, string text)
    {
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
            output.WriteLine($"  {PrintableText.Of(line)}");
    }
}
