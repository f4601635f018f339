namespace CallStackRules.Eql.Tests.PythonEql;

/// <summary>Queries of python-eql's suite for which the language differs on purpose, by number, and why.</summary>
internal static class LeftOut
{
    private const string Ordering = "Texts are ordered by UTF-16 unit; there is no ordering that ignores case.";
    private const string Index = "There is no index into a list; a comparison holds for any value.";
    private const string Safe = "There are no errors at run time, and so no safe() that turns them into null.";
    private const string NoThirdValue = "Logic is two-valued: what is missing does not hold, and its negation does.";
    private const string Fork = "A step has no parameters; a match that is advanced is used up.";
    private const string CountField = "What unique_count counts is part of the result and no field of the event.";

    /// <summary>Those about one event.</summary>
    public static IReadOnlyDictionary<int, string> AboutOneEvent { get; } = new Dictionary<int, string>
    {
        [29] = Ordering,
        [38] = Ordering,
        [39] = Ordering,
        [40] = Ordering,
        [41] = Ordering,
        [53] = Index,
        [153] = Index,
        [154] = Index,
        [155] = Index,
        [158] = Index,
        [159] = Index,
        [160] = Index,
        [217] = Safe,
    };

    /// <summary>Those with steps, lineage or pipes.</summary>
    public static IReadOnlyDictionary<int, string> OverStreams { get; } = new Dictionary<int, string>
    {
        [20] = NoThirdValue,
        [21] = NoThirdValue,
        [66] = Ordering,
        [118] = NoThirdValue,
        [119] = NoThirdValue,
        [143] = Fork,
        [149] = CountField,
        [150] = CountField,
    };
}
