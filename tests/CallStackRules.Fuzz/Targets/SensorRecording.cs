using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Capture.Sources.Recordings;
using CallStackRules.Events;

namespace CallStackRules.Fuzz.Targets;

/// <summary>Recordings of the sensor itself: whole files, and what is in their blocks, which no damage to a file reaches for its check sums.</summary>
internal static class SensorRecording
{
    public static readonly FuzzTarget Whole = new("recording", static () => [Demonstration()], ReadWhole);

    public static readonly FuzzTarget Block = new("recording-block", Blocks, ReadBlock);

    private static IReadOnlyList<(RecordedKind Kind, string Path)> s_fields = [];

    private static byte[] Demonstration()
    {
        string recording = Path.GetTempFileName();
        try
        {
            using (var writer = new RecordingWriter(recording))
            {
                foreach (byte[] piece in EcsFile.Demonstration())
                {
                    using var file = new InputFile(piece);
                    using var source = new EcsSource([file.Path], new ProcessTable());
                    var e = new EndpointEvent();
                    while (source.TryRead(e))
                        writer.Write(e);
                    writer.Flush();
                }
            }
            return File.ReadAllBytes(recording);
        }
        finally
        {
            File.Delete(recording);
        }
    }

    private static IReadOnlyList<byte[]> Blocks()
    {
        using var file = new InputFile(Demonstration());
        using RecordingFile recording = RecordingFile.Open(file.Path);
        s_fields = recording.Fields;
        var blocks = new List<byte[]>();
        while (recording.Read() == RecordingPart.Block)
            blocks.Add(recording.Block.ToArray());
        return blocks;
    }

    private static void ReadWhole(byte[] input)
    {
        using var file = new InputFile(input);
        using var source = new RecordingSource([file.Path], new ProcessTable());
        EventUse.OfAll(source);
    }

    private static void ReadBlock(byte[] input)
    {
        const int mostEvents = 1000;
        var reader = new RecordingReader(new SourceStatistics());
        reader.UseFields(s_fields);
        reader.Begin(input, mostEvents);
        var e = new EndpointEvent();
        try
        {
            while (!reader.IsAtEnd && reader.Remaining > 0)
            {
                e.Clear();
                reader.Read(e);
                EventUse.Of(e);
            }
        }
        catch (InvalidDataException)
        {
            // Declared: the rest of the block is left.
        }
    }
}
