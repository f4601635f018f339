using CallStackRules.Events;
using CallStackRules.Sensor.Alerts;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Tests.Alerts;

public class StepEventTests
{
    [Fact]
    public void Kept_fields_are_nested_with_their_types_and_missing_ones_left_out()
    {
        StepEvent e = Kept(
            ("@timestamp", s => s.Add(5L)),
            ("dns.resolved_ip", s => s.Add("10.0.0.1")),
            ("event.category", s =>
            {
                s.Add("process");
                s.Add("file");
            }),
            ("file.Ext.entropy", s => s.Add(7.5)),
            ("process.Ext.token.elevation", s => s.Add(true)),
            ("process.command_line", _ => { }),
            ("process.name", s => s.Add("a\"é.exe")),
            ("process.pid", s => s.Add(4_294_967_295L)));

        Assert.Equal(
            """{"@timestamp":"1970-01-01T00:00:00.0000000Z","dns":{"resolved_ip":["10.0.0.1"]},"event":{"category":["process","file"]},"file":{"Ext":{"entropy":7.5}},"process":{"Ext":{"token":{"elevation":true}},"name":"a\u0022\u00E9.exe","pid":4294967295}}""",
            e.ToJson().ToJsonString());
    }

    [Fact]
    public void A_number_that_JSON_cannot_say_is_null() =>
        Assert.Equal("""{"entropy":null}""", Kept(("file.Ext.entropy", s => s.Add(double.NaN))).ToJson()["file"]!["Ext"]!.ToJsonString());

    [Fact]
    public void Values_are_read_by_path()
    {
        StepEvent e = Kept(("event.category", s =>
        {
            s.Add("process");
            s.Add("file");
        }), ("process.pid", s => s.Add(7L)), ("process.name", _ => { }));

        Assert.Equal("process, file", e.ValueOf("event.category"));
        Assert.Equal("7", e.ValueOf("process.pid"));
        Assert.Equal("", e.ValueOf("process.name"));
        Assert.Equal("", e.ValueOf("user.name"));
    }

    private static StepEvent Kept(params (string Path, Action<SnapshotWriter> Add)[] fields)
    {
        var writer = new SnapshotWriter();
        foreach ((_, Action<SnapshotWriter> add) in fields)
        {
            add(writer);
            writer.EndField();
        }
        var snapshot = new Snapshot();
        snapshot.Set(writer, new TextArena());
        return new StepEvent(0, snapshot, [.. fields.Select(field => field.Path)]);
    }
}
