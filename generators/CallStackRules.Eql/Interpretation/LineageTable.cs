using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Interpretation;

/// <summary>
/// Who started whom, and for which processes the inner query of a lineage has matched. Nothing is ever forgotten, and nothing is computed
/// ahead: a question walks up from the process.
/// </summary>
/// <remarks>
/// One event is answered in three steps: <see cref="Observe"/> links its process and finds out of what it makes the process a source,
/// conditions ask <see cref="Holds"/>, and <see cref="Commit"/> lets the new sources count. So a source counts for later events only.
/// </remarks>
internal sealed class LineageTable
{
    private readonly Interpreter _interpreter;
    private readonly IEventReader _reader;
    private readonly EventField? _entityId;
    private readonly EventField? _parentEntityId;
    private readonly IReadOnlyList<(BoundLineage Lineage, HashSet<ValueList> Sources)> _sources;
    private readonly List<(HashSet<ValueList> Sources, ValueList Process)> _fresh = [];
    private readonly Dictionary<ValueList, ValueList> _parents = [];
    private readonly History _history;

    /// <exception cref="ArgumentException">There is a lineage, and the schema lacks a field that tells it.</exception>
    public LineageTable(
        IEnumerable<BoundLineage> lineages, EventSchema schema, IEventReader reader, Interpreter interpreter)
    {
        _interpreter = interpreter;
        _reader = reader;
        _sources = [.. lineages.Select(lineage => (lineage, new HashSet<ValueList>()))];
        _entityId = Find(schema.ProcessPath);
        _parentEntityId = Find(schema.ParentPath);
        _history = new History([], this);

        EventField? Find(string path) => schema.Find(path) ?? (_sources.Count == 0 ? null : throw new ArgumentException(
            $"The query asks for the lineage of processes, which the field '{path}' would tell; the schema has no such field.", nameof(schema)));
    }

    /// <summary>Takes note of an event, before it is matched.</summary>
    public void Observe(object @event)
    {
        if (_sources.Count == 0 || Read(@event, _entityId) is not { } process)
            return;
        // Events can say that two processes started each other; none is made its own ancestor.
        if (!_parents.ContainsKey(process) && Read(@event, _parentEntityId) is { } parent && !AncestorsOf(parent).Prepend(parent).Contains(process))
            _parents.Add(process, parent);
        foreach ((BoundLineage lineage, HashSet<ValueList> sources) in _sources)
        {
            if (_interpreter.Matches(lineage.Filter, @event, _history))
                _fresh.Add((sources, process));
        }
    }

    /// <summary>Lets the event that was observed last count as past.</summary>
    public void Commit()
    {
        foreach ((HashSet<ValueList> sources, ValueList process) in _fresh)
            sources.Add(process);
        _fresh.Clear();
    }

    /// <summary>Whether the process of an event is in a relation to a process that the inner query matched.</summary>
    public bool Holds(BoundLineage lineage, object? @event)
    {
        if (@event is null || Read(@event, _entityId) is not { } process)
            return false;
        HashSet<ValueList> sources = _sources.First(entry => ReferenceEquals(entry.Lineage, lineage)).Sources;
        return lineage.Relation switch
        {
            LineageRelation.Event => sources.Contains(process) || _interpreter.Matches(lineage.Filter, @event, _history),
            LineageRelation.Child => ParentOf(process) is { } parent && sources.Contains(parent),
            LineageRelation.Descendant => AncestorsOf(process).Any(sources.Contains),
            _ => throw new ArgumentOutOfRangeException(nameof(lineage)),
        };
    }

    private ValueList? ParentOf(ValueList process) => _parents.TryGetValue(process, out ValueList? parent) ? parent : null;

    private IEnumerable<ValueList> AncestorsOf(ValueList process)
    {
        for (ValueList? ancestor = ParentOf(process); ancestor is not null; ancestor = ParentOf(ancestor))
            yield return ancestor;
    }

    private ValueList? Read(object @event, EventField? field) =>
        field is not null && _reader.Read(@event, field, 0) is { Count: > 0 } values ? new ValueList([values]) : null;
}
