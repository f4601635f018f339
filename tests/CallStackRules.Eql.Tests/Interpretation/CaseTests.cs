using System.Text.Json;
using System.Text.RegularExpressions;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Tests.Interpretation;

/// <summary>The language by examples: every line of <c>Cases/*.cases</c> is parsed, bound and interpreted.</summary>
public partial class CaseTests
{
    private static readonly EventSchema Schema = SchemaOf.Fields(
        "@timestamp integer",
        "event.category text*",
        "process.name text",
        "process.executable text",
        "process.command_line text",
        "process.summary text",
        "process.args text*",
        "process.codes integer*",
        "process.loads float*",
        "process.flags boolean*",
        "process.pid integer",
        "process.uptime float",
        "process.elevated boolean",
        "process.parent.pid integer",
        "process.parent.name text",
        "process.parent.args text*",
        "process.token object",
        "process.token.level text",
        "process.token.score integer",
        "process.stack object*",
        "process.stack.symbol text",
        "process.stack.module text",
        "process.stack.offset integer",
        "process.stack.private boolean",
        "process.stack.bytes text*",
        "process.stack.signers object*",
        "process.stack.signers.name text",
        "process.stack.signers.trusted boolean",
        "dll.name text",
        "dll.path text",
        "dns.resolved_ip text*",
        "source.ip text",
        "user.id decimal",
        "user.groups decimal*",
        "user.name text");

    private static readonly Interpreter Subject = new(Schema, new JsonEventReader());

    private static readonly IReadOnlyDictionary<string, Case> Cases = CaseFile.ReadAll("Interpretation/Cases").ToDictionary(c => c.ToString());

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_language_means(string name)
    {
        Case @case = Cases[name];
        string query = WholeQuery().IsMatch(@case.Query) ? @case.Query : "any where " + @case.Query;
        BoundFilter filter = Compiled.Filter(query, Schema);
        Assert.True(@case.Holds == Subject.Matches(filter, JsonElement.Parse(@case.Event)), $"{(@case.Holds ? "must" : "must not")} hold for {@case.Event}");
    }

    [GeneratedRegex("""^"?\w+"? where """)]
    private static partial Regex WholeQuery();
}
