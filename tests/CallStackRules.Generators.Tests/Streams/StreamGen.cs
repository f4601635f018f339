using System.Globalization;
using System.Text;
using CsCheck;

namespace CallStackRules.Generators.Tests.Streams;

/// <summary>Random queries with steps or lineage, and random streams in which they find something: of few names, keys, processes and moments.</summary>
internal static class StreamGen
{
    private static readonly string[] Filters =
    [
        "[a]", "[a]", "[b]", "[b]", "[c]", "[any where true]", "[any where name in (\"a\", \"b\")]", "[process where name == \"a\"]", "[file where number >= 1]",
        "[any where name == \"b\" and user != null]", "[any where name == \"a\" and descendant of [any where name == \"c\"]]",
        "[process where child of [any where name == \"b\" and number > 0]]", "[any where event of [file where name == \"c\"] and not name == \"a\"]",
    ];

    /// <summary>What a step can ask that stands behind one called <c>first</c>.</summary>
    private static readonly string[] LaterFilters =
    [
        .. Filters, "[any where name == \"b\" and number >= first.number]", "[any where key == first.key]", "[any where name == \"c\" and first.user == null]",
        "[any where name != \"c\" and concat(key, first.name) == \"xa\"]", "[any where first.list == key]",
    ];

    /// <summary>Keys that all steps share, and those of every other step.</summary>
    private static readonly (string Shared, string Even, string Odd)[] Keys =
    [
        ("", "", ""), (" by key", "", ""), (" by key", "", ""), (" by ?key", "", ""), (" by key, ?user", "", ""), ("", " by key", " by user"),
        (" by ?user", " by key", " by key"), ("", " by number", " by fraction"), ("", " by list", " by key"), (" by length(key)", "", ""),
        (" by length(list)", "", ""), (" by concat(list, key)", "", ""), (" by concat(list, list), ?list", "", ""), (" by list == \"x\"", "", ""),
        ("", " by concat(list, \"1\")", " by concat(key, \"1\")"), ("", " by length(list)", " by number"), ("", " by number + 1", " by length(list)"),
    ];

    private static readonly string[] LineageQueries =
    [
        "any where descendant of [any where name == \"a\"]", "process where name == \"b\" and not descendant of [process where name == \"a\" and number == 1]",
        "any where child of [file where key == \"x\"] or event of [any where name == \"c\" and user == \"x\"]",
        "any where event of [any where child of [any where name == \"a\"]]", "any where child of [any where descendant of [any where name == \"b\"]]",
    ];

    private static readonly string[] EventQueries =
    [
        "any where true", "any where name in (\"a\", \"b\")", "file where number >= 1", "process where user != null", "any where list == \"x\"",
    ];

    /// <summary>What results can go through; fields are those of the first event.</summary>
    private static readonly string[] Pipes =
    [
        "head 2", "tail 2", "tail", "filter name == \"b\"", "filter user == null and not list == \"y\"", "filter length(list) > 1 or number + 1 > 2",
        "filter concat(name, key) : \"?x\"", "filter events[0].number == 1", "unique key", "unique name, user", "unique list", "unique name == \"a\"", "unique fraction",
        "unique length(list), concat(key, list)", "sort key", "sort user, number", "sort list", "sort number == 1, fraction", "count", "count key", "count name, list",
        "unique_count user", "unique_count number, key", "window 1s", "window 2s, user", "unique key | head 2", "filter number > 0 | sort name, number | tail 3",
        "tail 4 | unique_count user", "sort fraction | head 3 | unique name", "head 5 | window 3s, key | count user",
    ];

    /// <summary>The same with fields of several events.</summary>
    private static readonly string[] PipesOfSeveral =
    [
        .. Pipes, "filter events[1].number >= number", "filter events[1].name == null or events[1].list == name", "unique events[1].user, key", "sort events[1].number, user",
        "unique_count concat(name, events[1].name)", "filter first.user != null", "count first.number",
    ];

    /// <summary>A query without mistakes.</summary>
    public static Gen<string> Query { get; } = Gen.Frequency(
        (1, OneOf(LineageQueries)), (12, Sequence()), (2, Unordered()), (2, Piped(OneOf([.. EventQueries, .. LineageQueries]))), (1, Piped(Unordered())));

    private static Gen<string> Piped(Gen<string> query) =>
        from start in query
        from pipe in OneOf(Pipes)
        select $"{start} | {pipe}";

    /// <summary>
    /// Events as <c>.stream</c> files write them. Time stands still now and then; where it may step back, it sometimes does. No process descends from itself.
    /// </summary>
    public static Gen<string> Stream(bool mayStepBack)
    {
        Gen<int> delay = Gen.Frequency((8, Gen.Int[0, 1200]), (2, Gen.Const(0)), (mayStepBack ? 1 : 0, Gen.Int[-700, -1]));
        Gen<(string Text, int Delay)> anEvent =
            from name in OneOf("a", "a", "b", "b", "c", "u", "m")
            from key in OneOf("/x", "/x", "/x", "/y", "")
            from user in OneOf("", ",user=x", ",user=y")
            from category in OneOf("", "", ",cat=file")
            from process in Gen.Int[0, 4]
            from parent in Gen.Int[0, 3]
            from number in Gen.Int[0, 2]
            from several in OneOf("", ",list=x", ",list=x+y")
            from passed in delay
            select ($"{name}{key}@{{0}}{user}{category}{Processes(process, parent)},number={number},fraction={number}.0{several}", passed);
        return anEvent.Array[0, 30].Select(events =>
        {
            long time = 0;
            return string.Join(' ', events.Select(one => string.Format(CultureInfo.InvariantCulture, one.Text, time += one.Delay)));
        });
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<string> Sequence() =>
        from count in Gen.Int[1, 4]
        from filters in OneOf(Filters).Array[4]
        from later in OneOf(LaterFilters).Array[4]
        from missing in Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true))).Array[4]
        from runs in Gen.Frequency((6, Gen.Const(1)), (1, Gen.Const(2)), (1, Gen.Const(3))).Array[4]
        from keys in OneOf(Keys)
        from span in OneOf("", " with maxspan=1s", " with maxspan=3s")
        from hasUntil in Gen.Frequency((3, Gen.Const(false)), (1, Gen.Const(true)))
        from pipe in Gen.Frequency((3, Gen.Const("")), (1, OneOf(PipesOfSeveral)))
        select WriteSequence(count, filters, later, missing, runs, keys, span, hasUntil) + (pipe.Length == 0 ? "" : " | " + (count > 1 ? pipe : Pipes[pipe.Length % Pipes.Length]));

    private static string WriteSequence(
        int count, string[] filters, string[] later, bool[] missing, int[] runs, (string Shared, string Even, string Odd) keys, string span, bool hasUntil)
    {
        if (count == 1)
            runs[0] = Math.Max(runs[0], 2);
        // Something has to happen, and what must not needs a time in which it must not.
        if (missing.Take(count).All(isMissing => isMissing))
            missing[count - 1] = false;
        if (missing.Take(count).Contains(true) && span.Length == 0)
            span = " with maxspan=2s";
        var query = new StringBuilder($"sequence{keys.Shared}{span}");
        bool isNamed = false;
        for (int i = 0; i < count; i++)
        {
            string filter = isNamed ? later[i] : filters[i];
            query.Append(CultureInfo.InvariantCulture, $" {(missing[i] ? "!" : "")}{filter}{(i % 2 == 0 ? keys.Even : keys.Odd)}");
            if (missing[i])
                continue;
            if (runs[i] > 1)
                query.Append(CultureInfo.InvariantCulture, $" with runs={runs[i]}");
            if (!isNamed)
                query.Append(" as first");
            isNamed = true;
        }
        return hasUntil ? $"{query} until [u]{keys.Even}" : query.ToString();
    }

    private static Gen<string> Unordered() =>
        from isSample in Gen.Bool
        from filters in OneOf(Filters).Array[2, 4]
        from keys in OneOf(Keys[1..])
        from until in OneOf("", " until [u]" + keys.Even)
        select $"{(isSample ? "sample" : "join")}{keys.Shared} {string.Join(' ', filters.Select((filter, i) => filter + (i % 2 == 0 ? keys.Even : keys.Odd)))}"
            + (isSample ? "" : until);

    /// <summary>A process, and where it is told the parent: always one of a lower number.</summary>
    private static string Processes(int process, int parent) => (process, parent < process) switch
    {
        (0, _) => "",
        (_, true) when parent > 0 => $",p={process},pp={parent}",
        _ => $",p={process}",
    };
}
