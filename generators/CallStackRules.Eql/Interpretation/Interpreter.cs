using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Interpretation;

/// <summary>
/// Evaluates bound expressions on one event, slowly and plainly: what it says is what the language means, and compiled matchers are held against it.
/// </summary>
public sealed class Interpreter
{
    private static readonly Evaluator Constants = new(new NoEvent());

    private readonly IEventReader _reader;
    private readonly EventField _category;
    private readonly Evaluator _evaluator;

    /// <summary>An interpreter of expressions that were bound against a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="reader">Reads the schema's fields from events.</param>
    /// <exception cref="ArgumentException">The schema names a category field that it does not have.</exception>
    public Interpreter(EventSchema schema, IEventReader reader)
    {
        _reader = reader;
        _evaluator = new Evaluator(reader);
        _category = schema.Find(schema.CategoryPath)
            ?? throw new ArgumentException($"The schema has no field '{schema.CategoryPath}', which it names as the category.", nameof(schema));
    }

    /// <summary>Whether an event is of the filter's category and satisfies its condition.</summary>
    /// <param name="filter">The filter, folded or not.</param>
    /// <param name="event">What the reader takes as an event.</param>
    /// <exception cref="NotSupportedException">The condition asks for other events: lineage, or a field of an earlier step.</exception>
    public bool Matches(BoundFilter filter, object @event) => Matches(filter, @event, history: null);

    /// <summary>The same when other events are known.</summary>
    internal bool Matches(BoundFilter filter, object @event, History? history) =>
        (filter.Category is null || _reader.Read(@event, _category, 0).Contains(filter.Category))
        && _evaluator.Holds(filter.Condition, new Scope(@event, history));

    /// <summary>The values of an expression: none when it is missing, several when a multi-valued field is in it, else one.</summary>
    /// <param name="expression">A value or a predicate.</param>
    /// <param name="event">What the reader takes as an event.</param>
    /// <returns>A <see cref="string"/>, <see cref="long"/>, <see cref="double"/> or <see cref="bool"/> each; objects as the reader gives them.</returns>
    /// <exception cref="NotSupportedException">The expression asks for other events.</exception>
    public IReadOnlyList<object> Values(BoundExpression expression, object @event) => Values(expression, @event, history: null);

    /// <summary>The same when other events are known; without an event all its fields are missing.</summary>
    internal IReadOnlyList<object> Values(BoundExpression expression, object? @event, History? history) =>
        _evaluator.Values(expression, new Scope(@event, history));

    /// <summary>The value of an expression that reads no field; null when it is missing.</summary>
    /// <exception cref="ArgumentException">The expression reads a field.</exception>
    public static object? Constant(BoundExpression expression) => Constants.Values(expression, new Scope(new object())).SingleOrDefault();

    private sealed class NoEvent : IEventReader
    {
        public IReadOnlyList<object> Read(object root, EventField field, int firstStep) =>
            throw new ArgumentException($"A constant reads no event, and '{field.Path}' is a field of one.", nameof(field));
    }
}
