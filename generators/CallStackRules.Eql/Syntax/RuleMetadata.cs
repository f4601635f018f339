namespace CallStackRules.Eql.Syntax;

/// <summary>A value of a rule's front matter and its place.</summary>
/// <param name="Value">The value.</param>
/// <param name="Span">The characters it was read from, those of several lines included; empty when the value was not written.</param>
public readonly record struct Tagged<T>(T Value, TextSpan Span);

/// <summary>An action of a rule, as in <c>kill_process process.entity_id state=1 tree</c>.</summary>
/// <param name="Kind"><c>kill_process</c>, <c>rollback</c> or <c>deny</c>.</param>
/// <param name="Field">Path of the field that names the target, with its place; empty for <c>deny</c>, whose target is the event itself.</param>
/// <param name="State">For sequences, the step (from 0) whose event holds the field.</param>
/// <param name="Tree">Whether the target's descendants are included.</param>
public sealed record ActionTag(string Kind, Tagged<string> Field, Tagged<int> State, bool Tree);

/// <summary>What the leading comment tags of a rule file say. A value that is malformed is left out; the message about it is in the file's diagnostics.</summary>
public sealed class RuleMetadata
{
    /// <summary>The rule's UUID, lower-case with hyphens.</summary>
    public Tagged<string>? Id { get; internal set; }

    /// <summary>One line that says what the rule finds.</summary>
    public Tagged<string>? Name { get; internal set; }

    /// <summary>Why a match matters, its lines joined by blanks.</summary>
    public Tagged<string>? Description { get; internal set; }

    /// <summary><c>low</c>, <c>medium</c>, <c>high</c> or <c>critical</c>; <c>medium</c> when not written.</summary>
    public Tagged<string> Severity { get; internal set; } = new("medium", default);

    /// <summary>Operating systems the rule is for: <c>windows</c>, <c>linux</c>, <c>macos</c>. Empty: any.</summary>
    public IReadOnlyList<Tagged<string>> OperatingSystems { get; internal set; } = [];

    /// <summary>MITRE ATT&amp;CK technique ids, as in <c>T1055.001</c>.</summary>
    public IReadOnlyList<Tagged<string>> Techniques { get; internal set; } = [];

    /// <summary>MITRE ATT&amp;CK tactic ids, as in <c>TA0005</c>.</summary>
    public IReadOnlyList<Tagged<string>> Tactics { get; internal set; } = [];

    /// <summary>Addresses of articles about the behaviour.</summary>
    public IReadOnlyList<Tagged<string>> References { get; internal set; } = [];

    /// <summary>What to do when the rule matches.</summary>
    public IReadOnlyList<Tagged<ActionTag>> Actions { get; internal set; } = [];

    /// <summary>What may be done besides, where the operator wants it.</summary>
    public IReadOnlyList<Tagged<ActionTag>> OptionalActions { get; internal set; } = [];

    /// <summary>The licence of the rule.</summary>
    public Tagged<string>? License { get; internal set; }

    /// <summary>The version of the rule.</summary>
    public Tagged<string>? Version { get; internal set; }

    /// <summary>Who wrote it.</summary>
    public Tagged<string>? Author { get; internal set; }

    /// <summary>The first version of the endpoint product a published rule was written for.</summary>
    public Tagged<string>? MinEndpointVersion { get; internal set; }

    /// <summary>The last version of the endpoint product a published rule was written for.</summary>
    public Tagged<string>? MaxEndpointVersion { get; internal set; }

    /// <summary>Whether a published rule asks for a reputation look-up before it alerts; false when not written.</summary>
    public Tagged<bool> Reputation { get; internal set; }
}
