namespace CallStackRules.Eql.Diagnostics;

/// <summary>
/// Every message the compiler can give: one factory method each, so that its wording stands in one place.
/// The parts of this class follow the ids: syntax, binding, lints, front matter.
/// </summary>
public static partial class EqlDiagnostics
{
    /// <summary>Every kind of message.</summary>
    public static IReadOnlyList<EqlDescriptor> All => [.. SyntaxDescriptors, .. BindingDescriptors, .. LintDescriptors, .. FrontMatterDescriptors];
}
