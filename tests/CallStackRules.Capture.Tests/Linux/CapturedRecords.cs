using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Processes;

namespace CallStackRules.Capture.Tests.Linux;

/// <summary>Records of this kernel, while a shell does a little of everything.</summary>
internal static class CapturedRecords
{
    private static readonly Lazy<List<byte[]>?> Records = new(Capture);

    private static string? s_refusal;

    /// <summary>The records in the order of time; skips the test where the kernel refuses.</summary>
    public static IReadOnlyList<byte[]> Get()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        Skip.If(Records.Value is null, "The kernel refuses live capture here: " + s_refusal);
        return Records.Value!;
    }

    /// <summary>A decoder that knows of no process yet.</summary>
    public static LinuxDecoder Decoder(CaptureStatistics statistics)
    {
        var clock = new BootClock();
        return new LinuxDecoder(new LinuxProcesses(LinuxProcesses.CreateTable(), statistics, clock), statistics, clock, new HostDescription(), stackBytes: 24 * 1024);
    }

    private static List<byte[]>? Capture()
    {
        try
        {
            return [.. CapturedRing.Capture("sh", ["-c", "ls / > /dev/null; cat /etc/hostname > /dev/null; cd /; (true)"], out _).Select(static entry => entry.Record)];
        }
        catch (CaptureException e)
        {
            s_refusal = e.Message;
            return null;
        }
    }
}
