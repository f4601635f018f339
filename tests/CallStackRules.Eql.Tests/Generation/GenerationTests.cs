using System.Text.Json;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Tests.Interpretation;
using CsCheck;

namespace CallStackRules.Eql.Tests.Generation;

public class GenerationTests
{
    private static readonly EventSchema Schema = SchemaOf.Fields(
        "@timestamp integer",
        "event.category text*",
        "name text",
        "path text",
        "args text*",
        "pid integer",
        "codes integer*",
        "load float",
        "elevated boolean",
        "token object",
        "token.level text",
        "stack object*",
        "stack.symbol text",
        "stack.offset integer",
        "stack.private boolean",
        "stack.bytes text*",
        "stack.signers object*",
        "stack.signers.name text");

    [Fact]
    public void Generated_rules_compile() =>
        RuleGen.For(Schema).Check(query => { Compiled.Filter(query, Schema); }, iter: 500);

    [Fact]
    public void Generated_events_match_often_but_not_always()
    {
        var interpreter = new Interpreter(Schema, new JsonEventReader());
        int events = 0, matches = 0, decided = 0, rules = 0;
        var seen = new Lock();
        RuleGen.For(Schema).SelectMany(query =>
        {
            BoundFilter filter = Compiled.Filter(query, Schema);
            return EventGen.For(Schema, filter).Array[20].Select(json => (Filter: filter, Events: json));
        }).Check(sample =>
        {
            int matched = sample.Events.Count(json => interpreter.Matches(sample.Filter, JsonElement.Parse(json)));
            lock (seen)
            {
                rules++;
                events += sample.Events.Length;
                matches += matched;
                decided += matched > 0 && matched < sample.Events.Length ? 1 : 0;
            }
        }, iter: 300);
        Assert.InRange(100.0 * matches / events, 20, 60);
        Assert.True(decided > 0.6 * rules, $"Only {decided} of {rules} rules match some of their events and not all.");
    }
}
