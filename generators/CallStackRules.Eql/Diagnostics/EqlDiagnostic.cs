using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Diagnostics;

/// <summary>How much a diagnostic matters.</summary>
public enum EqlSeverity
{
    /// <summary>Something to know.</summary>
    Information,
    /// <summary>Probably a mistake.</summary>
    Warning,
    /// <summary>The rule cannot be compiled.</summary>
    Error,
}

/// <summary>One kind of message: its stable id, its title, and how severe it is.</summary>
/// <param name="Id">As in <c>EQL1001</c>; each has a page in <c>docs/diagnostics</c>.</param>
/// <param name="Title">The kind of mistake in a few words.</param>
/// <param name="Severity">Severity unless configured otherwise.</param>
public sealed record EqlDescriptor(string Id, string Title, EqlSeverity Severity);

/// <summary>A message about a place in a rule file.</summary>
/// <param name="Descriptor">Its kind.</param>
/// <param name="Span">The characters it is about.</param>
/// <param name="Message">What is wrong and what to do, one line.</param>
public sealed record EqlDiagnostic(EqlDescriptor Descriptor, TextSpan Span, string Message)
{
    /// <summary>Whether the rule cannot be compiled.</summary>
    public bool IsError => Descriptor.Severity == EqlSeverity.Error;
}
