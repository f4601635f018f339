using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Linux.Hashing;

/// <summary>A file whose digests one thread asks for and another works out.</summary>
/// <param name="link">A link of <c>/proc</c> that leads to it, even when its path is another file's by now: <c>/proc/PID/exe</c>.</param>
/// <param name="file">Which file it must be; null when what the link leads to is right.</param>
/// <param name="processId">A process that sees its path.</param>
internal sealed class FileToHash(string link, MappedFile? file, int processId)
{
    private readonly object _answering = new();
    private volatile bool _isAnswered;

    /// <inheritdoc cref="FileToHash(string, MappedFile?, int)" path="/param[@name='link']"/>
    public string Link => link;

    /// <inheritdoc cref="FileToHash(string, MappedFile?, int)" path="/param[@name='file']"/>
    public MappedFile? File => file;

    /// <inheritdoc cref="FileToHash(string, MappedFile?, int)" path="/param[@name='processId']"/>
    public int ProcessId => processId;

    /// <summary>Processes whose program it is, and that get the digests once they are there. For the thread that asks.</summary>
    public List<LinuxProcess> Processes { get; } = [];

    /// <summary>Whether <see cref="Hashes"/> and <see cref="Outcome"/> are known.</summary>
    public bool IsAnswered => _isAnswered;

    /// <summary>The digests; null when there are none.</summary>
    public FileHashes? Hashes { get; private set; }

    /// <summary>What came of it.</summary>
    public HashOutcome Outcome { get; private set; }

    /// <summary>Gives the answer, once.</summary>
    public void Answer(HashOutcome outcome, FileHashes? hashes)
    {
        lock (_answering)
        {
            Outcome = outcome;
            Hashes = hashes;
            _isAnswered = true;
            Monitor.PulseAll(_answering);
        }
    }

    /// <summary>Waits for the answer, at most this long.</summary>
    public void Wait(TimeSpan time)
    {
        lock (_answering)
        {
            if (!_isAnswered)
                Monitor.Wait(_answering, time);
        }
    }
}

/// <summary>What came of a file whose digests were asked for.</summary>
internal enum HashOutcome
{
    /// <summary>The file was read.</summary>
    Computed,
    /// <summary>That version was read before.</summary>
    Known,
    /// <summary>It is too large, cannot be read, or was changed while it was read.</summary>
    Refused,
}
