namespace CallStackRules.Rules;

/// <summary>How much a match matters. In alerts: <c>event.severity</c> 21, 47, 73, 99.</summary>
public enum RuleSeverity
{
    /// <summary>Worth recording (21).</summary>
    Low,
    /// <summary>Worth a look (47).</summary>
    Medium,
    /// <summary>Probably malicious (73).</summary>
    High,
    /// <summary>Malicious with near certainty (99).</summary>
    Critical,
}

/// <summary>What to do when a rule matches; carried out only where the operator allows responses.</summary>
/// <param name="Kind">The action's name: <c>kill_process</c> or <c>deny</c>.</param>
/// <param name="Field">Path of the field that names the target, as in <c>process.entity_id</c>; empty when the action has no target.</param>
/// <param name="State">For sequences, the step (from 0) whose event holds the field.</param>
/// <param name="Tree">Whether the target's descendants are included.</param>
public sealed record RuleAction(string Kind, string Field, int State, bool Tree);

/// <summary>Events that a rule can match.</summary>
/// <param name="Category">Their category; <c>any</c> for all.</param>
/// <param name="Action">The action that they must have, in lower case, as in <c>exec</c>; null for any.</param>
public sealed record RuleEvent(string Category, string? Action);

/// <summary>All that is known of a rule at build time.</summary>
public sealed record RuleInfo
{
    /// <summary>The rule's UUID, lower-case with hyphens.</summary>
    public required string Id { get; init; }

    /// <summary>One line that says what the rule finds.</summary>
    public required string Name { get; init; }

    /// <summary>How bad a match is.</summary>
    public required RuleSeverity Severity { get; init; }

    /// <summary>Why a match matters, in sentences; empty when not given.</summary>
    public string Description { get; init; } = "";

    /// <summary>Operating systems the rule is for: <c>windows</c>, <c>linux</c>, <c>macos</c>. Empty: any.</summary>
    public IReadOnlyList<string> OperatingSystems { get; init; } = [];

    /// <summary>MITRE ATT&amp;CK technique ids, as in <c>T1055.001</c>.</summary>
    public IReadOnlyList<string> Techniques { get; init; } = [];

    /// <summary>MITRE ATT&amp;CK tactic ids, as in <c>TA0005</c>.</summary>
    public IReadOnlyList<string> Tactics { get; init; } = [];

    /// <summary>Addresses of articles about the behaviour.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>What to do when the rule matches.</summary>
    public IReadOnlyList<RuleAction> Actions { get; init; } = [];

    /// <summary>The rule file's path relative to its project, with forward slashes.</summary>
    public required string SourcePath { get; init; }

    /// <summary>The query as written, without the leading tags.</summary>
    public required string Query { get; init; }

    /// <summary>The rule's logic in plain words, a line each.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>Categories of events the rule reads; <c>any</c> alone when it reads all.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The events of <see cref="Categories"/> that the rule can match, as far as it names their action; empty when that is not known, and all are needed.</summary>
    public IReadOnlyList<RuleEvent> Events { get; init; } = [];

    /// <summary>
    /// Name of the rule's first pipe that gives its results only at the end of a stream, as in <c>tail</c>; empty when there is none. A live source has no end.
    /// </summary>
    public string NeedsEnd { get; init; } = "";

    /// <summary>Paths of the fields the rule reads, sorted.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];
}
