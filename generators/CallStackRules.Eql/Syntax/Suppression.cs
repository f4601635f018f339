namespace CallStackRules.Eql.Syntax;

/// <summary>A comment <c>// eql-disable EQL2003, EQL2001: reason</c>, which silences lints about the next line that holds a part of the query.</summary>
/// <param name="Span">The comment.</param>
/// <param name="Line">The line that is silenced, from zero.</param>
/// <param name="Ids">The silenced ids, as in <c>EQL2003</c>.</param>
/// <param name="Reason">Why; empty when not said.</param>
public sealed record Suppression(TextSpan Span, int Line, IReadOnlyList<string> Ids, string Reason);
