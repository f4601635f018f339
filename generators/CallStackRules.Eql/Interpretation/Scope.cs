using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Interpretation;

/// <summary>What names stand for while an expression is evaluated: the event, and inside <c>_arraysearch</c> the item that each variable is at.</summary>
internal sealed class Scope
{
    private readonly object _event;
    private readonly Scope? _outer;
    private readonly string? _variable;
    private readonly object? _item;

    public Scope(object @event) => _event = @event;

    private Scope(Scope outer, string variable, object item)
    {
        _event = outer._event;
        _outer = outer;
        _variable = variable;
        _item = item;
    }

    public Scope With(BoundVariable variable, object item) => new(this, variable.Name, item);

    /// <summary>Where the path of a field starts.</summary>
    public object RootOf(BoundField field)
    {
        if (field.Root is null)
            return _event;
        for (Scope? scope = this; scope is not null; scope = scope._outer)
        {
            if (scope._variable == field.Root.Name)
                return scope._item!;
        }
        throw new ArgumentException($"The variable {field.Root.Name} has no item here.", nameof(field));
    }
}
