using CallStackRules.Events;
using CallStackRules.Matching;

namespace CallStackRules.Tests.Matching;

public sealed class AllocationTests
{
    private static readonly Text[] Texts =
    [
        Text.Missing, "", "cmd.exe", RandomText.InBuffer(@"C:\Windows\System32\CMD.EXE"), "Ünïcödé.exe", "\U00010400\U00010428", "10.1.2.3", "fe80::1%eth0",
        "::ffff:10.0.0.1", "-314", "0x1F", "3.14", new string('a', 2000), RandomText.InBuffer(new string('É', 300)),
    ];

    private readonly WildcardPattern[] _patterns =
    [
        .. new[] { "", "*", "cmd.exe", "cmd*", "*.exe", "*md.*", "?:\\*\\*.exe", "*a?a*É*b" }
            .SelectMany(pattern => new[] { new WildcardPattern(pattern, ignoreCase: true), new WildcardPattern(pattern, ignoreCase: false) }),
    ];

    private readonly WildcardSet _wildcards = new(ignoreCase: true, "cmd.exe", "*system32*", "*é*", "*\\cmd.exe", "?:\\Windows\\*", "*\U00010400*");
    private readonly TextSet _set = new(ignoreCase: true, "cmd.exe", "powershell.exe", "ünïcödé.exe", "");
    private readonly NetworkSet _networks = new("10.0.0.0/8", "fe80::/10");
    private readonly TextAutomaton _automaton = new([0, 'a', 'b'], [0, 1, 0], 2, [0, 0, 0, 1], start: 1, firstAccepting: 1);
    private readonly TextNfa _nfa = new([0, 'a', 'b'], [0, 1, 0], 2, acceptsEmpty: true, [1], [1], [0, 1], [0], [1]);

    [Fact]
    public void Nothing_allocates_once_it_is_warm()
    {
        for (int i = 0; i < 50; i++)
            CallEverything();

        int results = 0;
        Assert.Equal(0, Allocations.Of(() => results += CallEverything()));
        Assert.True(results > 0);
    }

    private int CallEverything()
    {
        int results = 0;
        foreach (Text x in Texts)
        {
            TextScratch scratch = TextScratch.Current;
            scratch.Clear();
            results += OfOne(x, scratch);
            foreach (Text y in Texts)
            {
                results += OfTwo(x, y, ignoreCase: true, scratch) + OfTwo(x, y, ignoreCase: false, scratch);
            }
        }
        return results + OfNumbers(TextScratch.Current);
    }

    private int OfOne(Text x, TextScratch scratch)
    {
        int results = 0;
        foreach (WildcardPattern pattern in _patterns)
            results += One(pattern.IsMatch(x));
        results += One(_wildcards.IsMatch(x)) + One(_set.Contains(x)) + One(_networks.Contains(x)) + One(_automaton.IsMatch(x)) + One(_nfa.IsMatch(x));
        results += One(TextPredicates.EqualsLiteral(x, "cmd.exe")) + One(TextPredicates.EqualsLiteralIgnoreCase(x, "cmd.exe"));
        results += One(TextFunctions.Length(x)) + One(TextFunctions.ToNumber(x)) + One(TextFunctions.ToNumber(x, 16)) + One(TextFunctions.ToFloat(x));
        results += One(TextFunctions.Substring(x, -5)) + One(TextFunctions.Substring(x, 0, 5));
        return results + One(scratch.Concat(x, "|", x, "|", x, "|", x, "|", x));
    }

    private static int OfTwo(Text x, Text y, bool ignoreCase, TextScratch scratch) =>
        One(TextPredicates.Equals(x, y)) + One(TextPredicates.EqualsIgnoreCase(x, y)) + One(TextPredicates.Less(x, y)) + One(TextPredicates.LessOrEqual(x, y))
        + One(TextPredicates.Greater(x, y)) + One(TextPredicates.GreaterOrEqual(x, y)) + One(TextPredicates.StartsWith(x, y, ignoreCase))
        + One(TextPredicates.EndsWith(x, y, ignoreCase)) + One(TextPredicates.Contains(x, y, ignoreCase))
        + One(TextFunctions.IndexOf(x, y, ignoreCase)) + One(TextFunctions.IndexOf(x, y, 1, ignoreCase))
        + One(TextFunctions.Between(x, "c", y, greedy: true, ignoreCase)) + One(TextPredicates.EndsWith(x, scratch.Concat("|", y), ignoreCase));

    private static int OfNumbers(TextScratch scratch) =>
        One(scratch.Render(12345)) + One(scratch.Render(1.5)) + One(scratch.Render(true))
        + One(Arithmetic.Add(1, 2)) + One(Arithmetic.Divide(1.0, 2.0)) + One(Arithmetic.Modulo(-7, 2)) + One(Arithmetic.Multiply(long.MaxValue, 2))
        + One(Arithmetic.Less(1L, (double?)2.0)) + One(Arithmetic.Equal((double?)2.0, 1L));

    private static int One(bool value) => value ? 1 : 0;

    private static int One(Text value) => value.IsMissing ? 0 : 1;

    private static int One(long? value) => value is null ? 0 : 1;

    private static int One(double? value) => value is null ? 0 : 1;
}
