using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>A name lookup.</summary>
public sealed class DnsInfo : IClearable
{
    /// <summary>Name that was looked up.</summary>
    [EqlField("question.name")]
    public Text QuestionName { get; set; }

    /// <summary>Kind of record asked for, as in <c>A</c>.</summary>
    [EqlField("question.type")]
    public Text QuestionType { get; set; }

    /// <summary>Class of record asked for.</summary>
    [EqlField("question.class")]
    public Text QuestionClass { get; set; }

    /// <summary>The part of the name that was registered.</summary>
    [EqlField("question.registered_domain")]
    public Text QuestionRegisteredDomain { get; set; }

    /// <summary>What stands before the registered part.</summary>
    [EqlField("question.subdomain")]
    public Text QuestionSubdomain { get; set; }

    /// <summary>Last part of the name.</summary>
    [EqlField("question.top_level_domain")]
    public Text QuestionTopLevelDomain { get; set; }

    /// <summary>Addresses in the answer.</summary>
    [EqlField("resolved_ip")]
    public TextList ResolvedIp { get; } = new();

    /// <summary>Outcome of the lookup, as in <c>NOERROR</c>.</summary>
    [EqlField("response_code")]
    public Text ResponseCode { get; set; }

    /// <summary><c>query</c> or <c>answer</c>.</summary>
    [EqlField("type")]
    public Text Type { get; set; }

    /// <summary>Options of the lookup.</summary>
    [EqlField("Ext.options")]
    public long? Options { get; set; }

    /// <summary>The system's code for the outcome.</summary>
    [EqlField("Ext.status")]
    public long? Status { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        QuestionName = default;
        QuestionType = default;
        QuestionClass = default;
        QuestionRegisteredDomain = default;
        QuestionSubdomain = default;
        QuestionTopLevelDomain = default;
        ResolvedIp.Clear();
        ResponseCode = default;
        Type = default;
        Options = null;
        Status = null;
    }
}
