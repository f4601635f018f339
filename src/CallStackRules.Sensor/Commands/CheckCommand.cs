using System.CommandLine;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Sensor.Checking;
using CallStackRules.Sensor.Output;

namespace CallStackRules.Sensor.Commands;

/// <summary><c>check PATH...</c>: compiles rules without building and lists their mistakes.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Rule files: .eql, or published rules in .toml. All below a folder.",
        };
        var json = new Option<bool>("--json")
        {
            Description = "Print one object: {\"rules\":N,\"compiled\":N,\"errors\":N,\"byCode\":{...}}. 'errors' is the number of rules that do not compile, " +
                "so rules = compiled + errors; 'byCode' counts each of them once, under the code of its first error. " +
                "Where published rules are in other languages than EQL, 'otherLanguages' counts them; they are not among the rules.",
        };
        var verbose = new Option<bool>("--verbose")
        {
            Description = "With --json, list the first error of each rule that does not compile on standard error. Without --json all messages are listed anyway.",
        };
        var command = new Command("check", "Compile rules without building: .eql files, and published rules in .toml.") { paths, json, verbose };
        command.SetAction(result => Run(
            result.GetRequiredValue(paths), result.GetValue(json), result.GetValue(verbose), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string[] paths, bool json, bool verbose, TextWriter output, TextWriter error)
    {
        var checker = new RuleChecker();
        var tally = new Tally();
        foreach (string path in paths)
        {
            foreach (string file in tally.TryRead(error, path, () => RuleChecker.FilesIn(path, ".eql", ".toml")) ?? [])
            {
                if (tally.TryRead(error, file, () => checker.Check(file)) is not { } rule)
                    continue;
                tally.Add(rule.FirstError);
                if (json && verbose && rule.FirstError is not null)
                    error.WriteLine(rule.FirstError);
                if (!json)
                {
                    foreach (RuleMessage message in rule.Messages.Where(message => message.Diagnostic.Descriptor.Severity != EqlSeverity.Information))
                        output.WriteLine(message);
                }
            }
        }
        if (json)
            tally.WriteJson(output);
        else
            tally.WriteText(output);
        return tally.HasUnreadable ? ExitCode.BadInput : tally.Errors > 0 ? ExitCode.Findings : ExitCode.Ok;
    }

    /// <summary>The counts of one run.</summary>
    private sealed class Tally
    {
        private readonly SortedDictionary<string, int> _byCode = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, int> _otherLanguages = new(StringComparer.Ordinal);
        private int _rules;

        public int Errors { get; private set; }

        public bool HasUnreadable { get; private set; }

        public void Add(RuleMessage? firstError)
        {
            _rules++;
            if (firstError is null)
                return;
            Errors++;
            _byCode[firstError.Diagnostic.Descriptor.Id] = _byCode.GetValueOrDefault(firstError.Diagnostic.Descriptor.Id) + 1;
        }

        /// <summary>What can be read, or null after saying on standard error why it cannot.</summary>
        public T? TryRead<T>(TextWriter error, string path, Func<T> read)
            where T : class
        {
            try
            {
                return read();
            }
            catch (OtherLanguageException e)
            {
                _otherLanguages[e.Language] = _otherLanguages.GetValueOrDefault(e.Language) + 1;
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                string place = e is InvalidDataException ? path : $"{path}: ";
                error.WriteLine(PrintableText.Of($"{place}{e.Message}"));
                HasUnreadable = true;
                return null;
            }
        }

        public void WriteJson(TextWriter output)
        {
            using var lines = new JsonLines(output);
            lines.Json.WriteStartObject();
            lines.Json.WriteNumber("rules", _rules);
            lines.Json.WriteNumber("compiled", _rules - Errors);
            lines.Json.WriteNumber("errors", Errors);
            JsonLines.WriteCounts(lines.Json, "byCode", _byCode);
            if (_otherLanguages.Count > 0)
                JsonLines.WriteCounts(lines.Json, "otherLanguages", _otherLanguages);
            lines.Json.WriteEndObject();
            lines.EndLine();
        }

        public void WriteText(TextWriter output)
        {
            output.WriteLine($"Rules: {_rules}, compiled: {_rules - Errors}, errors: {Errors}.");
            foreach ((string code, int count) in _byCode)
                output.WriteLine($"  {count,5} {code}");
            foreach ((string language, int count) in _otherLanguages)
                output.WriteLine(PrintableText.Of($"Left out: {count} in '{language}', not in EQL."));
        }
    }
}
