namespace CallStackRules.Sequences;

/// <summary>What <c>| count</c> and <c>| unique_count</c> tell.</summary>
/// <param name="Count">How many results have these values.</param>
/// <param name="Share">Their share of all results: above 0, at most 1.</param>
/// <param name="Values">By argument of the pipe its values, and the time of the latest of these results.</param>
public sealed record MatchCount(long Count, double Share, Snapshot Values);
