using System.Text;
using CallStackRules.Sensor.Checking;

namespace CallStackRules.Sensor.Importing;

/// <summary>Imports published rules, and compiles what it imported. A mistake in one file does not stop the others.</summary>
internal sealed class Importer(ImportFolder folder)
{
    /// <summary>Says so when bytes are no UTF-8, rather than putting question marks in a rule.</summary>
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly RuleChecker _checker = new();

    /// <summary>What came of it so far.</summary>
    public ImportReport Report { get; } = new();

    /// <summary>Imports files, sorted by path so that the same files give the same names.</summary>
    public void Import(IEnumerable<string> files)
    {
        var rules = new List<ReadRule>();
        var byId = new Dictionary<string, ReadRule>(StringComparer.Ordinal);
        foreach (string file in files.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            Report.Files++;
            Try(file, () =>
            {
                var losses = new List<Loss>();
                PublishedRule rule = PublishedRule.Read(File.ReadAllText(file, StrictUtf8), losses);
                if (byId.TryGetValue(rule.Id, out ReadRule? known))
                {
                    known.Join(rule, file);
                    return;
                }
                rules.Add(byId[rule.Id] = new ReadRule(rule, file, losses));
            });
        }
        foreach (ReadRule rule in rules)
            Try(rule.Files[0], () => Write(rule));
    }

    private void Write(ReadRule read)
    {
        string file = read.Files[0];
        string text = RuleFileWriter.Write(read.Rule, Path.GetFileName(file), read.Losses);
        ImportOutcome outcome = folder.Write(read.Rule, text, out string written);
        if (outcome == ImportOutcome.Kept)
        {
            Report.KeptFiles.AddRange(read.Files.Select(kept => (kept, written)));
            return;
        }
        Report.Imported += read.Files.Count;
        if (outcome == ImportOutcome.Written)
            Report.Written++;
        else
            Report.Unchanged++;
        Report.Losses.AddRange(read.Losses.Select(loss => (file, loss)));
        if (_checker.Check(written).FirstError is { } error)
            Report.Errors.Add(error);
    }

    private void Try(string file, Action import)
    {
        try
        {
            import();
        }
        catch (OtherLanguageException e)
        {
            Report.OtherLanguages[e.Language] = Report.OtherLanguages.GetValueOrDefault(e.Language) + 1;
        }
        catch (DecoderFallbackException)
        {
            Report.Failures.Add((file, "the file is not UTF-8."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Report.Failures.Add((file, e.Message));
        }
    }

    /// <summary>A rule that was read, and the files it was read from.</summary>
    private sealed class ReadRule(PublishedRule rule, string file, List<Loss> losses)
    {
        public PublishedRule Rule { get; private set; } = rule;

        public List<string> Files { get; } = [file];

        public List<Loss> Losses { get; } = losses;

        /// <summary>Takes in the same rule from another file: some are published once an operating system.</summary>
        /// <exception cref="InvalidDataException">It differs in more than the operating systems.</exception>
        public void Join(PublishedRule other, string file)
        {
            if (TextBesidesSystems(Rule) != TextBesidesSystems(other))
                throw new InvalidDataException($"(1,1): The rule has the id of {Files[0]} and is another.");
            // A rule without systems is for all.
            Rule = Rule with { OperatingSystems = Rule.OperatingSystems is [] || other.OperatingSystems is [] ? [] : [.. Rule.OperatingSystems.Union(other.OperatingSystems)] };
            Files.Add(file);
        }

        private static string TextBesidesSystems(PublishedRule rule) => RuleFileWriter.Write(rule with { OperatingSystems = [] }, source: "", losses: []);
    }
}
