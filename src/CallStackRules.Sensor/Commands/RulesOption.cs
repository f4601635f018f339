using System.CommandLine;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Output;
using CallStackRules.Sensor.Pipeline;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Commands;

/// <summary>The option <c>--rules</c>.</summary>
internal static class RulesOption
{
    public static Option<string[]> Create() => new("--rules")
    {
        HelpName = $"FILE|{ActiveRules.BuiltIn}",
        Description = $"An assembly of compiled rules, in place of the built-in ones. May be given several times; '{ActiveRules.BuiltIn}' stands for the built-in rules.",
    };

    /// <summary>Loads the rules; null after saying why they cannot be loaded.</summary>
    public static ActiveRules? TryOpen(
        string[]? names, RuleSet<EndpointEvent> builtIn, TextWriter error, int maxPending = StepsMatcher<EndpointEvent>.DefaultCapacity, string? liveSystem = null)
    {
        try
        {
            return new ActiveRules(names ?? [], builtIn, maxPending, liveSystem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            error.WriteLine(PrintableText.Of(e.Message));
            return null;
        }
    }
}
