namespace CallStackRules.Capture.Sources;

/// <summary>The files of a recording, before the first is opened.</summary>
internal static class RecordedFiles
{
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
