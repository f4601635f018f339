using System.Text.Json;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;

namespace CallStackRules.Rules.Tests;

/// <summary>What the author of a rule says of a case: one event, or the events of a sequence.</summary>
/// <param name="Match">Whether the rule must match.</param>
/// <param name="Why">What the events show.</param>
/// <param name="Events">How many lines of the file the case has.</param>
internal sealed record Example(bool Match, string Why, int Events);

/// <summary>
/// A file of events, each with the member <c>example</c>. It says whether the rule matches and why; further lines with the same <c>case</c> go on with the
/// events of the first.
/// </summary>
internal sealed class ExampleFile(string path)
{
    /// <summary>What is said of the cases, in their order.</summary>
    public IReadOnlyList<Example> Examples { get; } = Read(path);

    /// <summary>Runs a rule over the cases and tells where it decides otherwise than the author: a line of text each.</summary>
    /// <param name="start">Makes what says of each event of one case, in order, whether the rule has matched with it.</param>
    public IReadOnlyList<string> Disagreements(Func<Func<EndpointEvent, bool>> start)
    {
        var found = new List<string>();
        using var source = new EcsSource([path], new ProcessTable());
        foreach ((bool match, string why, int events) in Examples)
        {
            Func<EndpointEvent, bool> matches = start();
            bool matched = false;
            for (int i = 0; i < events; i++)
            {
                // An object each: the interpreter keeps the events of a sequence.
                var e = new EndpointEvent();
                if (!source.TryRead(e))
                    return [.. found, $"'{why}' has an event that could not be read"];
                matched |= matches(e);
            }
            if (matched != match)
                found.Add($"must {(match ? "" : "not ")}match: {why}");
        }
        return found;
    }

    private static List<Example> Read(string path)
    {
        var examples = new List<Example>();
        string? last = null;
        foreach (string line in File.ReadLines(path))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement example = document.RootElement.GetProperty("example");
            string? name = example.TryGetProperty("case", out JsonElement text) ? text.GetString() : null;
            if (name is not null && name == last)
                examples[^1] = examples[^1] with { Events = examples[^1].Events + 1 };
            else
                examples.Add(new Example(example.GetProperty("match").GetBoolean(), example.GetProperty("why").GetString()!, 1));
            last = name;
        }
        return examples;
    }
}
