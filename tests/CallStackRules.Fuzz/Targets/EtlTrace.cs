using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Capture.Tests.Etw.Writing;

namespace CallStackRules.Fuzz.Targets;

/// <summary>A recorded trace of ETW: buffers, plain and compressed, all kinds of records, stacks in extended data, and all that is decoded of it.</summary>
internal static class EtlTrace
{
    public static readonly FuzzTarget Target = new("etl", Write, Read);

    private static IReadOnlyList<byte[]> Write() => [Trace(false, 8), Trace(true, 8), Trace(false, 4), Trace(true, 4), Events(8), Events(4)];

    private static void Read(byte[] input)
    {
        using var file = new InputFile(input);
        try
        {
            using var reader = new EtlReader(file.Path, new SourceStatistics());
            long touched = 0;
            while (reader.TryRead(out RawEvent e))
            {
                foreach (byte b in e.Data)
                    touched += b;
                foreach (ulong address in e.Stack)
                    touched += (long)address;
            }
            using var source = new EtwFileSource([file.Path], new ProcessTable());
            EventUse.OfAll(source);
        }
        catch (InvalidDataException)
        {
            // What a file is refused with.
        }
    }

    private static byte[] Events(int pointerSize)
    {
        var writer = new EtlWriter(bufferSize: 4096, pointerSize: pointerSize);
        AllEvents.Write(new WindowsEvents(writer));
        return writer.ToArray();
    }

    private static byte[] Trace(bool isCompressed, int pointerSize)
    {
        var provider = new Guid("5d0c1f5e-3f5b-4a0e-8f57-6c0d5b7a1e11");
        var writer = new EtlWriter(bufferSize: 1024, isCompressed, pointerSize);
        for (int i = 0; i < 40; i++)
        {
            writer.Kernel(i, i, 1, 0x05, 1, 3, new Payload().Number(i), i % 3, (i % 3) switch { 0 => RecordKind.System32, 1 => RecordKind.Compact32, _ => RecordKind.PerfInfo32 });
            writer.Classic(i, i, 1, provider, 33, 5, new Payload().Number(i), i % 3, instance: i % 2 == 0 ? (1, 2) : null);
            writer.Manifest(i, i, 1, provider, i, 2, 12, new Payload().Text("payload"), [0x1000, 0x2000, 0x3000], (ulong)i, isFrom32: i % 2 == 0, i % 3);
            writer.Message(i, i, 1, provider, i, new Payload().Number(i), i % 3);
        }
        return writer.ToArray();
    }
}
