namespace CallStackRules.Sensor.Tests;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("sensor-tests-").FullName;

    public string this[string name] => System.IO.Path.Combine(_path, name);

    public string Path => _path;

    public string Write(string name, params string[] lines)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], string.Concat(lines.Select(line => line + "\n")));
        return this[name];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
