using CallStackRules.Generators.Tests.ForeignModel;

namespace CallStackRules.Generators.Tests;

/// <summary>Whatever folders and files are called, their classes stand side by side.</summary>
public class RuleNameTests
{
    [Fact]
    public void Files_and_folders_whose_names_come_to_the_same_compile_side_by_side()
    {
        string[] paths =
        [
            "foo.eql", "foo-rule/foo.eql", "foo-rule/foo-rule.eql", "foo-rule/rule.eql", "rule/rule.eql", "rule-pack/a.eql", "rule-pack.eql", "text/pipe-plan.eql", "pipe-plan/text.eql",
            "pipe-kind/x.eql", "match-count/x.eql", "Foo.eql", "foo_rule.eql", "f-o-o.eql", "ünïcode/größe.eql", "with blank/a b.eql", "a.b/c.d.eql", "1/2.eql", "system/x.eql", "call-stack-rules/x.eql",
        ];
        RuleProject project = RuleProject.OfForeignEvents;
        foreach (string path in paths)
            project = project.WithRule(path, "any where name == \"x\" | head 2");
        using CompiledRules compiled = project.Compile();
        Assert.Equal(paths.Length, compiled.RuleSet<ForeignEvent>().StepsRules.Count);
    }

    [Fact]
    public void Line_ends_tabs_byte_order_marks_and_comments_change_nothing()
    {
        const string query = "/* before */ any // category\n where\t/* in */ name == \"x\" // after\n\tand true /* end */";
        RuleProject project = RuleProject.OfForeignEvents
            .WithFile("a.eql", RuleText.Of("a", query).Replace("\n", "\r\n", StringComparison.Ordinal))
            .WithFile("b.eql", "\ufeff" + RuleText.Of("b", query))
            .WithFile("c.eql", RuleText.Of("c", query).TrimEnd());
        using CompiledRules compiled = project.Compile();
        Assert.All(compiled.RuleSet<ForeignEvent>().Rules, rule => Assert.True(rule.Matches(new ForeignEvent { Name = "x" })));
        Assert.Equal(3, compiled.RuleSet<ForeignEvent>().Rules.Count);
    }
}
