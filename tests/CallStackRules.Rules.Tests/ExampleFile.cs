using System.Text.Json;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;

namespace CallStackRules.Rules.Tests;

/// <summary>What the author of a rule says of one event.</summary>
/// <param name="Match">Whether the rule must match.</param>
/// <param name="Why">What the event shows.</param>
internal sealed record Example(bool Match, string Why);

/// <summary>A file of events, each with the member <c>example</c> that says whether its rule matches.</summary>
internal sealed class ExampleFile(string path)
{
    /// <summary>What is said of the events, in their order.</summary>
    public IReadOnlyList<Example> Examples { get; } = [.. File.ReadLines(path).Select(Read)];

    /// <summary>Runs a rule over the events and tells where it decides otherwise than the author: a line of text each.</summary>
    public IReadOnlyList<string> Disagreements(Func<EndpointEvent, bool> matches)
    {
        var found = new List<string>();
        var e = new EndpointEvent();
        using var source = new EcsSource([path], new ProcessTable());
        int line = 0;
        for (; source.TryRead(e); line++)
        {
            (bool match, string why) = Examples[line];
            if (matches(e) != match)
                found.Add($"line {line + 1} must {(match ? "" : "not ")}match: {why}");
        }
        if (line != Examples.Count)
            found.Add($"{Examples.Count - line} of {Examples.Count} events could not be read");
        return found;
    }

    private static Example Read(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement example = document.RootElement.GetProperty("example");
        return new Example(example.GetProperty("match").GetBoolean(), example.GetProperty("why").GetString()!);
    }
}
