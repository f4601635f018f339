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
    private readonly LineagePaths _paths;
    private readonly EventField? _category;
    private readonly EventField? _entityId;
    private readonly EventField? _parentEntityId;
    private readonly IReadOnlyList<(EventField Field, string Text)> _starts;
    private readonly IReadOnlyList<(BoundLineage Lineage, HashSet<ValueList> Sources)> _sources;
    private readonly List<(HashSet<ValueList> Sources, ValueList Process)> _fresh = [];
    private readonly Dictionary<ValueList, ValueList?> _parents = [];
    private readonly History _history;

    /// <exception cref="ArgumentException">There is a lineage, and the schema lacks a field that tells it.</exception>
    public LineageTable(
        IEnumerable<BoundLineage> lineages, EventSchema schema, LineagePaths paths, IEventReader reader, Interpreter interpreter)
    {
        _interpreter = interpreter;
        _reader = reader;
        _paths = paths;
        _sources = [.. lineages.Select(lineage => (lineage, new HashSet<ValueList>()))];
        _category = schema.Find(schema.CategoryPath);
        _entityId = Find(paths.EntityId);
        _parentEntityId = Find(paths.ParentEntityId);
        _starts = [.. paths.Starts.Where(start => schema.Find(start.Path) is not null).Select(start => (schema.Find(start.Path)!, start.Text))];
        _history = new History([], this);

        EventField? Find(string path) => schema.Find(path) ?? (_sources.Count == 0 ? null : throw new ArgumentException(
            $"The query asks for the lineage of processes, which the field '{path}' would tell; the schema has no such field.", nameof(schema)));
    }

    /// <summary>Takes note of an event, before it is matched.</summary>
    public void Observe(object @event)
    {
        if (_sources.Count == 0 || Read(@event, _entityId) is not { } process)
            return;
        ValueList? parent = Read(@event, _parentEntityId);
        if ((parent is not null || IsStart(@event)) && !_parents.ContainsKey(process))
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
        // Events can say that two processes started each other; each is visited once.
        var visited = new HashSet<ValueList>();
        for (ValueList? ancestor = ParentOf(process); ancestor is not null && visited.Add(ancestor); ancestor = ParentOf(ancestor))
            yield return ancestor;
    }

    private bool IsStart(object @event) =>
        _category is not null
        && _reader.Read(@event, _category, 0).Contains(_paths.StartCategory)
        && _starts.Any(start => _reader.Read(@event, start.Field, 0).Contains(start.Text));

    private ValueList? Read(object @event, EventField? field) =>
        field is not null && _reader.Read(@event, field, 0) is { Count: > 0 } values ? new ValueList([values]) : null;
}
