namespace CallStackRules.Capture.Sources;

/// <summary>The files of a recording, before the first is opened.</summary>
internal static class RecordedFiles
{
    /// <summary>Bytes that a compressed recording is unpacked to at most: a small file can hide any number of them, and what has no bound fills the disk.</summary>
    public const long LargestUnpacked = 16L << 30;

    /// <summary>Why a recording is not unpacked any further.</summary>
    /// <param name="path">The compressed file.</param>
    /// <param name="largest">Bytes that were allowed.</param>
    public static IOException TooLarge(string path, long largest) =>
        new($"{path}: unpacked it has more than {largest:N0} bytes, which is what is unpacked for reading at most. Unpack it and name the unpacked file to read it all the same.");

    /// <summary>Sees that all are there.</summary>
    /// <returns>Bytes of all together, as they lie on the disk.</returns>
    /// <exception cref="FileNotFoundException">One of them is not there.</exception>
    public static long Measure(IReadOnlyList<string> files)
    {
        long total = 0;
        foreach (string file in files)
        {
            var information = new FileInfo(file);
            if (!information.Exists)
                throw new FileNotFoundException($"{file}: no such file.", file);
            total += information.Length;
        }
        return total;
    }
}
