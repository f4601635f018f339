using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Capture.Sources.Procmon;
using CallStackRules.Capture.Sources.Recordings;
using CallStackRules.Capture.Sources.Sysmon;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>A recording that is being read.</summary>
/// <param name="Source">Its events.</param>
/// <param name="Processes">The processes that its events have told of so far.</param>
internal sealed record Recording(IEventSource Source, ProcessTable Processes) : IDisposable
{
    /// <summary>What was lost while recording, and of which events the stack is missing; null where the recording does not tell.</summary>
    public CaptureStatistics? Capture => (Source as EtwFileSource)?.Capture;

    /// <summary>Opens files as one recording.</summary>
    /// <param name="format">What they are; null: told from the beginning of the first.</param>
    /// <param name="files">One or more paths.</param>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="InvalidDataException">The format cannot be told.</exception>
    public static Recording Open(RecordingFormat? format, IReadOnlyList<string> files)
    {
        RecordingFormat known = format ?? RecordingFormatDetection.Detect(files[0]);
        var processes = new ProcessTable(reuses: known == RecordingFormat.Sysmon);
        IEventSource source = known switch
        {
            RecordingFormat.Sensor => new RecordingSource(files, processes),
            RecordingFormat.Sysmon => new SysmonSource(files, processes),
            RecordingFormat.Procmon => new ProcmonSource(files, processes),
            RecordingFormat.Etw => new EtwFileSource(files, processes),
            _ => new EcsSource(files, processes),
        };
        return new Recording(source, processes);
    }

    public void Dispose() => Source.Dispose();
}
