using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;
using static CallStackRules.Capture.Tests.Linux.LiveCapture;

namespace CallStackRules.Capture.Tests.Linux;

/// <summary>Calls by the table for 32-bit programs, which the tracepoints of the single calls do not see.</summary>
public sealed class CompatCallsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_call_has_a_row_and_no_number_stands_for_two()
    {
        Assert.All(CompatCalls.Calls, static call => Assert.Contains(CaptureTable.Rows, row => row.SystemCall == call.SystemCall));
        Assert.Distinct(CompatCalls.Calls.Select(static call => (call.Number, call.Arguments == CompatArguments.SocketMemory)));
        // All that is captured by a call of its own can be asked for that way, too.
        Assert.Empty(CaptureTable.Rows.Where(static row => row.Call != CapturedCall.Executed).Select(static row => row.SystemCall).Except(CompatCalls.Calls.Select(static call => call.SystemCall)));
    }

    [SkippableFact]
    public void Calls_of_64_bit_code_by_the_table_for_32_bit_programs_are_seen_with_their_stacks_as_direct_system_calls()
    {
        string program = Compile(_folder, "compat.c");
        using LinuxSource source = Start(Everything);

        List<string> lines = EventsOf(source, program, [_folder.Path], Describe);

        Assert.Equal(
            [
                "open /etc/hostname", $"modification {_folder.Path}/made", $"rename {_folder.Path}/moved", $"deletion {_folder.Path}/moved", "mmap RWX", "mprotect RWX",
                "connection_attempted 127.0.0.9 4242", "gid_change 12", "exec /bin/true --quietly",
            ],
            lines.Where(static line => line.Length > 0).Select(static line => line.Replace("creation", "modification", StringComparison.Ordinal)));

        // Whether a file is new is asked of the file system, where this one may be gone by then. From where the calls were made the stack is followed to the start.
        static string Describe(EndpointEvent e) => IsDirect(e) && e.Thread.CallStack.Count > 2 && e.Thread.CallStackSummary.Span.StartsWith("compat|libc.so.6") ? What(e) : "";
    }

    [SkippableFact]
    public void Of_a_32_bit_program_it_is_seen_what_it_does_and_where_it_is()
    {
        string program = Compile(_folder, "compat32.c", "-m32 -nostdlib -static -fno-pie -no-pie -fno-stack-protector");
        using LinuxSource source = Start(Everything);

        List<string> lines = EventsOf(source, program, ["first"], static e => $"{What(e)} {e.Thread.CallStackSummary}");

        Assert.Contains("open /etc/hostname compat32", lines);
        Assert.Contains(lines, line => line.StartsWith($"exec {program} first ", StringComparison.Ordinal));
        Assert.Contains("exec /bin/true from32 compat32", lines);
    }

    private static bool IsDirect(EndpointEvent e)
    {
        for (int i = 0; i < e.Api.Behaviors.Count; i++)
        {
            if (e.Api.Behaviors[i].Span is "direct_syscall")
                return true;
        }
        return false;
    }

    private static string What(EndpointEvent e) => $"{e.Event.Action} " + e.Event.Action.ToString() switch
    {
        "exec" => e.Process!.CommandLine.ToString(),
        "mmap" or "mprotect" => e.Api.Parameters.Protection.ToString(),
        "connection_attempted" => $"{e.Destination.Ip} {e.Destination.Port}",
        "gid_change" => e.Group.Id.ToString(),
        _ => e.File.Path.ToString(),
    };
}
