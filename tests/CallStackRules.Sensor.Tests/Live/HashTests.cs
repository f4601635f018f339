using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using CallStackRules.Sensor.Commands;

namespace CallStackRules.Sensor.Tests.Live;

/// <summary>Rules by the hash of a file, while the sensor runs.</summary>
public sealed class HashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_program_is_found_by_its_hash_the_first_time_it_runs_and_by_its_new_one_when_it_was_changed_and_so_in_the_recording()
    {
        string program = Copy("/bin/true", "sample");
        string first = HashOf(program);
        string rules = WriteRules(("First", $"process where event.action == \"exec\" and process.hash.sha256 == \"{first}\""),
            ("Changed", $"process where event.action == \"exec\" and process.hash.sha256 == \"{HashWith(program, 1)}\""),
            ("Library", $"library where dll.hash.sha256 == \"{HashOf(Resolve("libc.so.6"))}\" and process.name == \"sample\""));
        string recording = Path.Combine(_folder.Path, "events.csr");
        using LiveSensor sensor = LiveSensor.Start("--rules", rules, "--record", recording);

        Run(program);
        sensor.WaitForAlert("First");
        File.AppendAllText(program, "\u0001");
        Run(program);
        IReadOnlyList<JsonElement> lines = sensor.Stop(out int exitCode);

        JsonElement hashes = lines[^1].GetProperty("summary").GetProperty("capture").GetProperty("hashes");
        string[] expected = ["First", "Library", "Changed", "Library"];
        bool isAsExpected = lines.SkipLast(1).Select(NameOf).SequenceEqual(expected);
        Skip.If(!isAsExpected && hashes.GetProperty("late").GetInt64() > 0, $"The machine was too busy for hashes to come in time: {hashes}");
        Assert.Equal(0, exitCode);
        Assert.Equal(expected, lines.SkipLast(1).Select(NameOf));
        Assert.Equal(first, lines[0].GetProperty("process").GetProperty("hash").GetProperty("sha256").GetString());
        Assert.Equal(lines.SkipLast(1).Select(NameOf), Replay(rules, recording).SkipLast(1).Select(NameOf));
    }

    [SkippableFact]
    public void A_program_can_be_refused_by_its_hash()
    {
        string program = Copy("/bin/true", "sample");
        string rules = Path.Combine(_folder.Path, "rules.dll");
        File.WriteAllBytes(rules, RuleAssembly.Compile("Rules", "", [RuleAssembly.Library], new RuleAssembly.RuleText(
            $"// @id 33333333-3333-4333-8333-333333333333\n// @name Refused\n// @action deny\nprocess where process.hash.sha256 == \"{HashWith(program, 1)}\"\n")));
        File.AppendAllText(program, "\u0001");
        using LiveSensor sensor = LiveSensor.Start("--rules", rules, "--prevent");

        bool isRefused = false;
        try
        {
            Run(program);
        }
        catch (Win32Exception)
        {
            isRefused = true;
        }
        IReadOnlyList<JsonElement> lines = sensor.Stop(out _);

        JsonElement hashes = lines[^1].GetProperty("summary").GetProperty("capture").GetProperty("hashes");
        Skip.If(!isRefused && hashes.GetProperty("late").GetInt64() > 0, $"The machine was too busy for hashes to come in time: {hashes}");
        Assert.True(isRefused, hashes.ToString());
    }

    private static string NameOf(JsonElement alert) => alert.GetProperty("rule").GetProperty("name").GetString()!;

    private static string HashOf(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private static string HashWith(string file, byte last) => Convert.ToHexStringLower(SHA256.HashData([.. File.ReadAllBytes(file), last]));

    private static string Resolve(string library) => Directory.EnumerateFiles("/lib", library, SearchOption.AllDirectories).First();

    private static void Run(string program)
    {
        using Process process = Process.Start(program);
        process.WaitForExit();
    }

    private static List<JsonElement> Replay(string rules, string recording)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (string argument in (string[])["exec", typeof(RunCommand).Assembly.Location, "replay", "--json", "--rules", rules, recording])
            start.ArgumentList.Add(argument);
        using Process replay = Process.Start(start)!;
        return [.. replay.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
    }

    private string Copy(string program, string name)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        string copy = Path.Combine(_folder.Path, name);
        File.Copy(program, copy);
        return copy;
    }

    private string WriteRules(params (string Name, string Query)[] rules)
    {
        string file = Path.Combine(_folder.Path, "rules.dll");
        File.WriteAllBytes(file, RuleAssembly.OfRules(rules));
        return file;
    }
}
