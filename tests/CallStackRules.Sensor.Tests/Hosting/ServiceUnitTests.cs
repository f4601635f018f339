using System.Diagnostics;
using CallStackRules.Sensor.Commands;

namespace CallStackRules.Sensor.Tests.Hosting;

/// <summary>The unit for systemd that ships.</summary>
public sealed class ServiceUnitTests
{
    private static readonly string Unit = Path.Combine(Repository.Root, "packaging/systemd/callstackrules.service");

    [SkippableFact]
    public void Systemd_understands_the_unit()
    {
        const string verifier = "/usr/bin/systemd-analyze";
        Skip.IfNot(File.Exists(verifier), "systemd-analyze is not installed, which verifies units.");
        using var folder = new TemporaryFolder();
        // The program need not be installed where the unit expects it.
        string copy = folder.Write("callstackrules.service", [.. File.ReadLines(Unit).Select(static line => line.StartsWith("ExecStart=", StringComparison.Ordinal) ? "ExecStart=/bin/true" : line)]);

        using Process process = Process.Start(new ProcessStartInfo(verifier, ["verify", copy]) { RedirectStandardError = true })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.DoesNotContain("callstackrules", said, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public void The_options_of_the_unit_are_options_of_run()
    {
        string command = File.ReadLines(Unit).Single(static line => line.StartsWith("ExecStart=", StringComparison.Ordinal));
        string[] arguments = command.Split(' ')[1..];

        Assert.Equal("run", arguments[0]);
        Assert.Empty(RunCommand.Create(new TestRules()).Parse(string.Join(' ', arguments[1..])).Errors);
    }
}
