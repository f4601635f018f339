namespace CallStackRules.Eql.Diagnostics;

public static partial class EqlDiagnostics
{
    private static IReadOnlyList<EqlDescriptor> BindingDescriptors => [];
}
