using System.Globalization;
using System.Reflection;
using CallStackRules.Eql;
using CallStackRules.Eql.Schema;
using CallStackRules.Events;
using CallStackRules.Generators.Tests.ForeignModel;
using Microsoft.CodeAnalysis;

namespace CallStackRules.Generators.Tests;

/// <summary>The generator reads the schema from symbols and the tools read it by reflection: both must see one language.</summary>
public class SchemaReaderTests
{
    private const string GlobalUsings = """
        global using global::System;
        global using global::System.Collections.Generic;
        global using global::System.IO;
        global using global::System.Linq;
        global using global::System.Threading;
        global using global::System.Threading.Tasks;
        """;

    [Fact]
    public void Symbols_and_reflection_agree_on_the_foreign_model()
    {
        EventSchema ofSymbols = OfSources(RuleProject.OfForeignEvents, Path.Combine(SourceTree.Tests, "ForeignModel"));
        AssertEqual(OfReflection(typeof(ForeignEvent).Assembly, "CallStackRules.Generators.Tests"), ofSymbols);
    }

    [Fact]
    public void Symbols_and_reflection_agree_on_the_model_of_this_library()
    {
        EventSchema ofSymbols = OfSources(RuleProject.WithoutLibrary, Path.Combine(SourceTree.Root, "src", "CallStackRules"));
        AssertEqual(OfReflection(typeof(EndpointEvent).Assembly, "CallStackRules"), ofSymbols);
    }

    [Fact]
    public void Symbols_of_a_reference_say_the_same_as_those_of_sources_but_for_summaries()
    {
        AssertEqual(WithoutSummaries(OfReflection(typeof(EndpointEvent).Assembly, "CallStackRules")), OfSymbols(RuleProject.OfEndpointEvents));
        AssertEqual(WithoutSummaries(OfReflection(typeof(ForeignEvent).Assembly, "CallStackRules.Generators.Tests")), OfSymbols(RuleProject.OfForeignEvents));
    }

    [Fact]
    public void The_foreign_model_is_read_as_it_is_meant()
    {
        EventSchema schema = ReflectionSchemaReader.Read(typeof(ForeignEvent).Assembly);
        Assert.Equal("CallStackRules.Generators.Tests.ForeignModel.ForeignEvent kind when", $"{schema.EventType} {schema.CategoryPath} {schema.TimestampPath}");
        Assert.Empty(schema.Problems);
        Assert.Equal("Text: ActorHome?", Access(schema, "actor.home"));
        Assert.Equal("Integer: Actor?, Parent?, Id", Access(schema, "actor.parent.id"));
        Assert.Equal("Text: Modules? List, Signers? List, Groups? List", Access(schema, "modules.signers.groups"));
        Assert.Equal("Text: Modules? List, Place?, Keeper?, Name?", Access(schema, "modules.place.owner.name"));
        Assert.Equal("Integer: Codes Array", Access(schema, "codes"));
        Assert.Equal("Text: Place, City?", Access(schema, "place.town"));
        Assert.Equal("Integer: Place, Floor", Access(schema, "place.floor"));
        Assert.Null(schema.Find("place.city"));
        Assert.Null(schema.Find("actor.parent.parent"));
    }

    [Fact]
    public void Types_that_are_no_values_are_problems_for_both()
    {
        const string model = """
            using System;
            using System.Collections.Generic;
            using System.Collections.Immutable;
            using CallStackRules.Events;
            using CallStackRules.Schema;
            [assembly: EqlSchema(typeof(Outer.Watched), Category = "kind")]
            public class Outer
            {
                public class Watched
                {
                    [EqlField("day")] public DayOfWeek Day => default;
                    [EqlField("when")] public DateTime When => default;
                    [EqlField("large")] public ulong? Large => default;
                    [EqlField("anything")] public object? Anything => default;
                    [EqlField("action")] public Action? Action => default;
                    [EqlField("text")] public Text? Text => default;
                    [EqlField("table")] public int[][]? Table => default;
                    [EqlField("array")] public ImmutableArray<string> Array => default;
                    [EqlField("names")] public Names? Names => default;
                    [EqlField("readable")] public INames? Readable => default;
                    [EqlField("hidden")] public Hidden? Hidden => default;
                }
                public class Names : List<string> { }
                public interface INames : IReadOnlyList<string> { }
                public class Hidden : IReadOnlyList<string>
                {
                    int IReadOnlyCollection<string>.Count => 0;
                    string IReadOnlyList<string>.this[int index] => "";
                    IEnumerator<string> IEnumerable<string>.GetEnumerator() => null!;
                    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => null!;
                }
            }
            """;
        RuleProject project = RuleProject.OfForeignEvents.WithCSharp("Model.cs", model);
        using CompiledRules compiled = project.Compile();
        EventSchema schema = ReflectionSchemaReader.Read(compiled.Assembly);
        AssertEqual(schema, OfSymbols(project));
        Assert.Equal(
            ["Action", "Anything", "Array", "Day", "Large", "Table", "Text", "When"],
            schema.Problems.Take(8).Select(problem => problem.Split(' ')[0]["Outer.Watched.".Length..]));
        Assert.Contains("no field 'kind'", schema.Problems[8], StringComparison.Ordinal);
        Assert.Equal("Text: Names? List", Access(schema, "names"));
        Assert.Equal("Text: Readable? List", Access(schema, "readable"));
        Assert.Equal("Object: Hidden?", Access(schema, "hidden"));
    }

    [Fact]
    public void A_project_compiles_against_its_own_model_before_that_of_a_reference()
    {
        RuleProject project = RuleProject.OfForeignEvents.WithCSharp("Model.cs", """
            [assembly: CallStackRules.Schema.EqlSchema(typeof(Own), Category = "kind")]
            public class Own { [CallStackRules.Schema.EqlField("kind")] public string Kind => ""; }
            """);
        Assert.Equal("Own", OfSymbols(project).EventType);
        Assert.Equal(typeof(ForeignEvent).FullName, OfSymbols(RuleProject.OfForeignEvents).EventType);
        Assert.Equal(typeof(EndpointEvent).FullName, OfSymbols(RuleProject.OfEndpointEvents).EventType);
    }

    private static EventSchema OfReflection(Assembly assembly, string documentation) =>
        ReflectionSchemaReader.Read(assembly, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, documentation + ".xml")));

    private static EventSchema OfSources(RuleProject project, string folder)
    {
        project = project.WithCSharp("GlobalUsings.cs", GlobalUsings);
        foreach (string file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            if (!file.StartsWith(Path.Combine(folder, "obj"), StringComparison.Ordinal))
                project = project.WithCSharp(file, File.ReadAllText(file));
        }
        return OfSymbols(project);
    }

    /// <summary>What the generator's first step yields.</summary>
    private static EventSchema OfSymbols(RuleProject project) =>
        Assert.IsType<EventSchema>(project.WithRule("any.eql", "any where true").Generate().TrackedSteps[TrackingNames.Schema].Single().Outputs.Single().Value);

    private static EventSchema WithoutSummaries(EventSchema schema) =>
        schema with { Fields = schema.Fields.Select(field => field with { Summary = "" }).ToEquatableArray() };

    /// <summary>Compares texts first: they say where schemas differ.</summary>
    private static void AssertEqual(EventSchema expected, EventSchema actual)
    {
        Assert.Equal(expected.Fields.Select(Show), actual.Fields.Select(Show));
        Assert.Equal(expected.Problems, actual.Problems);
        Assert.Equal(expected, actual);
        Assert.NotEmpty(expected.Fields);
    }

    private static string Show(EventField field) => string.Create(
        CultureInfo.InvariantCulture,
        $"{field.Path} {Access(field)} [{string.Join(' ', field.Categories)}] [{string.Join(' ', field.OperatingSystems)}] {field.IsDecimal} {field.Summary}");

    private static string Access(EventSchema schema, string path) =>
        Access(schema.Find(path) ?? throw new ArgumentException($"There is no {path}.", nameof(path)));

    private static string Access(EventField field) => $"{field.Type}: " + string.Join(
        ", ", field.Access.Select(step => step.Property + (step.IsNullable ? "?" : "") + (step.List == ListKind.None ? "" : $" {step.List}")));
}
