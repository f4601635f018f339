using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Tests.Interpretation;

public class ReflectionEventReaderTests
{
    private static readonly ReflectionEventReader Subject = new();

    [Fact]
    public void Every_width_of_whole_number_is_read_as_64_bits()
    {
        var model = new Model { Byte = 7, Int = -7, UInt = uint.MaxValue, Long = long.MinValue };
        Assert.Equal([7L], Read(model, FieldType.Integer, Step("Byte")));
        Assert.Equal([-7L], Read(model, FieldType.Integer, Step("Int")));
        Assert.Equal([(long)uint.MaxValue], Read(model, FieldType.Integer, Step("UInt")));
        Assert.Equal([long.MinValue], Read(model, FieldType.Integer, Step("Long")));
    }

    [Fact]
    public void What_is_null_or_an_empty_list_is_missing()
    {
        var model = new Model();
        Assert.Empty(Read(model, FieldType.Integer, Step("Int")));
        Assert.Empty(Read(model, FieldType.Text, Step("Name")));
        Assert.Empty(Read(model, FieldType.Text, Step("Slice")));
        Assert.Empty(Read(model, FieldType.Text, Step("Inner"), Step("Name")));
        Assert.Empty(Read(model, FieldType.Text, Step("Names", ListKind.Array)));
        Assert.Empty(Read(new Model { Names = [] }, FieldType.Text, Step("Names", ListKind.Array)));
    }

    [Fact]
    public void An_empty_text_is_not_missing()
    {
        var model = new Model { Name = "", Slice = new Slice("") };
        Assert.Equal([""], Read(model, FieldType.Text, Step("Name")));
        Assert.Equal([""], Read(model, FieldType.Text, Step("Slice")));
    }

    [Fact]
    public void A_struct_that_says_whether_it_is_missing_is_a_text()
    {
        Assert.Equal(["abc"], Read(new Model { Slice = new Slice("abc") }, FieldType.Text, Step("Slice")));
    }

    [Fact]
    public void Missing_items_of_a_list_are_left_out()
    {
        var model = new Model { Names = ["a", null, "b"], Slices = new SliceList(new Slice("x"), default, new Slice("y")) };
        Assert.Equal(["a", "b"], Read(model, FieldType.Text, Step("Names", ListKind.Array)));
        Assert.Equal(["x", "y"], Read(model, FieldType.Text, Step("Slices", ListKind.List)));
    }

    [Fact]
    public void Lists_of_objects_are_flattened()
    {
        var model = new Model { Models = [new Model { Names = ["a", "b"] }, new Model(), new Model { Names = ["c"] }] };
        Assert.Equal(["a", "b", "c"], Read(model, FieldType.Text, Step("Models", ListKind.List), Step("Names", ListKind.Array)));
    }

    [Fact]
    public void Reading_from_an_item_starts_behind_its_list()
    {
        EventField name = Field(FieldType.Text, Step("Models", ListKind.List), Step("Name"));
        Assert.Equal(["a"], Subject.Read(new Model { Name = "a" }, name, 1));
        Assert.Equal(["text"], Subject.Read("text", Field(FieldType.Text, Step("Names", ListKind.Array)), 1));
    }

    [Fact]
    public void A_property_that_does_not_exist_is_named_in_the_error()
    {
        var error = Assert.Throws<ArgumentException>(() => Read(new Model(), FieldType.Text, Step("Nowhere")));
        Assert.Contains("'Nowhere'", error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<object> Read(Model model, FieldType type, params AccessStep[] steps) => Subject.Read(model, Field(type, steps), 0);

    private static EventField Field(FieldType type, params AccessStep[] steps) => new("path", type, steps.ToEquatableArray());

    private static AccessStep Step(string property, ListKind list = ListKind.None) => new(property, list, IsNullable: true);

    private sealed class Model
    {
        public byte Byte { get; init; }

        public int? Int { get; init; }

        public uint UInt { get; init; }

        public long Long { get; init; }

        public string? Name { get; init; }

        public string?[]? Names { get; init; }

        public Slice Slice { get; init; }

        public SliceList? Slices { get; init; }

        public Model? Inner { get; init; }

        public IReadOnlyList<Model>? Models { get; init; }
    }

    private readonly struct Slice(string? text)
    {
        public bool IsMissing => text is null;

        public override string ToString() => text ?? "";
    }

    private sealed class SliceList(params Slice[] slices)
    {
        public int Count => slices.Length;

        public Slice this[int index] => slices[index];
    }
}
