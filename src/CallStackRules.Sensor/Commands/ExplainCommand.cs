using System.CommandLine;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Logic;
using CallStackRules.Eql.Syntax;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Checking;
using CallStackRules.Sensor.Output;

namespace CallStackRules.Sensor.Commands;

/// <summary><c>explain RULE</c>: a rule's logic in plain words.</summary>
internal static class ExplainCommand
{
    public static Command Create(RuleSet<EndpointEvent> builtIn)
    {
        var name = new Argument<string>("RULE") { Description = "Id, name or path of a rule, or path of an .eql file." };
        Option<string[]> rules = RulesOption.Create();
        var command = new Command("explain", "Tell in plain words what a rule looks for.") { name, rules };
        command.SetAction(result =>
        {
            TextWriter error = result.InvocationConfiguration.Error;
            return RulesOption.TryOpen(result.GetValue(rules), builtIn, error) is { } active
                ? Run(ListedRule.AllOf(active), result.GetRequiredValue(name), result.InvocationConfiguration.Output, error)
                : ExitCode.BadInput;
        });
        return command;
    }

    private static int Run(IReadOnlyList<ListedRule> rules, string name, TextWriter output, TextWriter error)
    {
        if (name.EndsWith(".eql", StringComparison.OrdinalIgnoreCase) && File.Exists(name))
            return RunFile(name, output, error);
        List<ListedRule> named = rules.Where(rule => IsNamed(rule.Info, name)).ToList();
        if (named.Count == 0)
        {
            error.WriteLine(PrintableText.Of($"There is no rule '{name}'; 'rules' lists those there are."));
            return ExitCode.BadUsage;
        }
        if (named.Count > 1)
        {
            error.WriteLine(PrintableText.Of($"Several rules are called '{name}': {string.Join(", ", named.Select(rule => rule.Info.SourcePath))}. Give the path of one."));
            return ExitCode.BadUsage;
        }
        Write(output, named[0].Info, named[0].Steps is not null);
        return ExitCode.Ok;
    }

    private static int RunFile(string path, TextWriter output, TextWriter error)
    {
        try
        {
            CheckedRule rule = new RuleChecker().Check(path);
            if (rule.FirstError is null)
            {
                Write(output, Describe(path, rule), rule.Rule.Query is BoundStepsQuery);
                return ExitCode.Ok;
            }
            foreach (RuleMessage message in rule.Messages.Where(message => message.Diagnostic.IsError))
                error.WriteLine(message);
        }
        catch (Exception e) when (e is InvalidDataException or OtherLanguageException)
        {
            error.WriteLine(PrintableText.Of($"{path}{e.Message}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine(PrintableText.Of($"{path}: {e.Message}"));
        }
        return ExitCode.BadInput;
    }

    /// <summary>What is known of a rule that was not built.</summary>
    private static RuleInfo Describe(string path, CheckedRule rule)
    {
        RuleMetadata tags = rule.Rule.File!.Metadata;
        return new RuleInfo
        {
            Id = tags.Id?.Value ?? "",
            Name = tags.Name?.Value ?? Path.GetFileNameWithoutExtension(path),
            Severity = Enum.Parse<RuleSeverity>(tags.Severity.Value, ignoreCase: true),
            Description = tags.Description?.Value ?? "",
            OperatingSystems = [.. tags.OperatingSystems.Select(os => os.Value)],
            Techniques = [.. tags.Techniques.Select(technique => technique.Value)],
            Tactics = [.. tags.Tactics.Select(tactic => tactic.Value)],
            References = [.. tags.References.Select(reference => reference.Value)],
            Actions = [.. tags.Actions.Select(action => new RuleAction(action.Value.Kind, action.Value.Field.Value, action.Value.State.Value, action.Value.Tree))],
            SourcePath = path,
            Query = rule.QueryText,
            Explanation = Explanation.Of(rule.Rule.Query!),
        };
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

    private static void Write(TextWriter output, RuleInfo rule, bool hasSteps)
    {
        output.WriteLine(PrintableText.Of(rule.Name));
        WriteTag(output, "id", rule.Id);
        WriteTag(output, "severity", rule.Severity.ToString().ToLowerInvariant());
        WriteTag(output, "os", string.Join(' ', rule.OperatingSystems));
        WriteTag(output, "technique", string.Join(' ', rule.Techniques.Concat(rule.Tactics)));
        WriteTag(output, "source", rule.SourcePath);
        foreach (RuleAction action in rule.Actions)
        {
            string step = hasSteps ? $" of step {action.State}" : "";
            WriteTag(output, "action", $"{action.Kind} {action.Field}{step}{(action.Tree ? " and its descendants" : "")}");
        }
        foreach (string reference in rule.References)
            WriteTag(output, "reference", reference);
        WriteTag(output, "why", rule.Description.ReplaceLineEndings(" "));
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
