using System.Diagnostics;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Tracing;

namespace CallStackRules.Capture.Tests.Linux;

/// <summary>Records of this kernel, while a shell does a little of everything.</summary>
internal static class CapturedRecords
{
    private static readonly Lazy<List<byte[]>?> Records = new(Capture);

    /// <summary>The records in the order of time; skips the test where the kernel refuses.</summary>
    public static IReadOnlyList<byte[]> Get()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        Skip.If(Records.Value is null, "The kernel refuses live capture here: " + s_refusal);
        return Records.Value!;
    }

    private static string? s_refusal;

    private static List<byte[]>? Capture()
    {
        var options = new LinuxCaptureOptions { Calls = Enum.GetValues<CapturedCall>().ToHashSet(), WantsReading = true };
        try
        {
            using CaptureSession session = CaptureSession.Start(options);
            using (Process shell = Process.Start("sh", ["-c", "ls / > /dev/null; cat /etc/hostname > /dev/null; cd /; (true)"]))
                shell.WaitForExit();
            session.Stop();
            var merger = new RingMerger(session.Rings);
            merger.Look();
            var records = new List<byte[]>();
            while (merger.TryNext(ulong.MaxValue, out ReadOnlySpan<byte> record))
                records.Add(record.ToArray());
            return records;
        }
        catch (CaptureException e)
        {
            s_refusal = e.Message;
            return null;
        }
    }
}
