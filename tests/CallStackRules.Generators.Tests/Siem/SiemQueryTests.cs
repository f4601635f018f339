using System.Text;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Eql;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Generators.Tests.Siem;

/// <summary>Queries in the manner of rules for a SIEM: fields of many products, and every shape that a query can have around each.</summary>
public class SiemQueryTests
{
    private static readonly EventSchema Schema = ReflectionSchemaReader.Read(typeof(EndpointEvent).Assembly);

    /// <summary>What can stand around conditions: <c>0</c>, <c>1</c>, <c>2</c> are events of the table.</summary>
    private static readonly string[] Shapes =
    [
        "{0}", "{0} | head 3", "{0} | unique host.id, ?user.id | filter not host.name : \"x\"", "{0} | tail 1", "{0} | count host.id", "{0} | sort @timestamp | window 5m, user.name",
        "sequence by host.id with maxspan=30s [{0}] [{1}]", "sequence by host.id, user.name with maxspan=1d\n  [{0}] by process.entity_id\n  [{1}] by process.entity_id\n  [{2}] by process.entity_id",
        "sequence with maxspan=500ms [{0}] by host.id, ?user.id [{1}] by host.id, ?user.id until [{2}] by host.id, ?user.id", "sequence by source.ip with maxspan=5s [{0}] with runs=10",
        "sequence by user.id [{0}] with runs=3 [{1}]", "sequence by host.id with maxspan=1m [{0}] ![{1}]", "sequence by host.id with maxspan=1h ![{0}] [{1}]",
        "sequence by `host.id` with maxspan=2h [{0}] ![{1}] [{2}] | tail 1", "sequence by host.id [{0}] as first [any where process.name == first.process.name or user.id == first.user.id]",
        "sample by host.id [{0}] [{1}]", "sample [{0}] by host.id, user.id [{1}] by agent.id, user.name [{2}] by host.id, user.id | head 2", "join by host.id [{0}] [{1}]",
        "any where descendant of [{0}] or child of [{1}] or event of [{2}]",
    ];

    private static readonly string[] Conditions = File.ReadAllLines(Path.Combine(SourceTree.Tests, "Siem", "conditions.txt"));

    /// <summary>Every condition in four shapes, and every shape around some.</summary>
    private static readonly string[] Queries =
    [
        .. from i in Enumerable.Range(0, Conditions.Length)
           from shape in (int[])[0, 1 + (i % 6), 6 + (i % 7), 13 + (i % 6)]
           select Shapes[shape].Replace("{0}", Conditions[i], StringComparison.Ordinal)
               .Replace("{1}", Conditions[(i + 7) % Conditions.Length], StringComparison.Ordinal)
               .Replace("{2}", Conditions[(i + 19) % Conditions.Length], StringComparison.Ordinal),
    ];

    [Fact]
    public void They_are_understood()
    {
        string[] errors =
        [
            .. from query in Queries
               from diagnostic in RuleCompiler.CompileQuery(query, Schema).Diagnostics
               where diagnostic.IsError
               select $"{diagnostic.Descriptor.Id}: {diagnostic.Message} ({query})",
        ];
        Assert.True(errors.Length == 0, string.Join('\n', errors.Distinct().Take(20)));
        Assert.InRange(Queries.Length, 200, int.MaxValue);
    }

    [Fact]
    public void They_compile_and_find_what_the_interpreter_finds()
    {
        RuleProject project = RuleProject.OfEndpointEvents.WithProperty("RunAnalyzers", "false");
        for (int i = 0; i < Queries.Length; i++)
            project = project.WithRule($"q{i:000}.eql", Queries[i]);
        using CompiledRules compiled = project.Compile();
        RuleSet<EndpointEvent> rules = compiled.RuleSet<EndpointEvent>();
        Assert.Equal(Queries.Length, rules.Rules.Count + rules.StepsRules.Count);

        var engine = new RuleEngine<EndpointEvent>(rules);
        var interpreters = Queries.Select(query => new QueryInterpreter(RuleCompiler.CompileQuery(query, Schema).Query!, Schema, new ReflectionEventReader(), static e => new object())).ToArray();
        var matches = new List<EventRule<EndpointEvent>>();
        var completed = new List<StepsMatch<EndpointEvent>>();
        var reader = new EcsReader(new SourceStatistics());
        var e = new EndpointEvent();
        foreach (string json in Events)
        {
            matches.Clear();
            completed.Clear();
            Assert.True(reader.Read(Encoding.UTF8.GetBytes(json), e) > 0);
            engine.Push(e, matches, completed);
            IEnumerable<string> found = matches.Select(match => match.Info.SourcePath).Concat(completed.Select(match => match.Rule.Info.SourcePath)).Order();
            // Queries about earlier events read objects that are reused; those about one event alone say enough of the fields.
            IEnumerable<string> expected = Queries.Index().Where(query => query.Index % 4 == 0 && interpreters[query.Index].Push(e).Count > 0).Select(query => $"q{query.Index:000}.eql");
            Assert.Equal(expected, found.Where(path => int.Parse(path.AsSpan(1, 3), System.Globalization.CultureInfo.InvariantCulture) % 4 == 0));
            Assert.NotEmpty(expected);
        }
    }

    [Fact]
    public void An_unknown_field_of_another_product_is_an_error_that_names_the_nearest()
    {
        CompiledRule rule = RuleCompiler.CompileQuery("any where okta.event_typ == \"x\"", Schema);
        Assert.Contains("okta.event_type", rule.Diagnostics.Single(diagnostic => diagnostic.IsError).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_of_other_products_are_read_from_recordings_written_back_and_forgotten()
    {
        const string json = """{"okta":{"actor":{"id":"a"},"target":{"type":["User","App"]}},"kibana.alert.risk_score":73,"powershell":{"file":{"script_block_entropy_bits":5.5}},"github":{"repository_public":true}}""";
        var e = new EndpointEvent();
        new EcsReader(new SourceStatistics()).Read(Encoding.UTF8.GetBytes(json), e);
        Assert.Equal("a", e.Further.Text("okta.actor.id").ToString());
        Assert.Equal("App", e.Further.Texts("okta.target.type")![1].ToString());
        Assert.Equal(73, e.Further.Long("kibana.alert.risk_score"));
        Assert.Equal(5.5, e.Further.Double("powershell.file.script_block_entropy_bits"));
        Assert.True(e.Further.Bool("github.repository_public"));
        using var stream = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(stream))
            new EcsWriter().Write(writer, e);
        Assert.Contains("""
            "okta":{"actor":{"id":"a"},"target":{"type":["User","App"]}}
            """, Encoding.UTF8.GetString(stream.ToArray()), StringComparison.Ordinal);
        e.Clear();
        Assert.False(e.Further.Any);
        Assert.True(e.Further.Text("okta.actor.id").IsMissing);
    }

    private static readonly string[] Events =
    [
        """{"@timestamp":1000,"event":{"category":"any","dataset":"okta.system"},"okta":{"outcome":{"result":"FAILURE"},"debug_context":{"debug_data":{"dt_hash":"h"}},"target":{"type":["App","User"]}}}""",
        """{"@timestamp":2000,"event":{"category":"iam","dataset":"azure.signinlogs"},"azure":{"signinlogs":{"properties":{"status":{"error_code":50126},"is_interactive":false}}}}""",
        """{"@timestamp":3000,"event":{"category":"x","dataset":"kubernetes.audit_logs"},"kubernetes.audit.annotations.authorization_k8s_io/decision":"allow","kubernetes":{"audit":{"verb":"list"}}}""",
        """{"@timestamp":4000,"event":{"category":"process"},"powershell":{"sequence":1,"file":{"script_block_entropy_bits":5.5,"script_block_text":"a [Quux.Quuz] b"}}}""",
        """{"@timestamp":5000,"event":{"category":"file"},"auditd":{"message_type":"syscall","result":"success","data":{"syscall":"init_module","a1":"c"}}}""",
    ];
}
