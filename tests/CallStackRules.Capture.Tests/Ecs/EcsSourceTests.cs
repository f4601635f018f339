using System.IO.Compression;
using System.Text;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Ecs;

public sealed class EcsSourceTests
{
    private const string Start =
        """{"@timestamp":"2024-05-01T12:00:00.1234567Z","event":{"category":["process"],"type":["start"],"action":"start"},"process":{"entity_id":"p1","pid":42,"name":"a.exe","parent":{"entity_id":"p0","name":"b.exe"}}}""";

    [Theory]
    [InlineData("""{"process":{"name":"a.exe","parent":{"name":"b.exe","Ext":{"real":{"pid":7}}},"thread":{"Ext":{"call_stack_summary":"x"}}}}""")]
    [InlineData("""{"process.name":"a.exe","process.parent.name":"b.exe","process.parent.Ext.real.pid":7,"process.thread.Ext.call_stack_summary":"x"}""")]
    [InlineData("""{"process":{"name":"a.exe","parent.name":"b.exe"},"process.parent":{"Ext.real":{"pid":7}},"process.thread":{"Ext.call_stack_summary":"x"}}""")]
    [InlineData("""{"pr\u006fcess":{"n\u0061me":"\u0061.exe"},"process.parent\u002ename":"b.exe","process.parent.Ext.real.pid":7,"process.thread.Ext.call_stack_summary":"x"}""")]
    public void Nested_dotted_mixed_and_escaped_names_are_the_same(string line)
    {
        using var recording = new EcsRecording(line);
        EndpointEvent e = recording.Next();

        Assert.Equal("a.exe", e.Process!.Name.ToString());
        Assert.Equal("b.exe", e.Process.Parent!.Name.ToString());
        Assert.Equal(7, e.Process.Parent.Real.Pid);
        Assert.Equal("x", e.Thread.CallStackSummary.ToString());
        Assert.Equal(0, recording.Statistics.UnknownFields);
    }

    [Fact]
    public void A_single_value_is_a_list_of_one_and_a_list_of_one_a_single_value()
    {
        using var recording = new EcsRecording(
            """{"event":{"category":"process","action":["start"]},"process":[{"pid":[4],"args":"a","code_signature":[{"trusted":true}],"Ext":{"code_signature":{"exists":true}}}]}""");
        EndpointEvent e = recording.Next();

        Assert.Equal(1, e.Event.Category.Count);
        Assert.Equal("start", e.Event.Action.ToString());
        Assert.Equal(4, e.Process!.Pid);
        Assert.Equal("a", e.Process.Args[0].ToString());
        Assert.True(e.Process.CodeSignature.Trusted);
        Assert.True(e.Process.CodeSignatures[0].Exists);
        Assert.Empty(recording.Statistics.FieldProblems);
    }

    [Theory]
    [InlineData("""{"process":{"pid":"four","name":"a"}}""", "process.pid: wrong type")]
    [InlineData("""{"process":{"pid":4.5,"name":"a"}}""", "process.pid: wrong type")]
    [InlineData("""{"process":{"pid":1e300,"name":"a"}}""", "process.pid: wrong type")]
    [InlineData("""{"process":{"interactive":"true","name":"a"}}""", "process.interactive: wrong type")]
    [InlineData("""{"process":{"Ext":{"relative_file_creation_time":"1"},"name":"a"}}""", "process.Ext.relative_file_creation_time: wrong type")]
    [InlineData("""{"process":{"command_line":{"text":"x"},"name":"a"}}""", "process.command_line: wrong type")]
    [InlineData("""{"process":{"parent":"b","name":"a"}}""", "process.parent: wrong type")]
    [InlineData("""{"process":{"thread":{"Ext":{"call_stack":["x"]}},"name":"a"}}""", "process.thread.Ext.call_stack: wrong type")]
    [InlineData("""{"process":{"name":["a","b"]}}""", "process.name: more than one value")]
    [InlineData("""{"process":{"name":"a"},"@timestamp":"yesterday"}""", "@timestamp: wrong type")]
    [InlineData("""{"process":{"name":"a"},"@timestamp":-1}""", "@timestamp: wrong type")]
    public void A_value_of_a_wrong_type_is_missing_and_counted(string line, string problem)
    {
        using var recording = new EcsRecording(line);
        EndpointEvent e = recording.Next();

        Assert.Equal("a", e.Process!.Name.ToString());
        Assert.Null(e.Process.Pid);
        Assert.Null(e.Timestamp);
        Assert.Equal(0, e.Thread.CallStack.Count);
        Assert.Equal([problem], recording.Statistics.FieldProblems.Keys);
        Assert.Equal(1, recording.Statistics.Used);
    }

    [Fact]
    public void Numbers_and_truth_values_are_text_where_text_is_expected()
    {
        using var recording = new EcsRecording("""{"user":{"id":0},"process":{"args":["a",1,true]},"winlog":{"event_id":4624}}""");
        EndpointEvent e = recording.Next();

        Assert.Equal("0", e.User.Id.ToString());
        Assert.Equal("1", e.Process!.Args[1].ToString());
        Assert.Equal("true", e.Process.Args[2].ToString());
        Assert.Equal("4624", e.Winlog.EventId.ToString());
    }

    [Fact]
    public void Missing_null_and_empty_differ_where_they_should()
    {
        using var recording = new EcsRecording("""{"process":{"name":null,"command_line":"","args":[],"parent":null}}""");
        EndpointEvent e = recording.Next();

        Assert.True(e.Process!.Name.IsMissing);
        Assert.False(e.Process.CommandLine.IsMissing);
        Assert.Equal(0, e.Process.CommandLine.Length);
        Assert.Equal(0, e.Process.Args.Count);
        Assert.Null(e.Process.Parent);
    }

    [Theory]
    [InlineData("\"2024-05-01T12:00:00.1234567Z\"", "2024-05-01T12:00:00.1234567")]
    [InlineData("\"2024-05-01T14:00:00+02:00\"", "2024-05-01T12:00:00.0000000")]
    [InlineData("\"2024-05-01T12:00:00.5\"", "2024-05-01T12:00:00.5000000")]
    [InlineData("1714564800123", "2024-05-01T12:00:00.1230000")]
    public void Times_are_read_with_zone_without_and_as_milliseconds(string time, string expected)
    {
        using var recording = new EcsRecording($$"""{"@timestamp":{{time}}}""");

        Assert.Equal(DateTime.Parse(expected, System.Globalization.CultureInfo.InvariantCulture).Ticks, recording.Next().UtcTicks);
    }

    [Fact]
    public void Unsigned_numbers_keep_their_bits()
    {
        using var recording = new EcsRecording("""{"process":{"pid":18446744073709551615,"exit_code":3.0}}""");
        EndpointEvent e = recording.Next();

        Assert.Equal(-1, e.Process!.Pid);
        Assert.Equal(3, e.Process.ExitCode);
    }

    [Fact]
    public void A_line_that_is_no_event_is_counted_with_its_place_and_passed_over()
    {
        using var recording = new EcsRecording(
            Start, "{\"process\":{\"name\":\"cut off", "", "[1,2]", "\"text\"", Start + " trailing", """{"Image":"C:\\x.exe","EventID":1}""", Start);

        Assert.Equal(2, recording.ReadAll());
        Assert.Equal(7, recording.Statistics.Events);
        Assert.Equal(2, recording.Statistics.Used);
        Assert.Equal(new Dictionary<string, long> { ["not JSON"] = 4, ["no known field"] = 1 }, recording.Statistics.Unused);
        Assert.StartsWith(recording.FileName + ":2: not a JSON object:", recording.Statistics.Warnings[0], StringComparison.Ordinal);
        Assert.StartsWith(recording.FileName + ":7: the object has no field of an event", recording.Statistics.Warnings[4], StringComparison.Ordinal);
        Assert.Equal(8, recording.Statistics.Lines);
        Assert.Equal(recording.Statistics.TotalBytes, recording.Statistics.BytesRead);
    }

    [Fact]
    public void Names_the_model_does_not_know_are_counted_and_passed_over()
    {
        using var recording = new EcsRecording("""{"labels":{"a":1},"process":{"name":"a","unheard":[{"of":1}]},"process.parent.parent.name":"x","example":{"match":true}}""");

        Assert.Equal("a", recording.Next().Process!.Name.ToString());
        Assert.Equal(4, recording.Statistics.UnknownFields);
    }

    [Fact]
    public void The_event_inside_a_hit_of_Elasticsearch_is_read()
    {
        using var recording = new EcsRecording("""{"_index":"logs","_source":{"process":{"name":"a"}},"_score":1}""");

        Assert.Equal("a", recording.Next().Process!.Name.ToString());
        Assert.Equal(2, recording.Statistics.UnknownFields);
    }

    [Fact]
    public void Fields_of_one_event_do_not_show_in_the_next_of_the_same_process()
    {
        using var recording = new EcsRecording(
            """{"process":{"entity_id":"p","name":"a","command_line":"a -x","code_signature":{"trusted":true},"parent":{"name":"b"}},"file":{"path":"x"}}""",
            """{"process":{"entity_id":"p"}}""");
        recording.Next();
        EndpointEvent e = recording.Next();

        Assert.Equal("""{"process":{"entity_id":"p"}}""", EcsRecording.Write(e));
    }

    [Fact]
    public void The_ancestors_above_the_parent_come_from_earlier_events()
    {
        using var recording = new EcsRecording(
            """{"process":{"entity_id":"p1","name":"one","parent":{"entity_id":"p0","name":"zero","command_line":"zero -k"}}}""",
            """{"process":{"entity_id":"p2","name":"two","parent":{"entity_id":"p1"}}}""",
            """{"process":{"entity_id":"p3","name":"three","parent":{"entity_id":"p2"}}}""");
        recording.Next();
        recording.Next();
        ProcessInfo parent = recording.Next().Process!.Parent!;

        Assert.True(parent.Name.IsMissing);
        Assert.Equal("one", parent.Parent!.Name.ToString());
        Assert.Equal("zero", parent.Parent.Parent!.Name.ToString());
        Assert.Equal("zero -k", parent.Parent.Parent.CommandLine.ToString());
        Assert.Null(parent.Parent.Parent.Parent);
    }

    [Fact]
    public void Modules_are_found_by_path_or_by_symbol_and_summed_up()
    {
        using var recording = new EcsRecording(
            """
            {"process":{"thread":{"Ext":{"call_stack":[{"symbol_info":"C:\\Windows\\System32\\ntdll.dll!NtCreateFile+0x14"},{"module_path":"c:\\windows\\system32\\kernelbase.dll"},
            """.TrimEnd() +
            """
            {"symbol_info":"c:\\a+b!c\\plugin.dll+0x1f"},{"symbol_info":"Unbacked+0x1f0000"},{"symbol_info":"Unknown"}]}}}}
            """);
        EndpointEvent e = recording.Next();

        Assert.Equal("ntdll.dll|kernelbase.dll|plugin.dll|Unbacked|Unknown", e.Thread.CallStackSummary.ToString());
        Assert.True(e.Thread.CallStackContainsUnbacked);
        Assert.Equal("plugin.dll", e.Thread.FinalUserModule.Name.ToString());
        Assert.Equal(@"C:\Windows\System32\ntdll.dll!NtCreateFile+0x14", e.Thread.CallStack[0].SymbolInfo.ToString());
    }

    [Fact]
    public void What_a_record_says_of_its_stack_is_not_worked_out_whatever_the_order()
    {
        using var recording = new EcsRecording(
            """
            {"process":{"thread":{"Ext":{"call_stack":[{"symbol_info":"c:\\x.dll+0x1"}],"call_stack_final_user_module":{"code_signature":[{"exists":false}],"name":"y.dll"},"call_stack_summary":"y.dll"}}}}
            """.Trim());
        ThreadInfo thread = recording.Next().Thread;

        Assert.Equal("y.dll", thread.CallStackSummary.ToString());
        Assert.Equal("y.dll", thread.FinalUserModule.Name.ToString());
        Assert.True(thread.FinalUserModule.Path.IsMissing);
        Assert.Equal(1, thread.FinalUserModule.CodeSignatures.Count);
    }

    [Fact]
    public void Text_that_is_not_well_formed_does_not_hide_the_event()
    {
        byte[] line = [.. Encoding.UTF8.GetBytes("""{"file":{"name":"a\ud800b","path":"c"""), 0xFF, .. "d\"}}"u8];
        using var recording = new EcsRecording(line);
        EndpointEvent e = recording.Next();

        Assert.Equal("a\ud800b", e.File.Name.ToString());
        Assert.Equal("c\ufffdd", e.File.Path.ToString());
        Assert.Contains("\"name\":\"a", EcsRecording.Write(e), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n  \"process\": {\n    \"name\": \"{a\"\n  }\n}", 1)]
    [InlineData("\n{\n  \"process\": {\"name\": \"a\"}\n}\n{\n  \"process\": {\"name\": \"b\"}\n}\n", 2)]
    [InlineData("[\n{\"process\": {\"name\": \"a\"}},\n{\"process\":\n{\"name\": \"b\"}}]", 2)]
    [InlineData("[{\"process\":{\"name\":\"a\"}},{\"process\":{\"name\":\"b\"}}]", 2)]
    [InlineData("[]", 0)]
    public void Objects_over_many_lines_and_in_arrays_are_read(string text, int expected)
    {
        using var recording = new EcsRecording(text);

        Assert.Equal(expected, recording.ReadAll());
        Assert.Empty(recording.Statistics.Unused);
    }

    [Fact]
    public void A_mistake_in_a_text_over_many_lines_is_named_by_its_object()
    {
        using var recording = new EcsRecording("[\n{\"process\": {\"name\": \"a\"}},\n\n{\"process\": {\"name\"= \"b\"}}\n]");

        Assert.Equal(1, recording.ReadAll());
        Assert.Equal(1, recording.Statistics.Unused["not JSON"]);
        Assert.StartsWith(recording.FileName + ":4:", recording.Statistics.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_files_are_read_and_damaged_ones_counted()
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int i = 0; i < 5000; i++)
                gzip.Write(Encoding.UTF8.GetBytes($$$"""{"process":{"name":"{{{Guid.NewGuid()}}}"}}{{{'\n'}}}"""));
        }
        using (var whole = new EcsRecording(compressed.ToArray()))
            Assert.Equal(5000, whole.ReadAll());

        byte[] damaged = compressed.ToArray();
        damaged.AsSpan(damaged.Length / 2, 64).Fill(0xAA);
        using var recording = new EcsRecording(damaged);

        Assert.InRange(recording.ReadAll(), 1, 4999);
        Assert.Equal(1, recording.Statistics.Unused["damaged file"]);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named_at_once()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => new EcsSource(["/nowhere/events.ndjson"], new ProcessTable()));

        Assert.Contains("/nowhere/events.ndjson", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_without_end_are_cut_and_counted()
    {
        string frames = string.Join(',', Enumerable.Repeat("{}", EcsReader.MostObjects + 1));
        string texts = string.Join(',', Enumerable.Repeat("1", EcsReader.MostValues + 2));
        using var recording = new EcsRecording("""{"process":{"args":[""" + texts + """],"thread":{"Ext":{"call_stack":[""" + frames + "]}}}}");
        EndpointEvent e = recording.Next();

        Assert.Equal(EcsReader.MostObjects, e.Thread.CallStack.Count);
        Assert.Equal(EcsReader.MostValues, e.Process!.Args.Count);
        Assert.Equal(1, recording.Statistics.FieldProblems["process.thread.Ext.call_stack: too many values"]);
        Assert.Equal(2, recording.Statistics.FieldProblems["process.args: too many values"]);
    }

    [Fact]
    public void Deep_nesting_ends_in_a_message()
    {
        string deep = string.Concat(Enumerable.Repeat("""{"process":""", 100_000));
        using var recording = new EcsRecording(deep, string.Concat(Enumerable.Repeat("[", 100_000)));

        Assert.Equal(0, recording.ReadAll());
        Assert.Equal(2, recording.Statistics.Unused["not JSON"]);
    }

    [Fact]
    public void Reading_allocates_nothing_once_warm()
    {
        string line =
            """
            {"@timestamp":"2024-05-01T12:00:00Z","event":{"category":["api"],"type":["change"]},"process":{"entity_id":"p1","name":"a.exe","args":["a","b"],"parent":{"entity_id":"p0"},
            """.TrimEnd() +
            """
            "thread":{"Ext":{"call_stack":[{"symbol_info":"c:\\x.dll!f+0x1"},{"symbol_info":"Unbacked+0x1"}]}},"exit_code":"0","title":["a","b"],"Ext":{"code_signature":[{"trusted":true}],"relative_file_creation_time":1.5}}}
            """.Trim();
        using var recording = new EcsRecording([.. Enumerable.Repeat(line, 400)]);
        for (int i = 0; i < 200; i++)
            recording.Next();

        long allocated = Allocations.Of(() =>
        {
            for (int i = 0; i < 38; i++)
                recording.Source.TryRead(recording.Event);
        });

        Assert.Equal(0, allocated);
    }
}
