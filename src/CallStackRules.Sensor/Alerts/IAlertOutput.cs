namespace CallStackRules.Sensor.Alerts;

/// <summary>Where alerts go: the console, a file, a collector. Called by one thread, which is not the one that reads events.</summary>
internal interface IAlertOutput : IDisposable
{
    /// <summary>Takes an alert.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    void Write(Alert alert);
}
