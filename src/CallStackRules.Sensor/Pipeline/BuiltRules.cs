using System.Reflection;
using CallStackRules.Events;
using CallStackRules.Rules;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>Finds compiled rules in assemblies.</summary>
internal static class BuiltRules
{
    /// <summary>The rules of the project <c>rules/CallStackRules.Rules.csproj</c>, which the executable is built with.</summary>
    public static RuleSet<EndpointEvent> LoadBuiltIn() => Load(Assembly.Load("CallStackRules.Rules"));

    /// <summary>The rules an assembly holds.</summary>
    /// <exception cref="InvalidOperationException">The assembly was not built with the generator, or for another event model.</exception>
    public static RuleSet<EndpointEvent> Load(Assembly assembly)
    {
        EqlRuleSetAttribute attribute = assembly.GetCustomAttribute<EqlRuleSetAttribute>()
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} holds no compiled rules.");
        return Activator.CreateInstance(attribute.RuleSet) as RuleSet<EndpointEvent>
            ?? throw new InvalidOperationException($"The rules of {assembly.GetName().Name} were compiled for another event model.");
    }
}
