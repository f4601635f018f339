namespace CallStackRules.Events;

/// <summary>
/// Knows of the files of programs and libraries what only the operating system can tell: digest, signature, version resource. Asked while the event is valid, and only when a
/// rule or a reader wants the answer; writes what it knows and leaves the rest missing.
/// </summary>
public interface IFileFacts
{
    /// <summary>Describes the file of a process by its path.</summary>
    void Describe(ProcessInfo process);

    /// <summary>Describes the file of a library by its path.</summary>
    void Describe(LibraryInfo library);
}
