using System.Buffers.Binary;
using System.Text;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Linux;

/// <summary>What is known of a program that is held, from the request of the thread that asks for it.</summary>
public sealed class RequestTests
{
    private const int ProcessOffset = 8;
    private const int ThreadOffset = 12;
    private const int ThreadOffsetOfTask = 16;
    private const int OtherThread = 1_234_567;
    private const int NoFile = -1;

    private readonly LinuxDecoder _decoder = CapturedRecords.Decoder(new CaptureStatistics());
    private readonly EndpointEvent _event = new();

    [SkippableFact]
    public void Threads_of_a_process_that_ask_at_once_are_each_judged_by_what_they_asked_for()
    {
        byte[] request = Request("/ls");
        int first = ThreadOf(request);
        byte[] other = Renamed(request, "/ls", "/sl");
        BinaryPrimitives.WriteInt32LittleEndian(other.AsSpan(ThreadOffset), OtherThread);

        Decode(request);
        Decode(other);

        Assert.Equal("/ls", Describe(first));
        Assert.Equal("/sl", Describe(OtherThread));
    }

    [SkippableFact]
    public void A_program_is_judged_once_though_its_loader_is_held_too_and_the_next_is_judged_anew()
    {
        byte[] request = Request("/ls");
        int thread = ThreadOf(request);
        Decode(request);

        Assert.Equal("/ls", Describe(thread));
        Assert.Null(Describe(thread));

        Decode(Renamed(request, "/ls", "/sl"));
        Assert.Equal("/sl", Describe(thread));
    }

    [SkippableFact]
    public void What_a_thread_asked_for_in_vain_ends_with_it()
    {
        byte[] request = Request("/ls");
        int first = ThreadOf(request);
        byte[] other = [.. request];
        BinaryPrimitives.WriteInt32LittleEndian(other.AsSpan(ThreadOffset), OtherThread);
        byte[] end = [.. CapturedRecords.Get().First(static record => PerfRecords.TypeOf(record) == PerfRecordType.Exit)];
        BinaryPrimitives.WriteInt32LittleEndian(end.AsSpan(ProcessOffset), BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(ProcessOffset)));
        BinaryPrimitives.WriteInt32LittleEndian(end.AsSpan(ThreadOffsetOfTask), OtherThread);
        Decode(request);
        Decode(other);

        _decoder.Decode(end, isOfModel: true, _event);

        Assert.Null(Describe(OtherThread));
        Assert.Equal("/ls", Describe(first));
    }

    /// <summary>The record of a shell that asks for a program.</summary>
    private static byte[] Request(string endOfPath) =>
        CapturedRecords.Get().First(record => IsRequest(record) && record.AsSpan().IndexOf(Encoding.UTF8.GetBytes(endOfPath + '\0')) >= 0);

    private static bool IsRequest(byte[] record) =>
        PerfRecords.TypeOf(record) == PerfRecordType.Sample && PerfSample.TryRead(record, out PerfSample sample) && CaptureRecord.TryRead(sample.Raw, out CaptureRecord call)
        && call.Row.Call == CapturedCall.Execute;

    private static int ThreadOf(byte[] record) => BinaryPrimitives.ReadInt32LittleEndian(record.AsSpan(ThreadOffset));

    private static byte[] Renamed(byte[] record, string from, string to)
    {
        byte[] renamed = [.. record];
        Encoding.UTF8.GetBytes(to).CopyTo(renamed, record.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from + '\0')));
        return renamed;
    }

    private void Decode(byte[] record) => Assert.False(_decoder.Decode(record, isOfModel: false, _event));

    /// <summary>The end of the path that a held thread asked for; null when there is nothing to judge.</summary>
    private string? Describe(int thread)
    {
        if (!_decoder.DescribeRequest(thread, NoFile, _event))
            return null;
        string path = _event.Process!.Executable.ToString();
        return path[path.LastIndexOf('/')..];
    }
}
