using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;
using CsCheck;

namespace CallStackRules.Capture.Tests.Ecs;

public sealed class EcsRoundTripTests
{
    [Fact]
    public void Every_field_of_the_model_is_read_and_written_under_its_name()
    {
        JsonObject all = Sample(EcsNode.Root);
        Assert.True(CountValues(all) > 1000);
        using var recording = new EcsRecording(all.ToJsonString());

        JsonNode written = EcsRecording.Tree(recording.Next());

        Assert.Empty(recording.Statistics.FieldProblems);
        Assert.Equal(0, recording.Statistics.UnknownFields);
        Assert.True(JsonNode.DeepEquals(all, written), $"expected {all}\nbut was {written}");
    }

    [Fact]
    public void No_name_is_both_a_field_and_an_object()
    {
        var open = new Queue<EcsNode>([EcsNode.Root]);
        while (open.TryDequeue(out EcsNode? node))
        {
            Assert.False(node.Field is not null && node.Children.Count > 0, node.Path);
            node.Children.ForEach(open.Enqueue);
        }
    }

    [SkippableTheory]
    [InlineData("api")]
    [InlineData("file")]
    [InlineData("library")]
    [InlineData("network")]
    [InlineData("process")]
    [InlineData("registry")]
    public void Published_samples_lose_no_field_that_the_model_has(string category)
    {
        string path = Path.Combine(RepositoryRoot(), "..", "shared", "data", "endpoint-samples", category + "_sample_event.json");
        Skip.IfNot(File.Exists(path), $"{path} is not there");
        using var recording = new EcsRecording(File.ReadAllBytes(path));

        string first = EcsRecording.Write(recording.Next());
        Assert.Empty(recording.Statistics.FieldProblems);
        Assert.Empty(recording.Statistics.Unused);
        using var again = new EcsRecording(first);
        string second = EcsRecording.Write(again.Next());

        Assert.Equal(first, second);
        Assert.Equal(0, again.Statistics.UnknownFields);
        Assert.Empty(Lost(JsonNode.Parse(File.ReadAllText(path))!, JsonNode.Parse(first)!, ""));
    }

    [Fact]
    public void Call_stacks_are_left_out_on_request_and_their_summary_stays()
    {
        using var recording = new EcsRecording("""{"process":{"thread":{"Ext":{"call_stack":[{"symbol_info":"c:\\x.dll+0x1"}]}}}}""");

        string written = EcsRecording.Write(recording.Next(), callStacks: false);

        Assert.DoesNotContain("symbol_info", written, StringComparison.Ordinal);
        Assert.Contains("\"call_stack_summary\":\"x.dll\"", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_written_in_UTC()
    {
        using var recording = new EcsRecording("""{"@timestamp":"2024-05-01T14:00:00.1234567+02:00"}""");

        Assert.Equal("""{"@timestamp":"2024-05-01T12:00:00.1234567Z"}""", EcsRecording.Write(recording.Next()));
    }

    [Fact]
    public void An_event_without_fields_is_an_empty_object() => Assert.Equal("{}", EcsRecording.Write(new EndpointEvent()));

    [Fact]
    public void Damaged_bytes_never_crash_the_reader()
    {
        byte[] sample = Encoding.UTF8.GetBytes(
            """{"@timestamp":"2024-05-01T12:00:00Z","event":{"category":["process"]},"process":{"name":"a\\b\u00e9","pid":1,"args":["x",{"y":[]}],"parent.name":"b","thread":{"Ext":{"call_stack":[{"rva":1}]}}}}""" + "\n[{}]\n");
        Gen.Select(Gen.Int[0, sample.Length - 1], Gen.Byte).Array[1, 8].Select(Gen.Int[0, sample.Length]).Check((edits, length) =>
        {
            byte[] damaged = [.. sample];
            foreach ((int place, byte value) in edits)
                damaged[place] = value;
            ReadWithoutCrash(damaged.AsSpan(0, length).ToArray());
        }, iter: 400);
        Gen.Byte.Array[0, 400].Check(ReadWithoutCrash, iter: 100);
    }

    private static void ReadWithoutCrash(byte[] content)
    {
        using var recording = new EcsRecording(content);
        int events = 0;
        while (recording.Source.TryRead(recording.Event))
        {
            events++;
            EcsRecording.Write(recording.Event);
        }
        Assert.Equal(events, recording.Statistics.Used);
        Assert.Equal(recording.Statistics.Events, recording.Statistics.Used + recording.Statistics.Unused.Values.Sum());
    }

    private static IEnumerable<string> Lost(JsonNode sample, JsonNode? written, string path)
    {
        if (written is JsonArray { Count: 1 } single && sample is not JsonArray)
            written = single[0];
        if (sample is JsonArray { Count: 1 } singleSample && written is not JsonArray)
            sample = singleSample[0]!;
        switch (sample)
        {
            case JsonObject fields:
                return fields.Where(field => field.Value is not (null or JsonArray { Count: 0 }))
                    .SelectMany(field => Lost(field.Value!, (written as JsonObject)?[field.Key], $"{path}.{field.Key}"));
            case JsonArray items when written is JsonArray others && items.Count == others.Count:
                return items.SelectMany((item, i) => Lost(item!, others[i], path));
            default:
                bool isSame = JsonNode.DeepEquals(sample, written) || path == ".@timestamp"
                    // A number beyond 2^63 keeps its bits, not its sign.
                    || (sample.GetValueKind() == JsonValueKind.Number && sample.ToString() == unchecked((ulong)(written?.GetValue<long>() ?? 0)).ToString(CultureInfo.InvariantCulture));
                return isSame ? [] : [$"{path[1..]}: {sample.ToJsonString()} became {written?.ToJsonString()}"];
        }
    }

    /// <summary>An object with a value for every field.</summary>
    internal static JsonObject Sample(EcsNode node)
    {
        var sample = new JsonObject();
        foreach (EcsNode child in node.Children)
        {
            JsonNode value = child.Field switch
            {
                EcsField<Text> => child.Path,
                EcsField<TextList> => new JsonArray(child.Path, "second"),
                EcsField<long?> => child.Path.Length,
                EcsField<double?> => 0.25,
                EcsField<bool?> => true,
                EcsTimeField => "2024-05-01T12:00:00.1234567Z",
                EcsListField list => new JsonArray(Sample(list.Item), Sample(list.Item)),
                _ => Sample(child),
            };
            sample.Add(child.Name.ToString(), value);
        }
        return sample;
    }

    private static int CountValues(JsonNode node) => node switch
    {
        JsonObject fields => fields.Sum(field => CountValues(field.Value!)),
        JsonArray items => items.Sum(item => CountValues(item!)),
        _ => 1,
    };

    private static string RepositoryRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "CallStackRules.sln")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new DirectoryNotFoundException("CallStackRules.sln is in no directory above the tests");
    }
}
