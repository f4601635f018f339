using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CallStackRules.Events;
using CallStackRules.Schema;

namespace CallStackRules.Tests.Events;

public sealed partial class EndpointEventTests
{
    [SkippableTheory]
    [InlineData("fields_windows.tsv")]
    [InlineData("fields_other.tsv")]
    public void Every_field_that_public_rules_use_is_on_the_model_with_its_type(string table)
    {
        string path = Path.Combine(RepositoryRoot(), "..", "shared", "data", "fields", table);
        Skip.IfNot(File.Exists(path), $"{path} is not there");

        List<string> wrong = [];
        int fields = 0;
        foreach (string line in File.ReadLines(path).Skip(1))
        {
            string[] columns = line.Split('\t');
            string field = StepAlias().Replace(columns[0], "");
            string type = columns[3];
            fields++;
            PropertyInfo? property = ModelFields.Resolve(typeof(EndpointEvent), field);
            if (property is null)
                wrong.Add($"{field}: missing");
            else if (!Fits(field, type, property.PropertyType))
                wrong.Add($"{field}: {property.PropertyType.Name} for {type}");
        }

        Assert.Empty(wrong);
        Assert.True(fields > 80, $"{table} has only {fields} fields");
    }

    [Fact]
    public void Every_field_is_documented()
    {
        XDocument documentation = XDocument.Load(Path.ChangeExtension(typeof(EndpointEvent).Assembly.Location, ".xml"));
        HashSet<string> documented = [.. documentation.Descendants("member")
            .Where(member => !string.IsNullOrWhiteSpace(member.Element("summary")?.Value))
            .Select(member => member.Attribute("name")!.Value)];

        IEnumerable<string> undocumented = ModelFields.Classes(typeof(EndpointEvent)).SelectMany(ModelFields.Of)
            .Select(property => $"P:{property.DeclaringType!.FullName}.{property.Name}")
            .Where(name => !documented.Contains(name));

        Assert.Empty(undocumented);
    }

    [Fact]
    public void No_two_properties_of_a_class_are_the_same_field()
    {
        foreach (Type type in ModelFields.Classes(typeof(EndpointEvent)))
        {
            IEnumerable<string> twice = ModelFields.Of(type).GroupBy(ModelFields.NameOf).Where(group => group.Count() > 1).Select(group => group.Key);
            Assert.Empty(twice);
        }
    }

    [Fact]
    public void Categories_and_operating_systems_are_words_of_the_language()
    {
        foreach (EqlFieldAttribute field in ModelFields.Classes(typeof(EndpointEvent)).SelectMany(ModelFields.Of)
            .Select(property => property.GetCustomAttribute<EqlFieldAttribute>()!))
        {
            Assert.All(Words(field.OperatingSystems), word => Assert.Contains(word, new[] { "windows", "linux", "macos" }));
            Assert.All(Words(field.Categories), word => Assert.Matches("^[a-z_]+$", word));
        }
    }

    [Fact]
    public void A_cleared_event_has_no_field()
    {
        var e = new EndpointEvent();
        var fresh = new EndpointEvent();
        Fill(e, typeof(EndpointEvent), depth: 0);
        e.UtcTicks = DateTime.UnixEpoch.Ticks;
        Assert.Empty(Missing(e, "", depth: 0));

        e.Clear();

        Assert.Equal(Missing(fresh, "", depth: 0).Count(), Missing(e, "", depth: 0).Count());
        Assert.Null(e.Timestamp);
    }

    [Fact]
    public void A_cleared_process_has_no_field()
    {
        var process = new ProcessInfo();
        Fill(process, typeof(ProcessInfo), depth: 0);
        Assert.Empty(Missing(process, "", depth: 0));

        process.Clear();

        Assert.Equal(Missing(new ProcessInfo(), "", depth: 0).Count(), Missing(process, "", depth: 0).Count());
        Assert.Null(process.Parent);
    }

    [Fact]
    public void Timestamps_are_milliseconds_since_the_epoch()
    {
        var e = new EndpointEvent { UtcTicks = new DateTime(2022, 4, 4, 18, 53, 8, 657, DateTimeKind.Utc).Ticks + 8986 };

        Assert.Equal(new DateTimeOffset(2022, 4, 4, 18, 53, 8, 657, TimeSpan.Zero).ToUnixTimeMilliseconds(), e.Timestamp);
    }

    private static void Fill(object target, Type type, int depth)
    {
        foreach (PropertyInfo property in ModelFields.Of(type))
        {
            Type declared = property.PropertyType;
            if (declared == typeof(TextList))
                ((TextList)property.GetValue(target)!).Add("x");
            else if (ModelFields.IsList(declared))
                Fill(declared.GetMethod("Add", [])!.Invoke(property.GetValue(target), [])!, ModelFields.ItemType(declared), depth);
            else if (ModelFields.IsValue(declared))
                property.SetMethod?.Invoke(target, [Sample(declared)]);
            else if (property.SetMethod is null)
                Fill(property.GetValue(target)!, declared, depth);
            else if (depth < 1)
            {
                object nested = Activator.CreateInstance(declared)!;
                property.SetValue(target, nested);
                Fill(nested, declared, depth + 1);
            }
        }
    }

    private static IEnumerable<string> Missing(object target, string path, int depth)
    {
        foreach (PropertyInfo property in ModelFields.Of(target.GetType()))
        {
            string name = path + ModelFields.NameOf(property);
            object? value = property.GetValue(target);
            if (value is null or Text { IsMissing: true } or TextList { Count: 0 })
            {
                // Links end where Fill stops making them.
                if (ModelFields.IsValue(property.PropertyType) || depth < 1)
                    yield return name;
            }
            else if (ModelFields.IsList(value.GetType()))
            {
                int count = (int)value.GetType().GetProperty("Count")!.GetValue(value)!;
                if (count == 0)
                    yield return name;
                else if (value is not TextList)
                {
                    object item = value.GetType().GetProperty("Item", [typeof(int)])!.GetValue(value, [0])!;
                    foreach (string missing in Missing(item, name + ".", depth))
                        yield return missing;
                }
            }
            else if (!ModelFields.IsValue(property.PropertyType))
            {
                foreach (string missing in Missing(value, name + ".", property.SetMethod is null ? depth : depth + 1))
                    yield return missing;
            }
        }
    }

    private static object Sample(Type type) => (Nullable.GetUnderlyingType(type) ?? type).Name switch
    {
        nameof(Text) => new Text("x"),
        nameof(Int64) => 1L,
        nameof(Double) => 1.5,
        nameof(Boolean) => true,
        _ => throw new ArgumentException($"no sample for {type}"),
    };

    private static bool Fits(string field, string type, Type property)
    {
        Type item = ModelFields.ItemType(property);
        return (type, field) switch
        {
            // A number in every event, whatever the published table says.
            (_, "file.Ext.windows.zone_identifier") => item == typeof(long),
            ("keyword" or "wildcard" or "ip", _) => item == typeof(Text),
            ("long" or "unsigned_long", _) => item == typeof(long),
            ("double", _) => item == typeof(double),
            ("boolean", _) => item == typeof(bool),
            ("object" or "nested", _) => ModelFields.IsList(property) && ModelFields.Of(item).Any(),
            ("?", _) => item == typeof(Text),
            _ => false,
        };
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string RepositoryRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "CallStackRules.sln")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new DirectoryNotFoundException("CallStackRules.sln is in no directory above the tests");
    }

    [GeneratedRegex("^event[0-9]+\\.")]
    private static partial Regex StepAlias();
}
