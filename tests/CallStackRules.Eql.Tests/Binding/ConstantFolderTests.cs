using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Tests.Interpretation;

namespace CallStackRules.Eql.Tests.Binding;

public class ConstantFolderTests
{
    private static readonly EventSchema Schema = SchemaOf.Fields("event.category text*", "name text");

    [Theory]
    [InlineData("length(\"abc\") == 3", true)]
    [InlineData("\"abc\" : (\"x\", \"A*\")", true)]
    [InlineData("7 / 2 == 3 and 2 > 1", true)]
    [InlineData("name == \"a\" and 1 > 2", false)]
    [InlineData("name == \"a\" or not (1 > 2)", true)]
    [InlineData("not ?nowhere == \"a\"", true)]
    [InlineData("1 / 0 == length(name)", false)]
    [InlineData("not name == concat(name, ?nowhere)", true)]
    public void What_no_event_can_change_becomes_a_constant(string condition, bool expected) =>
        Assert.Equal(expected, Assert.IsType<BoundConstant>(Folded(condition)).Value);

    [Fact]
    public void Constant_parts_disappear_from_a_condition_on_a_field()
    {
        Assert.IsType<BoundMatch>(Folded("name == \"a\" and 1 < 2"));
        var search = Assert.IsType<BoundTextTest>(Folded("endswith(name, concat(\"a\", 1, substring(\"xyz\", -1)))"));
        Assert.Equal("a1z", Assert.IsType<BoundConstant>(search.Sought).Value);
    }

    [Fact]
    public void Comparisons_of_huge_constants_are_left_to_the_matcher()
    {
        string text = new('a', 400_000);
        Assert.IsType<BoundMatch>(Folded($"\"{text}\" : \"*{text.Replace("aa", "a*", StringComparison.Ordinal)}\""));
        Assert.IsType<BoundTextTest>(Folded($"stringcontains(\"{text}\", \"{text}b\")"));
    }

    private static BoundExpression Folded(string condition) => ConstantFolder.Fold(Compiled.Filter($"any where {condition}", Schema).Condition);
}
