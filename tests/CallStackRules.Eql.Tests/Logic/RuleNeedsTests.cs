using CallStackRules.Eql.Logic;
using CallStackRules.Eql.Schema;
using CallStackRules.Events;

namespace CallStackRules.Eql.Tests.Logic;

public class RuleNeedsTests
{
    private static readonly EventSchema Schema = ReflectionSchemaReader.Read(typeof(EndpointEvent).Assembly);

    [Theory]
    [InlineData("""process where event.action == "exec" and process.name == "a" """, "process exec")]
    [InlineData("""process where process.name == "a" """, "process")]
    [InlineData("""process where event.action != "exec" """, "process")]
    [InlineData("""process where event.action == "exec" or process.name == "a" """, "process")]
    [InlineData("""process where event.action == "exec" or event.action : "FORK" and process.name == "a" """, "process exec, process fork")]
    [InlineData("""process where event.action in ("exec", "fork") and event.action in ("fork", "end")""", "process fork")]
    [InlineData("""file where event.action : ("creat*", "rename")""", "file")]
    [InlineData("""file where (event.action == "rename" or event.action == "creation") and file.name == "a" """, "file creation, file rename")]
    [InlineData("""any where event.action == "load" """, "any load")]
    [InlineData("""sequence by process.entity_id [process where event.action == "exec"] [process where event.action == "fork"] until [process where event.action == "end"]""",
        "process end, process exec, process fork")]
    [InlineData("""sequence by process.entity_id [process where event.action == "exec"] [process where process.name == "a"]""", "process")]
    [InlineData("""file where event.action == "rename" and descendant of [process where event.action == "exec"]""", "file rename, process")]
    [InlineData("""file where not (event.action == "rename" and file.name == "a")""", "file")]
    public void A_rule_needs_the_events_whose_actions_it_names(string query, string events)
    {
        CompiledRule rule = RuleCompiler.CompileQuery(query, Schema);

        Assert.Equal(events, string.Join(", ", RuleNeeds.Of(rule.Query!).Events.Select(static need => need.Action is null ? need.Category : $"{need.Category} {need.Action}")));
    }
}
