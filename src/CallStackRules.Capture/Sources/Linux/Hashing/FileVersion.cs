using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Interop;

namespace CallStackRules.Capture.Sources.Linux.Hashing;

/// <summary>A file with the content it has now: when that is changed, it is another version.</summary>
/// <param name="Identity">Which file it is.</param>
/// <param name="Size">Bytes of its content.</param>
/// <param name="ChangedNanoseconds">When it was last changed, in nanoseconds since 1970.</param>
internal readonly record struct FileVersion(FileIdentity Identity, long Size, long ChangedNanoseconds)
{
    // File systems keep times in steps: of the kernel's timer, or of two seconds on some.
    private const long NanosecondsBetweenSteps = 2_000_000_000;

    /// <summary>The version that a file system tells of.</summary>
    public static FileVersion Of(in FileStatus status) => new(status.Identity, status.Size, status.ChangedNanoseconds);

    /// <summary>Whether it could be changed once more without becoming another version, because it was changed just now.</summary>
    public bool IsFresh => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * 100 < ChangedNanoseconds + NanosecondsBetweenSteps;
}
