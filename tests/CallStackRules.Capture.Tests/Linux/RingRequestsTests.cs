using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;
using static CallStackRules.Capture.Tests.Linux.LiveCapture;

namespace CallStackRules.Capture.Tests.Linux;

/// <summary>Requests through io_uring, which are no system calls.</summary>
public sealed class RingRequestsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_request_has_a_row_and_fields_for_all_that_is_read_of_it()
    {
        foreach ((_, string systemCall, RingField[] fields) in RingRequests.Requests)
        {
            CaptureRow row = Assert.Single(CaptureTable.Rows, row => row.SystemCall == systemCall);
            Assert.All([.. row.Copied, .. row.Folders.Where(static argument => argument >= 0)], argument => Assert.Contains(fields, field => field.Argument == argument));
            Assert.True(row.Flags < 0 || fields.Any(field => field.Argument == row.Flags));
        }
    }

    [SkippableFact]
    public void Requests_are_seen_with_the_stack_of_who_hands_them_in_and_what_comes_of_them_is_not_known()
    {
        string program = Compile(_folder, "ring.c");
        Skip.IfNot(Tool.TryRun(program, _folder.Path), "io_uring is not allowed here.");
        using LinuxSource source = Start(Everything);
        Skip.If(source.Missing.Contains("io_uring/io_uring_submit_req"), "This kernel has no tracepoint that requests pass.");

        List<string> lines = EventsOf(source, program, [_folder.Path], static e => e.Event.Outcome.Span is "unknown" ? $"{What(e)} {e.Thread.CallStackSummary}" : "");

        const string stack = "libc.so.6|ring|libc.so.6|ring";
        Assert.Equal(
            [
                $"open /etc/hostname {stack}", $"modification {_folder.Path}/made {stack}", $"rename {_folder.Path}/moved {stack}", $"deletion {_folder.Path}/moved {stack}",
                $"connection_attempted 127.0.0.9 4242 {stack}",
            ],
            lines.Where(static line => line.Length > 0));
    }

    // Whether a file is new is asked of the file system, where this one may be gone by then.
    private static string What(EndpointEvent e) => e.Event.Action.ToString() switch
    {
        "creation" => $"modification {e.File.Path}",
        "connection_attempted" => $"connection_attempted {e.Destination.Ip} {e.Destination.Port}",
        string action => $"{action} {e.File.Path}",
    };
}
