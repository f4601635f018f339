using CallStackRules.Capture.Sources;
using Spectre.Console;

namespace CallStackRules.Sensor.Output;

/// <summary>Shows how far a long recording has been read, where there is a terminal to show it on.</summary>
internal static class ProgressBar
{
    /// <summary>Bytes a recording must have, as it lies on the disk, to be worth a bar.</summary>
    private const long LongRecording = 1024 * 1024;

    /// <summary>Runs work that reports what it has read; it gets null when nobody watches.</summary>
    /// <param name="console">The terminal; null when there is none.</param>
    /// <param name="totalBytes">Bytes of the recording.</param>
    /// <param name="work">What to do.</param>
    public static T Watch<T>(IAnsiConsole? console, long? totalBytes, Func<Action<SourceStatistics>?, T> work)
    {
        if (console is null || totalBytes is null or < LongRecording)
            return work(null);
        return console.Progress().AutoClear(true).Start(context =>
        {
            ProgressTask bar = context.AddTask("Reading", maxValue: totalBytes.Value);
            return work(statistics => bar.Value = statistics.BytesRead);
        });
    }
}
