using System.Diagnostics;
using System.Globalization;
using CallStackRules.Sensor.Responses;

namespace CallStackRules.Sensor.Tests.Responses;

public sealed class ProcessKillerTests
{
    [SkippableFact]
    public void The_process_that_is_meant_is_ended()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are ended by handles of Linux.");
        using Process child = Process.Start("sleep", ["60"]);

        Assert.Equal((ResponseOutcome.Done, $"killed: process {child.Id}"), Killer().Kill(EntityIdOf(child.Id), withDescendants: false));
        Assert.True(child.WaitForExit(TimeSpan.FromMinutes(2)));
    }

    [SkippableFact]
    public void A_process_with_the_number_of_the_one_that_is_meant_lives_on()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are ended by handles of Linux.");
        using Process child = Process.Start("sleep", ["60"]);

        Assert.Contains("belongs to another process", Killer().Kill(EntityIdOf(child.Id, ticksEarlier: 500), withDescendants: true).Reason, StringComparison.Ordinal);
        Assert.False(child.HasExited);
        child.Kill();
    }

    [SkippableFact]
    public void Descendants_are_ended_where_the_rule_says_so()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are ended by handles of Linux.");
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 60 & echo $!; wait"]) { RedirectStandardOutput = true })!;
        int descendant = int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);

        (_, string result) = Killer().Kill(EntityIdOf(shell.Id), withDescendants: true);

        Assert.Equal($"killed: process {shell.Id}; killed: process {descendant}", result);
        Assert.True(shell.WaitForExit(TimeSpan.FromMinutes(2)));
    }

    [SkippableFact]
    public void The_sensor_and_those_it_descends_from_are_never_ended()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are ended by handles of Linux.");
        int parent = int.Parse(File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ')[2], CultureInfo.InvariantCulture);

        Assert.Contains("the sensor itself", Killer().Kill(EntityIdOf(Environment.ProcessId), withDescendants: false).Reason, StringComparison.Ordinal);
        Assert.Contains("the sensor itself", Killer().Kill(EntityIdOf(parent), withDescendants: true).Reason, StringComparison.Ordinal);
        Assert.Contains("the sensor itself", Killer().Kill(EntityIdOf(1), withDescendants: false).Reason, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void What_names_no_process_of_this_machine_is_refused()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are ended by handles of Linux.");
        ProcessKiller killer = Killer();

        Assert.Contains("no identifier", killer.Kill("abc", withDescendants: false).Reason, StringComparison.Ordinal);
        Assert.Contains("another machine", killer.Kill("ffffffffffff-1-1", withDescendants: false).Reason, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Whoever_starts_others_without_end_is_ended_with_all_of_them()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are ended by handles of Linux.");
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", "echo; while :; do sleep 61.25 & sleep 0.01; done"]) { RedirectStandardOutput = true })!;
        shell.StandardOutput.ReadLine();

        (ResponseOutcome outcome, string reason) = Killer().Kill(EntityIdOf(shell.Id), withDescendants: true);

        Assert.Equal(ResponseOutcome.Done, outcome);
        Assert.True(shell.WaitForExit(TimeSpan.FromMinutes(2)));
        Assert.DoesNotContain("failed", reason, StringComparison.Ordinal);
        // Who has been ended is in the list of processes for a moment more.
        Assert.True(SpinWait.SpinUntil(static () => !Directory.EnumerateDirectories("/proc").Any(static folder => CommandLineOf(folder) == "sleep\061.25\0"), TimeSpan.FromMinutes(2)));
    }

    [SkippableFact]
    public void A_rehearsal_ends_nobody()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are ended by handles of Linux.");
        using Process child = Process.Start("sleep", ["60"]);

        Assert.Equal((ResponseOutcome.DryRun, $"would kill: process {child.Id}"), Killer().Kill(EntityIdOf(child.Id), withDescendants: false, isDryRun: true));
        Assert.False(child.HasExited);
        child.Kill();
    }

    private static ProcessKiller Killer() => new(new ProtectedProcesses());

    private static string CommandLineOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string EntityIdOf(int pid, long ticksEarlier = 0)
    {
        string boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Replace("-", "", StringComparison.Ordinal)[..12];
        long ticks = long.Parse(File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ')[20], CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{boot}-{pid}-{ticks - ticksEarlier}");
    }
}
