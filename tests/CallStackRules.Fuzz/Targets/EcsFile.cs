using System.Text;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Ecs;

namespace CallStackRules.Fuzz.Targets;

/// <summary>Events as NDJSON in the shape of the Elastic Common Schema.</summary>
internal static class EcsFile
{
    private const int LinesOfSeed = 12;

    public static readonly FuzzTarget Target = new("ecs", Demonstration, Read) { Form = InputForm.Json };

    /// <summary>The recording that ships with the sensor, in pieces.</summary>
    public static IReadOnlyList<byte[]> Demonstration() =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Demo", "demo.ndjson")).Chunk(LinesOfSeed).Select(static lines => Encoding.UTF8.GetBytes(string.Join('\n', lines))),
    ];

    private static void Read(byte[] input)
    {
        using var file = new InputFile(input);
        using var source = new EcsSource([file.Path], new ProcessTable());
        EventUse.OfAll(source);
    }
}
