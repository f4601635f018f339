using System.Diagnostics;
using System.Reflection;

namespace CallStackRules.Generators.Tests;

/// <summary>Errors and breakpoints lead to the rule file, not to generated code.</summary>
public class SourceMappingTests
{
    private const string Model = """
        using CallStackRules.Schema;
        [assembly: EqlSchema(typeof(Failing), Category = "kind")]
        public class Failing
        {
            [EqlField("kind")] public string Kind => "process";
            [EqlField("name")] public string Name => "a";
            [EqlField("words")] public string[] Words => ["a"];
            [EqlField("bad")] public string Bad => throw new System.InvalidOperationException("as asked for");
        }
        """;

    [Theory]
    [InlineData("process where name == \"a\" and\n  bad == \"b\"", 5, 3)]
    [InlineData("process where name == \"b\" or\n\n  (name == \"a\" and\n      not bad : \"x*\")", 7, 7)]
    [InlineData("process where words == \"a\" and\n  words == bad", 5, 3)]
    [InlineData("process where _arraysearch(words, $word,\n  $word == \"a\" and length(bad) > 1)", 5, 20)]
    [InlineData("any where /* a comment\n of lines */ concat(name,\n bad) == \"ab\"", 5, 14)]
    public void A_stack_trace_names_the_line_of_the_condition(string query, int line, int column)
    {
        RuleProject project = RuleProject.OfForeignEvents.WithCSharp("Model.cs", Model).WithRule("rules/failing.eql", query).ForDebugging();
        using CompiledRules compiled = project.Compile();
        object rule = Activator.CreateInstance(compiled.Assembly.GetType("Rules.Rules.FailingRule", throwOnError: true)!)!;
        object failing = Activator.CreateInstance(compiled.Assembly.GetType("Failing", throwOnError: true)!)!;
        var thrown = Assert.Throws<TargetInvocationException>(() => rule.GetType().GetMethod("Matches", [failing.GetType()])!.Invoke(rule, [failing]));
        StackFrame[] frames = new StackTrace(thrown.InnerException!, fNeedFileInfo: true).GetFrames();
        StackFrame frame = frames.Single(candidate => candidate.GetMethod()?.Name == "Matches");
        Assert.Equal(("/project/rules/failing.eql", line, column), (frame.GetFileName(), frame.GetFileLineNumber(), frame.GetFileColumnNumber()));
    }
}
