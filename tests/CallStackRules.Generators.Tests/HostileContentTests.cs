using System.Text.RegularExpressions;
using CallStackRules.Generators.Tests.Differential;
using CallStackRules.Generators.Tests.ForeignModel;
using CallStackRules.Rules;

namespace CallStackRules.Generators.Tests;

/// <summary>Whatever a rule file is called and holds, the class made of it compiles without a warning and says the same.</summary>
public class HostileContentTests
{
    private static readonly string[] Texts =
    [
        "\" quotes ' \"\"\" $\"{name}\"", "\\ backslashes \\u0022 \\", "{0} {name}",
        "*/ } } class Evil { /*", "// comment", "#line 1 \"evil.cs\"", "#error evil", "scratch.Concat(", "?.",
        "</code></remarks><evil attribute=\"1\">&lt;&amp;&nbsp;", "]]>", "<![CDATA[", "--> <!--",
        "a\u0085class Evil;", "a\u2028class Evil;", "a\u2029class Evil;", "a\u000bb\u000cc", "a\u0000b\u0001c",
        "\u202e\u2066turned\u2069", "a\u200bb\ufeffc", "lone \ud800 high", "lone \udc00 low", "\U0001f600 \U00010400", "\ufffe\uffff",
    ];

    [Fact]
    public void Texts_in_conditions_mean_what_they_say()
    {
        RuleProject project = RuleProject.OfForeignEvents;
        for (int i = 0; i < Texts.Length; i++)
        {
            string literal = '"' + Texts[i].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';
            string pattern = $"\"*{literal[1..^1]}*\"";
            project = project.WithRule(
                $"text-{i:00}.eql", $"any where name == {literal} and (actor.name : ({literal}, {pattern}) or args == {literal}) and name in ({literal}, \"x\")");
        }
        using CompiledRules compiled = project.Compile();
        RuleSet<ForeignEvent> rules = compiled.RuleSet<ForeignEvent>();
        Assert.Equal(Texts.Length, rules.Rules.Count);
        for (int i = 0; i < Texts.Length; i++)
        {
            var likely = new ForeignEvent { Name = Texts[i], Arguments = [Texts[i]] };
            Assert.Equal([i], Enumerable.Range(0, Texts.Length).Where(rule => rules.Rules[rule].Matches(likely)));
        }
    }

    [Fact]
    public void Tags_come_out_as_they_were_written()
    {
        RuleProject project = RuleProject.OfForeignEvents;
        for (int i = 0; i < Texts.Length; i++)
        {
            project = project.WithFile(
                $"tag-{i:00}.eql",
                $"""
                // @id          {i:x8}-0000-4000-8000-000000000000
                // @name        a{Texts[i]}b
                // @description c{Texts[i]}d
                // @reference   https://example.com/{string.Concat(Texts[i].Where(c => !char.IsWhiteSpace(c) && c is not ('/' or ',')))}
                any where name == "x" /* {Texts[i].Replace("*/", "", StringComparison.Ordinal).Replace("/*", "", StringComparison.Ordinal)} */
                """);
        }
        using CompiledRules compiled = project.Compile();
        IReadOnlyList<EventRule<ForeignEvent>> rules = compiled.RuleSet<ForeignEvent>().Rules;
        Assert.Equal(Texts.Select(text => $"a{text}b"), rules.Select(rule => rule.Info.Name));
        Assert.Equal(Texts.Select(text => $"c{text}d"), rules.Select(rule => rule.Info.Description));
        Assert.All(rules, rule => Assert.StartsWith("https://example.com/", Assert.Single(rule.Info.References), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("class.eql", "event.eql", "namespace.eql", "1st.eql", "007.eql", "_.eql", "@@.eql", ".eql", "ünï-cödé.eql", "名前.eql", "CAPITALS.EQL")]
    [InlineData("text.eql", "text-set.eql", "number.eql", "arithmetic.eql", "existence.eql", "event-rule.eql", "rule-info.eql", "rule-set.eql", "list.eql", "object.eql", "system.eql")]
    [InlineData("info.eql", "matches.eql", "metadata.eql", "names1.eql", "pattern1.eql", "rule-pack.eql", "rulepack.eql", "RulePack.eql", "to-string.eql")]
    [InlineData("text/a.eql", "number/a.eql", "system/a.eql", "call-stack-rules/a.eql", "global/a.eql", "class/a.eql", "rules/a.eql", "a/a.eql", "a.eql", "a/a/a.eql", "rule-info/a.eql")]
    [InlineData("a-b.eql", "a_b.eql", "a b.eql", "a+b.eql", "ab.eql", "AB.eql", "Ab.eql", "a.b.eql", "a--b.eql", "a-1.eql", "a1.eql", "a/b.eql", "A/b.eql", "v1./b.eql")]
    [InlineData("/elsewhere/a.eql", "/elsewhere/b/a.eql", "/project/../a.eql", "/b.eql", "../a-b.eql", "a.eql", "./a.eql")]
    [InlineData("with \"quotes\".eql", "with 'apostrophe'.eql", "with\u2028line.eql", "with\nline.eql", "with\u202eturn.eql", "back\\slash.eql", "#line.eql", "a;b,c(d)[e]{f}.eql", "%20.eql")]
    public void Any_path_gives_a_class_of_its_own(params string[] paths)
    {
        RuleProject project = RuleProject.OfForeignEvents;
        foreach (string path in paths)
            project = project.WithRule(path, "process where name : \"a*\" and args : (\"b\", \"c\") and length(tags) > 1 and concat(name, \"x\") == class");
        using CompiledRules compiled = project.Compile();
        RuleSet<ForeignEvent> rules = compiled.RuleSet<ForeignEvent>();
        Assert.Equal(paths.Length, rules.Rules.Count);
        Assert.Distinct(rules.Rules.Select(rule => rule.Info.SourcePath));
    }

    [Fact]
    public void Folders_may_be_named_like_the_types_that_generated_code_uses()
    {
        RuleProject project = RuleProject.OfForeignEvents;
        for (int i = 0; i < ChosenQueries.All.Count; i++)
            project = project.WithRule($"r{i}.eql", ChosenQueries.All[i]);
        foreach (string type in typeof(EventRule<>).Assembly.GetExportedTypes().Select(type => type.Name.Split('`')[0]).Distinct())
            project = project.WithRule($"{Regex.Replace(type, "(?<!^)([A-Z])", "-$1").ToLowerInvariant()}/a.eql", "any where true");
        project.Compile().Dispose();
    }

    [Theory]
    [InlineData("windows/execution/clr-load.eql", "Rules.Windows.Execution.ClrLoadRule", "windows/execution/clr-load.eql")]
    [InlineData("clr-load-2.eql", "Rules.ClrLoad_2Rule", "clr-load-2.eql")]
    [InlineData("T1055.001 Process hollowing.eql", "Rules.T1055_001ProcessHollowingRule_*", "T1055.001 Process hollowing.eql")]
    [InlineData("/project/../shared/a.eql", "Rules.Shared.ARule_*", "../shared/a.eql")]
    public void A_path_gives_the_names_of_the_class(string path, string name, string sourcePath)
    {
        using CompiledRules compiled = RuleProject.OfForeignEvents.WithRule(path, "process where true").Compile();
        EventRule<ForeignEvent> rule = Assert.Single(compiled.RuleSet<ForeignEvent>().Rules);
        Assert.Matches($"^{Regex.Escape(name).Replace(@"\*", "[0-9a-f]{8}", StringComparison.Ordinal)}$", rule.GetType().FullName);
        Assert.Equal(sourcePath, rule.Info.SourcePath);
    }

    [Theory]
    [InlineData("my-rules", "my_rules")]
    [InlineData("Acme.event.3rd party", "Acme.event._3rd_party")]
    [InlineData("CallStackRules.Rules", "CallStackRules.Rules")]
    [InlineData("", "Rules")]
    public void Any_root_namespace_can_be_lived_in(string written, string used)
    {
        RuleProject project = RuleProject.OfForeignEvents.WithProperty("RootNamespace", written).WithRule("text/a.eql", "any where name : \"a*\"");
        using CompiledRules compiled = project.Compile();
        Assert.Equal($"{used}.RulePack", compiled.RuleSet().GetType().FullName);
    }

    [Theory]
    [InlineData("all_rules", "\"all rules\"", "\"\"", "\"any_category\"", "\"a\\nb\"")]
    [InlineData("all", "\"any\"", "rules", "_", "category")]
    public void Any_category_can_be_dispatched_on(params string[] categories)
    {
        RuleProject project = RuleProject.OfForeignEvents.WithRule("0.eql", "any where true");
        for (int i = 0; i < categories.Length; i++)
            project = project.WithRule($"{i + 1}.eql", $"{categories[i]} where true");
        using CompiledRules compiled = project.Compile();
        var matches = new List<EventRule<ForeignEvent>>();
        compiled.RuleSet<ForeignEvent>().Match(new ForeignEvent { Kind = categories[0].Trim('"') }, matches);
        Assert.Contains("1.eql", matches.Select(rule => rule.Info.SourcePath));
        Assert.Contains("0.eql", matches.Select(rule => rule.Info.SourcePath));
    }

    [Fact]
    public void A_rule_on_one_endless_line_compiles()
    {
        string condition = string.Join(" or ", Enumerable.Range(0, 4000).Select(i => $"name == \"value {i}\""));
        using CompiledRules compiled = RuleProject.OfForeignEvents.WithRule("a.eql", $"any where {condition}").Compile();
        Assert.True(compiled.RuleSet<ForeignEvent>().Rules[0].Matches(new ForeignEvent { Name = "value 3999" }));
    }

    [Fact]
    public void A_set_with_rules_for_any_category_only_compiles()
    {
        using CompiledRules compiled = RuleProject.OfForeignEvents.WithRule("a.eql", "any where true").Compile();
        var matches = new List<EventRule<ForeignEvent>>();
        compiled.RuleSet<ForeignEvent>().Match(new ForeignEvent(), matches);
        Assert.Single(matches);
    }

    [Fact]
    public void Properties_that_a_compiler_warns_of_do_not_break_the_build()
    {
        const string model = """
            using CallStackRules.Schema;
            [assembly: EqlSchema(typeof(Own), Category = "event")]
            public class Own
            {
                [EqlField("old"), System.Obsolete("Use level.")] public int? Old => 1;
                [EqlField("level")] public byte Level => 1;
                [EqlField("event")] public string? @event => "x";
            }
            """;
        RuleProject.OfForeignEvents
            .WithCSharp("Model.cs", model)
            .WithRule("a.eql", "any where old == 1 and level == 9223372036854775807 and event : \"x\"")
            .Compile()
            .Dispose();
    }
}
