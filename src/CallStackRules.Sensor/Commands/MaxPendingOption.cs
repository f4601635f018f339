using System.CommandLine;
using CallStackRules.Events;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Commands;

/// <summary>The option <c>--max-pending</c>.</summary>
internal static class MaxPendingOption
{
    public static Option<int> Create()
    {
        var option = new Option<int>("--max-pending")
        {
            HelpName = "N",
            Description = "Most matches that a rule over several events keeps pending; beyond, the one that waited longest is given up and counted. " +
                $"Default: {StepsMatcher<EndpointEvent>.DefaultCapacity}.",
            DefaultValueFactory = _ => StepsMatcher<EndpointEvent>.DefaultCapacity,
        };
        option.Validators.Add(result =>
        {
            // What is no number at all is the parser's to say.
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out int number) && number < 1)
                result.AddError("--max-pending must be a whole number from 1 on.");
        });
        return option;
    }
}
