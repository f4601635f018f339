using System.Threading.Channels;

namespace CallStackRules.Sensor.Alerts;

/// <summary>
/// Hands alerts from the thread that reads events to the outputs, so that no output, however slow, holds up reading. What does not fit is dropped and counted.
/// </summary>
internal sealed class AlertQueue : IDisposable
{
    /// <summary>Alerts that wait at most.</summary>
    public const int Capacity = 1024;

    private readonly TimeSpan _patience;
    private readonly IReadOnlyList<IAlertOutput> _outputs;
    private readonly Channel<Alert> _waiting = Channel.CreateBounded<Alert>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Task _writing;
    private long _dropped;
    private long _failed;
    private string? _problem;

    /// <summary>Begins to hand on.</summary>
    /// <param name="outputs">Disposed with the queue.</param>
    /// <param name="patience">How long the end waits for outputs; 10 seconds when null.</param>
    public AlertQueue(IReadOnlyList<IAlertOutput> outputs, TimeSpan? patience = null)
    {
        _outputs = outputs;
        _patience = patience ?? TimeSpan.FromSeconds(10);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Alerts that did not fit.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Alerts that an output could not write.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>What an output last said when it failed; null when none did.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Alerts that wait.</summary>
    public int Waiting => _waiting.Reader.Count;

    /// <summary>Whether an output hung when the queue was closed. What waited then is counted as dropped.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>Hands an alert on; never waits.</summary>
    public void Add(Alert alert)
    {
        if (!_waiting.Writer.TryWrite(alert))
            Interlocked.Increment(ref _dropped);
    }

    /// <summary>Waits until all alerts are written, and closes the outputs. An output that hangs is left behind: nobody must be kept from stopping the sensor.</summary>
    public void Dispose()
    {
        if (!_waiting.Writer.TryComplete())
            return;
        if (!_writing.Wait(_patience))
        {
            IsStuck = true;
            Interlocked.Add(ref _dropped, Waiting);
            return;
        }
        foreach (IAlertOutput output in _outputs)
            output.Dispose();
    }

    private async Task WriteAsync()
    {
        await foreach (Alert alert in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            foreach (IAlertOutput output in _outputs)
                Write(output, alert);
        }
    }

    private void Write(IAlertOutput output, Alert alert)
    {
        try
        {
            output.Write(alert);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Interlocked.Increment(ref _failed);
            Volatile.Write(ref _problem, e.Message);
        }
    }
}
