namespace CallStackRules.Fuzz;

/// <summary>An input as a file, for readers that open files themselves. There is one at a time.</summary>
internal sealed class InputFile : IDisposable
{
    /// <summary>Writes the file.</summary>
    public InputFile(byte[] input) => File.WriteAllBytes(Path, input);

    /// <summary>Where it lies.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"callstackrules-fuzz-{Environment.ProcessId}");

    /// <summary>Deletes the file.</summary>
    public void Dispose() => File.Delete(Path);
}
