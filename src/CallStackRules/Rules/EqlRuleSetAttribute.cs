namespace CallStackRules.Rules;

/// <summary>Names the <see cref="RuleSet{TEvent}"/> that the generator emitted for an assembly, so that a host can find it after loading.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class EqlRuleSetAttribute(Type ruleSet) : Attribute
{
    /// <summary>A class with a public parameterless constructor.</summary>
    public Type RuleSet { get; } = ruleSet;
}
