using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Interpretation;

/// <summary>What names stand for while an expression is evaluated: the event, and inside <c>_arraysearch</c> the item that each variable is at.</summary>
internal sealed class Scope
{
    private readonly Scope? _outer;
    private readonly string? _variable;
    private readonly object? _item;

    /// <param name="event">The event; null when there is none, as behind <c>| count</c>: then every field of it is missing.</param>
    /// <param name="history">What is known of other events; null when only this one is there to ask.</param>
    public Scope(object? @event, History? history = null)
    {
        Event = @event;
        History = history;
    }

    private Scope(Scope outer, string variable, object item)
    {
        Event = outer.Event;
        History = outer.History;
        _outer = outer;
        _variable = variable;
        _item = item;
    }

    public object? Event { get; }

    public History? History { get; }

    public Scope With(BoundVariable variable, object item) => new(this, variable.Name, item);

    /// <summary>Where the path of a field starts.</summary>
    public object? RootOf(BoundField field)
    {
        if (field.Root is null)
            return Event;
        for (Scope? scope = this; scope is not null; scope = scope._outer)
        {
            if (scope._variable == field.Root.Name)
                return scope._item;
        }
        throw new ArgumentException($"The variable {field.Root.Name} has no item here.", nameof(field));
    }
}
