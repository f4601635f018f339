using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Lints;

/// <summary>EQL2006: a category that no field of the schema belongs to.</summary>
internal static class CategoryLint
{
    public static void Check(BoundFilter filter, EventSchema schema, Action<EqlDiagnostic> report)
    {
        if (filter.Category is not { } category)
            return;
        var known = new HashSet<string>(schema.Fields.SelectMany(field => field.Categories), StringComparer.Ordinal);
        // A schema that names no categories says nothing about them.
        if (known.Count > 0 && !known.Contains(category))
            report(EqlDiagnostics.UnknownCategory(new(filter.Span.Start, category.Length), category, Spelling.Closest(category, known)));
    }
}
