using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Generators.Emit;

/// <summary>
/// Which fields of each step's event are kept: those that later steps read, those that actions name, those the step itself reads, and the few that tell a reader of
/// the alert what happened.
/// </summary>
internal sealed class KeptFields
{
    /// <summary>What an alert shows of every event, where the schema has it.</summary>
    private static readonly string[] Shown =
    [
        "event.action", "event.category", "event.type", "host.name", "process.command_line", "process.entity_id", "process.executable", "process.name",
        "process.parent.entity_id", "process.parent.executable", "process.parent.name", "process.pid", "user.id", "user.name",
    ];

    private readonly IReadOnlyList<EventField>[] _fields;

    private KeptFields(IReadOnlyList<EventField>[] fields) => _fields = fields;

    /// <summary>The fields of a step, by path; none for a missing step.</summary>
    public IReadOnlyList<EventField> Of(int step) => _fields[step];

    /// <summary>The place of a field among those of its step.</summary>
    public int IndexOf(BoundStepField field)
    {
        IReadOnlyList<EventField> fields = _fields[field.Step];
        for (int i = 0; i < fields.Count; i++)
        {
            if (fields[i].Path == field.Field.Field.Path)
                return i;
        }
        throw new InvalidOperationException($"'{field.Field.Field.Path}' of step {field.Step} is read and not kept.");
    }

    public static KeptFields Of(BoundStepsQuery query, RuleMetadata metadata, EventSchema schema)
    {
        var kept = new SortedDictionary<string, EventField>[query.Steps.Count];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = new SortedDictionary<string, EventField>(StringComparer.Ordinal);
            if (query.Steps[i].IsMissing)
                continue;
            foreach (string path in Shown)
                Add(kept[i], schema.Find(path));
            foreach (BoundField field in BoundTree.SelfAndBelow(query.Steps[i].Filter.Condition).OfType<BoundField>())
            {
                if (field.Root is null && !IsInsideList(field.Field))
                    Add(kept[i], field.Field);
            }
        }
        foreach (BoundStepField field in BoundTree.All(query).OfType<BoundStepField>())
            Add(kept[field.Step], field.Field.Field);
        foreach (Tagged<ActionTag> action in metadata.Actions)
        {
            int step = action.Value.State.Value;
            if (step < kept.Length && !query.Steps[step].IsMissing)
                Add(kept[step], schema.Find(action.Value.Field.Value));
        }
        return new KeptFields([.. kept.Select(static fields => (IReadOnlyList<EventField>)[.. fields.Values])]);
    }

    private static void Add(SortedDictionary<string, EventField> fields, EventField? field)
    {
        if (field is not null && field.Type != FieldType.Object)
            fields[field.Path] = field;
    }

    /// <summary>Whether the field belongs to items of a list, as a frame's does: there may be hundreds.</summary>
    private static bool IsInsideList(EventField field)
    {
        for (int i = 0; i < field.Access.Count - 1; i++)
        {
            if (field.Access[i].List != ListKind.None)
                return true;
        }
        return false;
    }
}
