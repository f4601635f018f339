using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Tests.Syntax;

/// <summary>Whatever two mistakes a rule has, there are two messages about it.</summary>
public class IndependentMistakesTests
{
    /// <summary>Conditions with one mistake each.</summary>
    private static readonly (string Condition, string Id)[] Mistakes =
    [
        ("a # b", "EQL0001"),
        ("a == \"x", "EQL0002"),
        ("a : (\"x\", \"y)", "EQL0002"),
        ("(a == \"x) or b", "EQL0002"),
        ("a == \"\"\"x", "EQL0002"),
        ("a == \"\\q\"", "EQL0004"),
        ("a == 'x'", "EQL0005"),
        ("a == 'x", "EQL0005"),
        ("a == ?\"x\"", "EQL0005"),
        ("a = 1", "EQL0006"),
        ("!(a == 1)", "EQL0006"),
        ("a == 1 && b", "EQL0006"),
        ("a~ == 1", "EQL0006"),
        ("a == 1 AND b", "EQL0007"),
        ("a == 10kb", "EQL0008"),
        ("a == 1.2.3.4", "EQL0008"),
        ("a. == 1", "EQL0009"),
        ("a == $", "EQL0009"),
        ("a == ?", "EQL0009"),
        ("a ==", "EQL0010"),
        ("a == *", "EQL0010"),
        ("()", "EQL0010"),
        ("a and or b", "EQL0010"),
        ("a b", "EQL0011"),
        ("a , b", "EQL0011"),
        ("(a == 1", "EQL0012"),
        ("((a == 1) or b", "EQL0012"),
        ("f(a", "EQL0012"),
        ("a : (\"x\", \"y\"", "EQL0012"),
        ("a == 1)", "EQL0013"),
        ("child of [b == 1]", "EQL0014"),
        ("child of [file b == 1]", "EQL0014"),
        ("a not like \"x\"", "EQL0015"),
        ("a == not b", "EQL0015"),
        ("a == b == c", "EQL0016"),
        ("a in ()", "EQL0017"),
        ("a in (1, 2,)", "EQL0017"),
        ("a in (1 2)", "EQL0017"),
        ("a in (1 or 2)", "EQL0017"),
        ("a == (1, 2)", "EQL0017"),
        ("a in [1, 2]", "EQL0017"),
        ("child of file", "EQL0019"),
    ];

    public static TheoryData<string> Conditions => [.. Mistakes.Select(mistake => mistake.Condition)];

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Two_steps_with_a_mistake_each_have_its_message_each(string condition)
    {
        string id = Mistakes.First(mistake => mistake.Condition == condition).Id;
        foreach ((string other, string otherId) in Mistakes)
        {
            string query = $"sequence by x\n  [process where {condition}]\n  [file where y == 1]\n  [any where {other}]\n  until [any where z]";
            IReadOnlyList<EqlDiagnostic> diagnostics = QueryParser.ParseQuery(query).Diagnostics;
            Assert.True(diagnostics.Select(diagnostic => diagnostic.Descriptor.Id).SequenceEqual([id, otherId]), Carets.Render(query, diagnostics));
        }
    }

    /// <summary>Of two mistakes in one condition the first may turn the second into another one, but not into more or fewer, unless both are about the same brackets.</summary>
    [Theory]
    [MemberData(nameof(Conditions))]
    public void Two_mistakes_in_one_condition_have_a_message_each_on_its_line(string condition)
    {
        bool leavesBracketOpen = condition.Count(c => c == '(') > condition.Split('"')[0].Count(c => c == ')');
        foreach ((string other, string otherId) in Mistakes)
        {
            if (leavesBracketOpen && (otherId is "EQL0012" or "EQL0013" || other == "a , b"))
                continue;
            string query = $"process where {condition}\n  and x : (\"a\", \"b\") and (y == 1 or z)\n  and {other}";
            IReadOnlyList<EqlDiagnostic> diagnostics = QueryParser.ParseQuery(query).Diagnostics;
            LineMap lines = new(query);
            Assert.True(diagnostics.Select(diagnostic => lines.GetPosition(diagnostic.Span.Start).Line).SequenceEqual([0, 2]), Carets.Render(query, diagnostics));
        }
    }
}
