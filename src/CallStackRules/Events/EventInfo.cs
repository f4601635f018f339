using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>What happened, in the words of the Elastic Common Schema.</summary>
public sealed class EventInfo : IClearable
{
    /// <summary>What was done: <c>start</c>, <c>creation</c>, <c>modification</c>, <c>load</c> ...</summary>
    [EqlField("action")]
    public Text Action { get; set; }

    /// <summary>Categories of the event: the word before <c>where</c>.</summary>
    [EqlField("category")]
    public TextList Category { get; } = new();

    /// <summary>Kinds of event within the category: <c>start</c>, <c>end</c>, <c>change</c> ...</summary>
    [EqlField("type")]
    public TextList Type { get; } = new();

    /// <summary>The source's own number or code of the event.</summary>
    [EqlField("code")]
    public Text Code { get; set; }

    /// <summary>Where the source has the event from.</summary>
    [EqlField("provider")]
    public Text Provider { get; set; }

    /// <summary>Name of the module that delivered the event.</summary>
    [EqlField("module")]
    public Text Module { get; set; }

    /// <summary>Name of the stream the event belongs to.</summary>
    [EqlField("dataset")]
    public Text Dataset { get; set; }

    /// <summary><c>success</c>, <c>failure</c> or <c>unknown</c>.</summary>
    [EqlField("outcome")]
    public Text Outcome { get; set; }

    /// <summary><c>event</c>, <c>alert</c>, <c>state</c> ...</summary>
    [EqlField("kind")]
    public Text Kind { get; set; }

    /// <summary>Identifier of the event.</summary>
    [EqlField("id")]
    public Text Id { get; set; }

    /// <summary>Number of the event in its source's order.</summary>
    [EqlField("sequence")]
    public long? Sequence { get; set; }

    /// <summary>Severity the source gives the event.</summary>
    [EqlField("severity")]
    public long? Severity { get; set; }

    /// <summary>Risk the source gives the event.</summary>
    [EqlField("risk_score")]
    public double? RiskScore { get; set; }

    /// <summary>Why the event happened, as the source says.</summary>
    [EqlField("reason")]
    public Text Reason { get; set; }

    /// <summary>When the sensor first saw the event, ISO 8601.</summary>
    [EqlField("created")]
    public Text Created { get; set; }

    /// <summary>When the event reached the store, ISO 8601.</summary>
    [EqlField("ingested")]
    public Text Ingested { get; set; }

    /// <summary>The event as the source wrote it.</summary>
    [EqlField("original")]
    public Text Original { get; set; }

    /// <summary>How long it took, in nanoseconds.</summary>
    [EqlField("duration")]
    public long? Duration { get; set; }

    /// <summary>Whether the agent's identity was verified.</summary>
    [EqlField("agent_id_status")]
    public Text AgentIdStatus { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Action = default;
        Category.Clear();
        Type.Clear();
        Code = default;
        Provider = default;
        Module = default;
        Dataset = default;
        Outcome = default;
        Kind = default;
        Id = default;
        Sequence = null;
        Severity = null;
        RiskScore = null;
        Reason = default;
        Created = default;
        Ingested = default;
        Original = default;
        Duration = null;
        AgentIdStatus = default;
    }
}
