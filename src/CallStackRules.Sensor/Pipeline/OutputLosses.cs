namespace CallStackRules.Sensor.Pipeline;

/// <summary>What outputs did not take.</summary>
/// <param name="AlertsDropped">Alerts that did not fit into the queue.</param>
/// <param name="AlertsFailed">Alerts that an output could not write.</param>
/// <param name="EventsNotRecorded">Events, and answers of the system, that the disk did not take.</param>
/// <param name="Problem">What an output last said when it failed; null when none did.</param>
internal sealed record OutputLosses(long AlertsDropped, long AlertsFailed, long EventsNotRecorded, string? Problem)
{
    /// <summary>What the outputs of a run did not take so far.</summary>
    public static OutputLosses Of(LiveRun run) =>
        new(
            run.Alerts.Dropped, run.Alerts.Failed, run.NotRecorded, run.Recording?.Problem ?? run.Source.Capture.RecordingProblem ?? run.Alerts.Problem);
}
