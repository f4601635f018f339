namespace CallStackRules.Eql.Interpretation;

/// <summary>What an expression may ask beside the event at hand: the events of other steps, and the relations of processes.</summary>
/// <param name="Steps">
/// By step of the query its events: several under <c>runs</c>, none for a missing event and for a step that is still to come.
/// </param>
/// <param name="Lineage">The processes.</param>
internal sealed record History(IReadOnlyList<IReadOnlyList<object>> Steps, LineageTable Lineage);
