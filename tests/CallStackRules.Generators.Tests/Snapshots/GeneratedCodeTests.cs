using Microsoft.CodeAnalysis;

namespace CallStackRules.Generators.Tests.Snapshots;

/// <summary>What is generated for each construct of the language: a rule file in <c>Code</c> each, and its class beside it.</summary>
public class GeneratedCodeTests
{
    public static TheoryData<string> Rules => RuleFolder.Names("Code");

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_becomes_a_class_that_can_be_read(string rule)
    {
        RuleProject project = RuleFolder.Add(RuleProject.OfEndpointEvents, "Code", rule);
        project.Compile().Dispose();
        Snapshot.Verify($"Code/{rule}", project.GeneratedFrom($"{rule}.eql"));
    }

    [Fact]
    public void Every_snapshot_belongs_to_a_rule_file() =>
        Assert.Empty(RuleFolder.Orphans("Code").Concat(RuleFolder.Orphans("Diagnostics")));

    [Fact]
    public void All_rules_become_a_set_by_category()
    {
        RuleProject project = RuleProject.OfEndpointEvents;
        foreach (string rule in Rules)
            project = RuleFolder.Add(project, "Code", rule);
        GeneratedSourceResult set = project.Generate().GeneratedSources.Single(source => source.HintName == "RulePack.g.cs");
        Snapshot.Verify("rule-set", set.SourceText.ToString());
    }
}
