using CallStackRules.Sensor.Alerts;

namespace CallStackRules.Sensor.Output;

/// <summary>Alerts on standard output, for people or for programs.</summary>
/// <param name="output">Standard output.</param>
/// <param name="isJson">Whether programs read it.</param>
internal sealed class ConsoleOutput(TextWriter output, bool isJson) : IAlertOutput
{
    /// <inheritdoc/>
    public void Write(Alert alert)
    {
        if (isJson)
            output.Write(alert.Json + "\n");
        else
            output.Write(alert.Text);
        output.Flush();
    }

    /// <summary>Standard output stays open.</summary>
    public void Dispose() => output.Flush();
}
