namespace CallStackRules.Events;

/// <summary>
/// Knows what is in the file that an event is about. Asked while the event is valid, and only when a rule or a reader wants the answer; writes what it knows and leaves the rest
/// missing.
/// </summary>
public interface IFileContent
{
    /// <summary>Describes the content of a file by its path.</summary>
    void Describe(FileDetails file);
}
