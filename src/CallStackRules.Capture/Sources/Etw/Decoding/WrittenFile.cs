using CallStackRules.Capture.Memory;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>What is in the file that an event tells of, as the system finds it when somebody asks.</summary>
/// <param name="facts">Who is asked.</param>
internal sealed class WrittenFile(ISystemFacts facts) : IFileContent
{
    private long _time;

    /// <summary>Says when the event was whose file is asked for from now on.</summary>
    public void Begin(FileDetails file, long timestamp)
    {
        _time = timestamp;
        file.SetContentSource(this);
    }

    /// <inheritdoc/>
    public void Describe(FileDetails file)
    {
        ArgumentNullException.ThrowIfNull(file);
        file.HeaderBytes = facts.Header(new FileQuestion(file.Path.ToString(), _time));
    }
}
