using System.CommandLine;
using CallStackRules.Sensor.Checking;
using CallStackRules.Sensor.Importing;
using CallStackRules.Sensor.Output;

namespace CallStackRules.Sensor.Commands;

/// <summary><c>import PATH... --output FOLDER</c>: makes a rule project of published rules.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Arity = ArgumentArity.OneOrMore, Description = "Published rules in .toml: files, or all below a folder." };
        var output = new Option<string>("--output")
        {
            HelpName = "FOLDER",
            Required = true,
            Description = "Where the .eql files go, one folder an operating system and tactic. Files that were not imported are not touched. " +
                "A project file is written beside them when there is none.",
        };
        var reference = new Option<string?>("--reference")
        {
            HelpName = "FOLDER",
            Description = "Let the project file refer to a checkout of this repository instead of the package CallStackRules.",
        };
        var json = new Option<bool>("--json") { Description = "Print one object: counts, and lists of failures, losses and rules that do not compile." };
        var command = new Command("import", "Turn published rules in .toml into a project of .eql files.") { paths, output, reference, json };
        command.SetAction(result => Run(
            result.GetRequiredValue(paths),
            result.GetRequiredValue(output),
            result.GetValue(reference),
            result.GetValue(json),
            result.InvocationConfiguration.Output,
            result.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string[] paths, string folder, string? repository, bool json, TextWriter output, TextWriter error)
    {
        if (repository is not null && !RuleProject.IsRepository(repository))
        {
            error.WriteLine(PrintableText.Of($"--reference: {repository} is no checkout of CallStackRules."));
            return ExitCode.BadUsage;
        }
        Importer importer;
        try
        {
            importer = new Importer(new ImportFolder(folder));
            RuleProject.WriteIfMissing(folder, repository);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine(PrintableText.Of($"{folder}: {e.Message}"));
            return ExitCode.BadInput;
        }

        var files = new List<string>();
        foreach (string path in paths)
        {
            try
            {
                files.AddRange(RuleChecker.FilesIn(path, ".toml"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                importer.Report.Failures.Add((path, e.Message));
            }
        }
        importer.Import(files);

        if (json)
        {
            using var lines = new JsonLines(output);
            importer.Report.WriteTo(lines.Json);
            lines.EndLine();
        }
        else
        {
            WriteText(importer.Report, folder, output);
        }
        return importer.Report.Failures.Count > 0 ? ExitCode.BadInput : importer.Report.Errors.Count > 0 ? ExitCode.Findings : ExitCode.Ok;
    }

    private static void WriteText(ImportReport report, string folder, TextWriter output)
    {
        foreach ((string file, string why) in report.Failures)
            output.WriteLine(PrintableText.Of(why.StartsWith('(') ? $"{file}{why}" : $"{file}: {why}"));
        foreach ((string file, string kept) in report.KeptFiles)
            output.WriteLine(PrintableText.Of($"{file}: left out, {kept} has its id and was not imported."));
        foreach ((string file, Loss loss) in report.Losses)
            output.WriteLine(PrintableText.Of($"{file}: not carried: {loss.Key}: {loss.Why}."));
        foreach (RuleMessage error in report.Errors)
            output.WriteLine(error);
        foreach ((string language, int count) in report.OtherLanguages)
            output.WriteLine(PrintableText.Of($"Left out: {count} in '{language}', not in EQL."));
        output.WriteLine(
            $"Files: {report.Files}, imported: {report.Imported}, kept: {report.KeptFiles.Count}, failed: {report.Failures.Count}. Not carried: {report.Losses.Count}.");
        output.WriteLine($"Rules: {report.Rules} ({report.Written} written, {report.Unchanged} unchanged), compiled: {report.Rules - report.Errors.Count}, errors: {report.Errors.Count}.");
        output.WriteLine(PrintableText.Of($"Build them with: dotnet build -c Release {folder}"));
    }
}
