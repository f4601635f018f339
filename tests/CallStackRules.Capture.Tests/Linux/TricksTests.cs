using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Events;
using static CallStackRules.Capture.Tests.Linux.LiveCapture;

namespace CallStackRules.Capture.Tests.Linux;

/// <summary>What programs do to go unseen, and what they try in vain.</summary>
public sealed class TricksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Files_that_appear_by_a_further_path_or_a_symbolic_link_are_created()
    {
        List<string> lines = EventsOfTrick("links", static e => e.Event.Action.Span is "creation" ? $"{e.File.Path} from {e.File.OriginalPath}{e.Further.Text("file.target_path")}" : "");

        string folder = Directory.GetDirectories(_folder.Path, "run*").Single(path => File.Exists(Path.Combine(path, "third")) && lines.Exists(line => line.StartsWith(path, StringComparison.Ordinal)));
        Assert.Contains($"{folder}/second from {folder}/first", lines);
        Assert.Contains(lines, line => line.StartsWith($"{folder}/third from /proc/self/fd/", StringComparison.Ordinal));
        Assert.Contains($"{folder}/fourth from /etc/hostname", lines);
        // That without a name is not the folder it was made in.
        Assert.DoesNotContain($"{folder} from ", lines);
    }

    [SkippableFact]
    public void Code_that_is_moved_over_a_library_is_no_code_of_the_library()
    {
        List<string> lines = EventsOfTrick("moves", static e => $"{e.File.Path} {e.Thread.CallStackSummary}");

        Assert.Contains("/etc/hostname libc.so.6|Unbacked|tricks|libc.so.6|tricks", lines);
    }

    [SkippableFact]
    public void What_fails_is_no_event()
    {
        List<string> lines = EventsOfTrick("fails", static e => $"{e.Event.Action} {e.Event.Outcome} {e.Process!.Name} {e.File.Path}{e.Destination.Port}");

        Assert.DoesNotContain(lines, static line => line.Contains("missing", StringComparison.Ordinal) || line.Contains("hostname", StringComparison.Ordinal)
            || line.StartsWith("connection", StringComparison.Ordinal) || line.StartsWith("mprotect", StringComparison.Ordinal) || line.StartsWith("rename", StringComparison.Ordinal));
        Assert.Single(lines, static line => line.StartsWith("exec ", StringComparison.Ordinal));
        Assert.Contains("exec success tricks ", lines);
    }

    [SkippableFact]
    public void Who_begins_a_session_leads_it_from_then_on()
    {
        List<string> lines = EventsOfTrick("leaves", static e => $"{e.File.Path} {e.Process!.Name} {(e.Process.SessionLeader == e.Process ? "leads" : "follows")}");

        Assert.Contains("/etc/hostname tricks leads", lines);
    }

    private List<string> EventsOfTrick(string trick, Func<EndpointEvent, string> describe)
    {
        string program = Compile(_folder, "tricks.c", "-ldl");
        using LinuxSource source = Start(Everything);
        return EventsOf(source, program, () => [trick, Directory.CreateDirectory(Path.Combine(_folder.Path, $"run{Guid.NewGuid():N}")).FullName], describe);
    }
}
