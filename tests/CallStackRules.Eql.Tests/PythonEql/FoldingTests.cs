using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;
using CallStackRules.Eql.Tests.Interpretation;

namespace CallStackRules.Eql.Tests.PythonEql;

/// <summary>Python-eql's folding suites, by constant folding (which is the interpreter) and by the functions that compiled rules call.</summary>
public sealed class FoldingTests
{
    private const string NoThirdValue = "Logic is two-valued: what is missing does not hold, and its negation does.";
    private const string MethodSpelling = "The spelling value:function() is gone.";
    private const string CaseOfComparisons = "Comparisons are sensitive to case; ':' and 'in~' are there for the rest.";
    private const string NullArgument = "A null argument makes a value function null; it is not an argument left out.";
    private const string OtherBase = "Numbers are read in base 10 and 16.";

    /// <summary>Cases in which the language differs on purpose, and why.</summary>
    private static readonly Dictionary<string, string> LeftOut = new()
    {
        ["test_folding/not/0"] = NoThirdValue,
        ["test_folding/complex/0"] = MethodSpelling,
        ["test_folding/complex/1"] = MethodSpelling,
        ["test_folding/string_case_insensitive_match_comparison/2"] = CaseOfComparisons,
        ["test_folding/string_case_insensitive_match_comparison/3"] = CaseOfComparisons,
        ["test_folding/string_case_insensitive_match_comparison/4"] = CaseOfComparisons,
        ["test_folding/string_case_insensitive_match_comparison/6"] = CaseOfComparisons,
        ["test_folding/string_case_insensitive_match_comparison/9"] = CaseOfComparisons,
        ["test_folding/string_case_insensitive_match_comparison/11"] = CaseOfComparisons,
        ["test_string_functions/indexof/5"] = NullArgument,
        ["test_string_functions/substring/2"] = NullArgument,
        ["test_string_functions/substring/3"] = NullArgument,
        ["test_string_functions/substring/4"] = NullArgument,
        ["test_string_functions/substring/9"] = NullArgument,
        ["test_string_functions/number/9"] = OtherBase,
        ["test_string_functions/number/10"] = OtherBase,
    };

    [SkippableFact]
    public void Folding_and_the_run_time_give_the_expected_values()
    {
        IReadOnlyList<FoldingCase> cases = FoldingCase.Read();
        string?[] differences = [.. cases.Where(test => !LeftOut.ContainsKey(test.Name)).Select(Difference)];
        Assert.Equal("", string.Join('\n', differences.OfType<string>()));
        Assert.Equal(242, differences.Length);
    }

    [SkippableFact]
    public void What_is_left_out_would_differ()
    {
        IReadOnlyList<FoldingCase> cases = FoldingCase.Read();
        Assert.All(LeftOut.Keys, name => Assert.NotNull(Difference(cases.Single(test => test.Name == name))));
    }

    [SkippableFact]
    public void What_is_a_mistake_there_is_one_here()
    {
        foreach (string expression in FoldingCase.ReadMistakes())
            Assert.NotEmpty(Bind(expression).Errors);
    }

    /// <summary>How folding or running a case differs from what is expected; null when neither does.</summary>
    private static string? Difference(FoldingCase test)
    {
        (BoundExpression? bound, IReadOnlyList<string> errors) = Bind(test.Expression);
        if (bound is null || errors.Count > 0)
            return $"{test.Name}: {test.Expression}: {errors.FirstOrDefault()}";
        object? folded = ConstantFolder.Fold(bound) is BoundConstant constant ? constant.Value : "not folded";
        object? computed = RunTimeValue.Of(bound);
        return IsExpected(test, bound, folded) && IsExpected(test, bound, computed)
            ? null
            : $"{test.Name}: {test.Expression} is {test.Expected ?? "null"}, not {folded ?? "null"} (folded) or {computed ?? "null"} (run)";
    }

    /// <summary>Where python-eql has null for a predicate, it does not hold.</summary>
    private static bool IsExpected(FoldingCase test, BoundExpression bound, object? value) => (test.Expected, value) switch
    {
        (null, bool holds) => bound.IsPredicate && !holds,
        (double expected, double actual) => Math.Abs(expected - actual) < 1e-12,
        _ => Equals(test.Expected, value),
    };

    /// <summary>Binds a value, which a query has only inside a condition.</summary>
    private static (BoundExpression? Value, IReadOnlyList<string> Errors) Bind(string expression)
    {
        (QuerySyntax? query, IReadOnlyList<EqlDiagnostic> diagnostics) = QueryParser.ParseQuery($"any where ({expression}) != null");
        List<EqlDiagnostic> all = [.. diagnostics];
        var bound = query is null ? null : (BoundEventQuery)Binder.Bind(query, SchemaOf.Fields("event.category text*", "@timestamp integer"), all);
        BoundExpression? value = bound?.Filter.Condition is BoundNot { Operand: BoundNot { Operand: BoundExists exists } } ? exists.Operand : null;
        return (value, [.. all.Where(diagnostic => diagnostic.IsError).Select(diagnostic => diagnostic.Message)]);
    }
}
