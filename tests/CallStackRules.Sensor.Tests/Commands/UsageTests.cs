namespace CallStackRules.Sensor.Tests.Commands;

public class UsageTests
{
    [Theory]
    [InlineData]
    [InlineData("no-such-command")]
    [InlineData("rules", "--no-such-option")]
    [InlineData("explain")]
    [InlineData("explain", "no such rule")]
    public async Task A_wrong_command_line_ends_with_2_and_leaves_standard_output_empty(params string[] args)
    {
        Outcome outcome = await CommandLine.RunAsync(args);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.NotEmpty(outcome.Error);
    }

    [SkippableFact]
    public async Task A_trace_can_be_recorded_on_Windows_only()
    {
        Skip.If(OperatingSystem.IsWindows(), "Here it can.");
        Outcome outcome = await CommandLine.RunAsync("run", "--record", "x.ETL");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("only Windows writes traces (.etl)", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("explain", "--help")]
    public async Task Help_documents_the_exit_codes(params string[] args)
    {
        Outcome outcome = await CommandLine.RunAsync(args);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"Exit codes:\s+0 +ok\s+1 +findings", outcome.Output);
    }
}
