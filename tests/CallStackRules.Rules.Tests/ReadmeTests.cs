using System.Text.RegularExpressions;
using CallStackRules.Eql;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;
using CallStackRules.Events;

namespace CallStackRules.Rules.Tests;

/// <summary>What the README tells a newcomer to type works, and the message it shows is the one that comes.</summary>
public sealed partial class ReadmeTests
{
    private static readonly EventSchema Schema = ReflectionSchemaReader.Read(typeof(EndpointEvent).Assembly);
    private static readonly string Readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));

    [Fact]
    public void The_rule_of_the_readme_compiles_without_a_warning()
    {
        CompiledRule rule = RuleCompiler.Compile(Block("// @id"), Schema);

        Assert.True(rule.Succeeded);
        Assert.DoesNotContain(rule.Diagnostics, diagnostic => diagnostic.Descriptor.Severity != EqlSeverity.Information);
    }

    [Fact]
    public void The_rule_of_the_readme_decides_the_examples_of_the_readme()
    {
        BoundFilter filter = Assert.IsType<BoundEventQuery>(RuleCompiler.Compile(Block("// @id"), Schema).Query).Filter;
        var interpreter = new Interpreter(Schema, new ReflectionEventReader());
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(path, Block("""{"example" """.TrimEnd()));
        try
        {
            Assert.Empty(new ExampleFile(path).Disagreements(() => e => interpreter.Matches(filter, e)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_mistake_of_the_readme_gives_the_message_of_the_readme()
    {
        Match shown = ShownMessage().Match(Readme);

        EqlDiagnostic diagnostic = Assert.Single(RuleCompiler.CompileQuery("process where process.nme == \"a\"", Schema).Diagnostics);

        Assert.Equal(shown.Groups["id"].Value, diagnostic.Descriptor.Id);
        Assert.Equal(shown.Groups["message"].Value, diagnostic.Message);
    }

    /// <summary>The indented code block that begins with a text, without its indentation.</summary>
    private static string Block(string start)
    {
        const string fence = "   ```\n";
        int at = Readme.IndexOf(fence + "   " + start, StringComparison.Ordinal);
        Assert.True(at >= 0, $"The README has no block that begins with {start}.");
        int from = at + fence.Length;
        string block = Readme[from..Readme.IndexOf(fence, from, StringComparison.Ordinal)];
        return string.Concat(block.Split('\n').Select(line => line.Length > 3 ? line[3..] + "\n" : ""));
    }

    [GeneratedRegex(@"sample\.eql\(5,15\): error (?<id>EQL\d+): (?<message>.*)")]
    private static partial Regex ShownMessage();
}
