namespace CallStackRules.Capture.Symbols;

/// <summary>Which file an image was mapped from: its path, and what its headers said then. A number that the event does not tell is 0 and fits every file.</summary>
/// <param name="Path">Full path with a drive letter.</param>
/// <param name="Timestamp">TimeDateStamp of IMAGE_FILE_HEADER.</param>
/// <param name="Checksum">CheckSum of IMAGE_OPTIONAL_HEADER.</param>
/// <param name="Size">SizeOfImage of IMAGE_OPTIONAL_HEADER, in bytes.</param>
public readonly record struct ImageIdentity(string Path, uint Timestamp, uint Checksum, uint Size)
{
    /// <summary>Whether a file with these headers is the one.</summary>
    public bool Fits(uint timestamp, uint checksum, uint size) =>
        (Timestamp == 0 || timestamp == Timestamp) && (Checksum == 0 || checksum == 0 || checksum == Checksum) && (Size == 0 || size == Size);
}
