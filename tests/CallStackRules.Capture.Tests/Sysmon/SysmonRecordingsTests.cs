using System.Globalization;
using System.Text.Json;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Sysmon;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Sysmon;

/// <summary>Real recordings of labs, where they are at hand beside the repository.</summary>
public class SysmonRecordingsTests
{
    private const int EventsOfAllLabs = 126_967;

    [SkippableFact]
    public void Every_lab_has_the_events_and_stacks_that_its_manifest_says()
    {
        string folder = Folder();
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "MANIFEST.json")));
        long events = 0;
        foreach (JsonElement lab in manifest.RootElement.GetProperty("datasets").EnumerateArray())
        {
            string name = lab.GetProperty("name").GetString()!;
            using var source = new SysmonSource([Path.Combine(folder, lab.GetProperty("file").GetString()!)], new ProcessTable());
            var byId = new SortedDictionary<int, long>();
            var e = new EndpointEvent();
            long stacks = 0, unbacked = 0, withoutAction = 0, withoutTime = 0, outOfOrder = 0;
            long? last = null;
            while (source.TryRead(e))
            {
                int id = int.Parse(e.Event.Code.Span, CultureInfo.InvariantCulture);
                byId[id] = byId.GetValueOrDefault(id) + 1;
                stacks += e.Thread.CallStack.Count > 0 ? 1 : 0;
                unbacked += e.Thread.CallStackContainsUnbacked == true ? 1 : 0;
                withoutAction += id == 12 && e.Event.Action.IsMissing ? 1 : 0;
                withoutTime += e.UtcTicks is null ? 1 : 0;
                outOfOrder += e.UtcTicks < last ? 1 : 0;
                last = e.UtcTicks;
            }
            foreach ((string reason, long count) in source.Statistics.Unused)
            {
                Assert.StartsWith("event id ", reason, StringComparison.Ordinal);
                byId[int.Parse(reason.Split(' ')[2], CultureInfo.InvariantCulture)] = count;
            }
            var expected = new SortedDictionary<int, long>();
            foreach (JsonProperty count in lab.GetProperty("by_event_id").EnumerateObject())
                expected[int.Parse(count.Name, CultureInfo.InvariantCulture)] = count.Value.GetInt64();
            Assert.Equal((name, string.Join(' ', expected)), (name, string.Join(' ', byId)));
            Assert.Equal((name, lab.GetProperty("calltrace_unknown_user_address").GetInt64()), (name, unbacked));
            Assert.Equal((name, lab.GetProperty("quirks").GetProperty("eid12_without_EventType").GetInt64()), (name, withoutAction));
            long kernelOnly = lab.GetProperty("calltrace_unknown_kernel_address_only").GetInt64();
            Assert.InRange(stacks, lab.GetProperty("calltrace").GetInt64() - kernelOnly, lab.GetProperty("calltrace").GetInt64());
            Assert.Equal((name, 0), (name, withoutTime));
            Assert.Equal((name, lab.GetProperty("quirks").GetProperty("adjacent_time_inversions_same_host").GetInt64() > 0), (name, outOfOrder > 0));
            Assert.Empty(source.Statistics.Warnings);
            Assert.Empty(source.Statistics.FieldProblems);
            events += source.Statistics.Events;
        }
        Assert.Equal(EventsOfAllLabs, events);
    }

    [SkippableFact]
    public void Processes_whose_start_was_seen_keep_command_line_and_parent()
    {
        using var source = new SysmonSource([Path.Combine(Folder(), "lsass-campaign-01.ndjson.gz")], new ProcessTable());
        var e = new EndpointEvent();
        long opensOfLsass = 0;
        while (source.TryRead(e))
        {
            if (e.Process is not { } process || e.TargetProcess is not { } target
                || process.Name.Span is not "winx64_payload.exe" || target.Name.Span is not "lsass.exe")
            {
                continue;
            }
            opensOfLsass++;
            Assert.False(process.CommandLine.IsMissing);
            Assert.NotNull(process.Parent);
            Assert.NotNull(e.ProcessUptime);
        }
        Assert.True(opensOfLsass > 0);
    }

    private static string Folder()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "CallStackRules.sln")))
            directory = directory.Parent;
        string folder = Path.Combine(directory?.Parent?.FullName ?? "", "shared", "data", "sysmon");
        Skip.IfNot(Directory.Exists(folder), $"The recordings are not there: {folder}");
        return folder;
    }
}
