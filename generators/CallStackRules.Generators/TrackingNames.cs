namespace CallStackRules.Generators;

/// <summary>Names of the generator's steps: tests ask by them what was computed anew after an edit.</summary>
public static class TrackingNames
{
    /// <summary>The schema of the event model as a value.</summary>
    public const string Schema = nameof(Schema);

    /// <summary>What the project file says.</summary>
    public const string Project = nameof(Project);

    /// <summary>Path and text of each rule file.</summary>
    public const string RuleFiles = nameof(RuleFiles);

    /// <summary>Each rule file compiled: its class, or its errors.</summary>
    public const string Rules = nameof(Rules);

    /// <summary>What the rule set needs of all rules.</summary>
    public const string RuleSet = nameof(RuleSet);

    /// <summary>Errors that nobody but the generator reports.</summary>
    public const string Errors = nameof(Errors);
}
