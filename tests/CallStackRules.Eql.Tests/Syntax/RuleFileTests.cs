using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Tests.Syntax;

public class RuleFileTests
{
    private const string Complete = """
        // A note before the tags.
        // @id          3F0C6A52-8d1e-4b7a-9c55-0e6f2a1b7d90
        // @name        CLR loaded from unbacked memory
        // @description The .NET runtime is loaded by code that belongs to no file,
        //              see https://example.org/x,
        //
        //              which is bad.
        // An ordinary comment, no part of the description.
        // @severity    high
        // @os          windows, linux
        // @technique   T1055.001 T1620         // @tactic TA0005
        // @technique   T1059
        // @reference   https://example.org/a
        // @action      kill_process process.entity_id
        // @action      kill_process process.parent.entity_id state=1 tree
        // @action      deny
        // @optional_action rollback process.entity_id
        // @license     Apache-2.0
        // @version     1.0.2
        // @author      Some Body
        // @min_endpoint_version 7.15.0
        // @max_endpoint_version 9.0.0
        // @reputation  true

        // A comment of the query.
        library where dll.name : "clr.dll"

        """;

    /// <summary>Renders a file's tags as <c>text at its place</c>.</summary>
    private static string At<T>(RuleFile file, Tagged<T>? tagged) => tagged is { } value ? file.Text.Substring(value.Span.Start, value.Span.Length) : "nothing";

    public static TheoryData<string> Mistakes => [.. CaseFile.Read("RuleFileMistakes.txt")];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Each_mistake_has_one_message_at_its_place(string rendered)
    {
        string text = Carets.Remove(rendered);
        Assert.Equal(rendered, Carets.Render(text, RuleFile.Parse(text).Diagnostics));
    }

    [Fact]
    public void Tags_are_read_with_their_places()
    {
        RuleFile file = RuleFile.Parse(Complete);
        RuleMetadata metadata = file.Metadata;
        Assert.Empty(file.Diagnostics);
        Assert.Equal("3f0c6a52-8d1e-4b7a-9c55-0e6f2a1b7d90", metadata.Id?.Value);
        Assert.Equal("3F0C6A52-8d1e-4b7a-9c55-0e6f2a1b7d90", At(file, metadata.Id));
        Assert.Equal("CLR loaded from unbacked memory", metadata.Name?.Value);
        Assert.Equal("The .NET runtime is loaded by code that belongs to no file, see https://example.org/x, which is bad.", metadata.Description?.Value);
        Assert.StartsWith("The .NET", At(file, metadata.Description), StringComparison.Ordinal);
        Assert.EndsWith("which is bad.", At(file, metadata.Description), StringComparison.Ordinal);
        Assert.Equal("high", metadata.Severity.Value);
        Assert.Equal(["windows", "linux"], metadata.OperatingSystems.Select(tagged => tagged.Value));
        Assert.Equal(["T1055.001", "T1620", "T1059"], metadata.Techniques.Select(tagged => tagged.Value));
        Assert.Equal(["T1055.001", "T1620", "T1059"], metadata.Techniques.Select(tagged => At<string>(file, tagged)));
        Assert.Equal(["TA0005"], metadata.Tactics.Select(tagged => At<string>(file, tagged)));
        Assert.Equal(["https://example.org/a"], metadata.References.Select(tagged => tagged.Value));
        Assert.Equal("Apache-2.0", metadata.License?.Value);
        Assert.Equal("1.0.2", metadata.Version?.Value);
        Assert.Equal("Some Body", metadata.Author?.Value);
        Assert.Equal("7.15.0", metadata.MinEndpointVersion?.Value);
        Assert.Equal("9.0.0", metadata.MaxEndpointVersion?.Value);
        Assert.True(metadata.Reputation.Value);
    }

    [Fact]
    public void Actions_have_a_kind_a_field_a_state_and_a_reach()
    {
        RuleFile file = RuleFile.Parse(Complete);
        Assert.Equal(
            ["kill_process process.entity_id 0 False", "kill_process process.parent.entity_id 1 True", "deny  0 False", "rollback process.entity_id 0 False"],
            file.Metadata.Actions.Concat(file.Metadata.OptionalActions).Select(action =>
                $"{action.Value.Kind} {action.Value.Field.Value} {action.Value.State.Value} {action.Value.Tree}"));
        Assert.Equal("kill_process process.parent.entity_id state=1 tree", At<ActionTag>(file, file.Metadata.Actions[1]));
        Assert.Equal("process.parent.entity_id", At<string>(file, file.Metadata.Actions[1].Value.Field));
        Assert.Equal("state=1", At<int>(file, file.Metadata.Actions[1].Value.State));
    }

    [Fact]
    public void The_query_is_what_follows_the_last_tag()
    {
        RuleFile file = RuleFile.Parse(Complete);
        Assert.Equal("// A comment of the query.\nlibrary where dll.name : \"clr.dll\"", file.Text.Substring(file.QuerySpan.Start, file.QuerySpan.Length).ReplaceLineEndings("\n"));
        Assert.Equal("(library (: dll.name \"clr.dll\"))", SyntaxDump.Of(file.Query));
        Assert.Equal("library where dll.name : \"clr.dll\"", file.Text.Substring(file.Query!.Span.Start, file.Query.Span.Length));
    }

    [Fact]
    public void Severity_is_medium_when_not_written()
    {
        Tagged<string> severity = RuleFile.Parse("// @name x\nprocess where true").Metadata.Severity;
        Assert.Equal("medium", severity.Value);
        Assert.Equal(0, severity.Span.Length);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Any_line_ends_and_a_byte_order_mark_will_do(string lineEnd)
    {
        RuleFile file = RuleFile.Parse("\uFEFF" + Complete.ReplaceLineEndings(lineEnd));
        Assert.Empty(file.Diagnostics);
        Assert.Equal("high", file.Metadata.Severity.Value);
        Assert.EndsWith("which is bad.", file.Metadata.Description?.Value, StringComparison.Ordinal);
        Assert.Equal(25, file.Lines.GetPosition(file.Query!.Span.Start).Line);
    }

    [Fact]
    public void A_lint_is_silenced_on_the_next_line_that_is_no_comment()
    {
        const string Text = """
            // @name x
            process where a == 1
              // eql-disable EQL2003, EQL2001: both are wanted
              // eql-disable EQL2002: this too
              // another comment

              and b == 2
              and c == 3
            """;
        RuleFile file = RuleFile.Parse(Text);
        Assert.Equal([6, 6], file.Suppressions.Select(suppression => suppression.Line));
        Assert.Equal(["EQL2003", "EQL2001"], file.Suppressions[0].Ids);
        Assert.Equal("both are wanted", file.Suppressions[0].Reason);

        Assert.True(file.IsSuppressed(LintAt("b ==", "EQL2003")));
        Assert.True(file.IsSuppressed(LintAt("== 2", "EQL2002")));
        Assert.False(file.IsSuppressed(LintAt("b ==", "EQL2004")));
        Assert.False(file.IsSuppressed(LintAt("c ==", "EQL2003")));
        Assert.False(file.IsSuppressed(LintAt("a ==", "EQL2003")));

        EqlDiagnostic LintAt(string place, string id) =>
            new(new EqlDescriptor(id, "A lint", EqlSeverity.Warning), new(Text.IndexOf(place, StringComparison.Ordinal), 1), "A lint.");
    }

    [Fact]
    public void A_quote_that_looks_like_a_comment_silences_nothing() =>
        Assert.Empty(RuleFile.Parse("// @name x\nprocess where a == \"// eql-disable EQL2003: text\"").Suppressions);
}
