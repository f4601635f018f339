using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Lints;

/// <summary>EQL2005: a field that events of the filter's category never have.</summary>
internal static class FieldCategoryLint
{
    public static void Check(BoundFilter filter, EventSchema schema, Action<EqlDiagnostic> report)
    {
        // An unknown category has its own message.
        if (filter.Category is not { } category || !schema.Fields.Any(field => field.Categories.Contains(category)))
            return;
        foreach (BoundField field in BoundTree.SelfAndBelow(filter.Condition).OfType<BoundField>())
        {
            EquatableArray<string> categories = field.Field.Categories;
            // Fields of an item are as present as the list, which is reported itself.
            if (field.Root is null && categories.Count > 0 && !categories.Contains(category))
                report(EqlDiagnostics.FieldNotFilled(field.Span, field.Field.Path, category, string.Join(", ", categories)));
        }
    }
}
