using System.Text.Json;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Tests.Interpretation;

public class InterpreterTests
{
    private static readonly EventSchema Schema = SchemaOf.Fields("event.category text*", "@timestamp integer", "name text", "pid integer", "load float");

    private static readonly Interpreter Subject = new(Schema, new JsonEventReader());

    [Fact]
    public void Whole_numbers_compare_exactly_with_fractions_that_cannot_hold_them()
    {
        JsonElement anEvent = JsonElement.Parse("""{"pid": 9007199254740993, "load": 9007199254740992}""");
        Assert.False(Subject.Matches(Filter(Compare(ComparisonKind.Equal, Field("pid"), Field("load"))), anEvent));
        Assert.True(Subject.Matches(Filter(Compare(ComparisonKind.Greater, Field("pid"), Field("load"))), anEvent));
    }

    [Fact]
    public void Arithmetic_of_whole_numbers_gives_whole_numbers_and_of_others_fractions()
    {
        JsonElement anEvent = JsonElement.Parse("""{"pid": -7, "load": 2.5}""");
        Assert.Equal([-4L], Subject.Values(new BoundArithmetic(default, ArithmeticKind.Divide, Field("pid"), new BoundConstant(default, 2L)), anEvent));
        Assert.Equal([-2.8], Subject.Values(new BoundArithmetic(default, ArithmeticKind.Divide, Field("pid"), Field("load")), anEvent));
    }

    [Fact]
    public void Lineage_is_refused_because_one_event_cannot_answer_it()
    {
        BoundFilter lineage = Filter(new BoundLineage(default, LineageRelation.Child, Filter(new BoundConstant(default, true))));
        Assert.Throws<NotSupportedException>(() => Subject.Matches(lineage, JsonElement.Parse("{}")));
    }

    [Fact]
    public void Fields_of_earlier_steps_are_refused_because_one_event_does_not_have_them()
    {
        BoundFilter alias = Filter(new BoundExists(default, new BoundStepField(default, 0, "first", Field("name"))));
        var refused = Assert.Throws<NotSupportedException>(() => Subject.Matches(alias, JsonElement.Parse("{}")));
        Assert.Contains("first.name", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_without_its_category_field_is_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => new Interpreter(SchemaOf.Fields("name text"), new JsonEventReader()));
        Assert.Contains("event.category", refused.Message, StringComparison.Ordinal);
    }

    private static BoundFilter Filter(BoundExpression condition) => new(default, null, condition);

    private static BoundField Field(string path) => new(default, Schema.Find(path)!, Root: null);

    private static BoundComparison Compare(ComparisonKind kind, BoundExpression left, BoundExpression right) => new(default, kind, left, right, IgnoreCase: false);
}
