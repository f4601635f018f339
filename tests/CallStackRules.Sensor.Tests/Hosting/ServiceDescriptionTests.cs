using CallStackRules.Capture.Processes;
using CallStackRules.Sensor.Hosting;

namespace CallStackRules.Sensor.Tests.Hosting;

public class ServiceDescriptionTests
{
    [Fact]
    public void The_service_runs_the_sensor_with_the_options_that_were_given()
    {
        string[] create = ServiceDescription.Install(@"C:\Program Files\x\CallStackRules.Sensor.exe", ["--output", @"C:\my data\alerts.ndjson"])[0];
        string commandLine = create[Array.IndexOf(create, "binPath=") + 1];
        Assert.Equal(
            [@"C:\Program Files\x\CallStackRules.Sensor.exe", "run", "--output", @"C:\my data\alerts.ndjson"], WindowsCommandLine.Split(commandLine));
        Assert.StartsWith("\"", commandLine, StringComparison.Ordinal);
    }

    [Fact]
    public void The_service_starts_with_the_system_again_after_a_crash_and_at_once()
    {
        string[][] calls = ServiceDescription.Install("x", []);
        Assert.Equal(["create", "description", "failure", "start"], calls.Select(call => call[0]));
        Assert.All(calls, call => Assert.Equal(ServiceDescription.Name, call[1]));
        Assert.Equal("auto", calls[0][Array.IndexOf(calls[0], "start=") + 1]);
        Assert.StartsWith("restart/", calls[2][^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Removal_stops_the_service_first() => Assert.Equal(["stop", "delete"], ServiceDescription.Uninstall().Select(call => call[0]));

    [Fact]
    public void Only_system_and_administrators_are_let_into_the_data_folder_and_nothing_is_inherited()
    {
        Assert.Contains("D:PAI(", ServiceDescription.FolderPermissions, StringComparison.Ordinal);
        Assert.Equal(["SY", "BA"], ServiceDescription.FolderPermissions.Split('(')[1..].Select(entry => entry.TrimEnd(')').Split(';')[^1]));
    }

    [SkippableTheory]
    [InlineData("install")]
    [InlineData("uninstall")]
    public async Task On_other_systems_the_command_says_that_it_is_for_Windows(string command)
    {
        Skip.If(OperatingSystem.IsWindows(), "This is Windows.");
        Outcome run = await CommandLine.RunAsync("service", command);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Windows", run.Error, StringComparison.Ordinal);
    }
}
