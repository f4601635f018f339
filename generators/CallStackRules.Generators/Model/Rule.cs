using CallStackRules.Eql;
using CallStackRules.Eql.Diagnostics;

namespace CallStackRules.Generators.Model;

/// <summary>A rule file after compiling: text and values only, so that an unchanged rule compares equal and is emitted no second time.</summary>
/// <param name="Name">Names from the path.</param>
/// <param name="Source">The generated file; null when the rule has errors.</param>
/// <param name="Category">The category of its events; null for any, and for a rule over several.</param>
/// <param name="IsSteps">Whether it is a rule over several events.</param>
/// <param name="Errors">Why there is no source.</param>
internal sealed record Rule(RuleName Name, string? Source, string? Category, bool IsSteps, EquatableArray<RuleError> Errors);

/// <summary>An error with its place, free of the compilation it was found in.</summary>
/// <param name="Diagnostic">The message.</param>
/// <param name="Path">The rule file.</param>
/// <param name="Place">Lines and columns.</param>
internal sealed record RuleError(EqlDiagnostic Diagnostic, string Path, FilePlace Place);

/// <summary>A range of lines and columns, from zero.</summary>
internal sealed record FilePlace(int StartLine, int StartColumn, int EndLine, int EndColumn);

/// <summary>What the rule set knows of a rule.</summary>
internal sealed record RuleEntry(string FullName, string Path, string? Category, bool IsSteps);
