using System.Runtime.InteropServices;
using System.Text;
using CallStackRules.Sensor.Alerts;

namespace CallStackRules.Sensor.Output;

/// <summary>
/// Alerts as NDJSON, behind what a file has already. The file is opened for each: alerts are rare, and one that was renamed or deleted, as tools that rotate logs do, is
/// made anew by the next without anybody telling. SIGHUP, by which such tools tell, must not end the sensor.
/// </summary>
internal sealed class AlertFile : IAlertOutput
{
    private readonly string _path;
    private readonly PosixSignalRegistration _hangUp;

    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public AlertFile(string path)
    {
        _path = Path.GetFullPath(path);
        // Says at the start what is wrong, and not at the first alert.
        Open().Dispose();
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static signal => signal.Cancel = true);
    }

    /// <inheritdoc/>
    public void Write(Alert alert)
    {
        using FileStream file = Open();
        // In one piece, so that whoever reads meanwhile sees whole lines.
        file.Write(Encoding.UTF8.GetBytes(alert.Json + "\n"));
    }

    /// <inheritdoc/>
    public void Dispose() => _hangUp.Dispose();

    private FileStream Open() => new(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
