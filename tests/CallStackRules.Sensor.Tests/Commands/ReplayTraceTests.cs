using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Diagnostics.Tracing.Etlx;

namespace CallStackRules.Sensor.Tests.Commands;

/// <summary>Traces of ETW and of .NET's event pipe through the command line.</summary>
public sealed class ReplayTraceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task All_events_of_a_zipped_trace_of_ETW_are_read_and_accounted_for()
    {
        string trace = Path.Combine(Repository.Root, "..", "shared", "data", "etl", "net.4.5.2.x64.etl.zip");
        Skip.IfNot(File.Exists(trace), $"There is no file {trace}.");

        Outcome outcome = await CommandLine.RunAsync("replay", trace, "--json");

        Assert.Equal(0, outcome.ExitCode);
        JsonElement summary = outcome.Json[^1].GetProperty("summary");
        Assert.Equal(179_474, summary.GetProperty("events").GetInt64());
        long unused = summary.GetProperty("unused").EnumerateObject().Sum(static reason => reason.Value.GetInt64());
        Assert.Equal(179_474, summary.GetProperty("used").GetInt64() + unused);
    }

    [Fact]
    public async Task A_trace_of_the_event_pipe_is_read_and_so_is_what_TraceEvent_makes_of_it()
    {
        string trace = await TraceOfThisSensorAsync();
        string converted = TraceLog.CreateFromEventPipeDataFile(trace, _folder["converted.etlx"]);

        Outcome ofPipe = await CommandLine.RunAsync("replay", trace, "--json");
        Outcome ofConverted = await CommandLine.RunAsync("replay", converted, "--json");

        // What a runtime tells of itself is nothing that rules could use.
        Assert.Equal((3, ""), (ofPipe.ExitCode, ofPipe.Error));
        Assert.Equal(0, ofPipe.Json[^1].GetProperty("summary").GetProperty("used").GetInt64());
        Assert.InRange(Events(ofPipe), 10, long.MaxValue);
        Assert.Equal(Events(ofPipe), Events(ofConverted));
    }

    [Fact]
    public async Task A_trace_that_was_cut_says_so_by_name()
    {
        string trace = await TraceOfThisSensorAsync();
        string converted = TraceLog.CreateFromEventPipeDataFile(trace, _folder["whole.etlx"]);
        byte[] whole = await File.ReadAllBytesAsync(converted);
        await File.WriteAllBytesAsync(_folder["cut.etlx"], whole[..(whole.Length / 2)]);

        Outcome outcome = await CommandLine.RunAsync("replay", _folder["cut.etlx"], "--json");

        Assert.Equal(3, outcome.ExitCode);
        Assert.StartsWith($"{_folder["cut.etlx"]}: before event 1: the trace is damaged", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_of_the_event_pipe_that_is_damaged_says_near_which_byte()
    {
        byte[] whole = await File.ReadAllBytesAsync(await TraceOfThisSensorAsync());
        int middle = whole.Length / 2;
        whole.AsSpan(middle).Fill(0xFF);
        string file = _folder["damaged.nettrace"];
        await File.WriteAllBytesAsync(file, whole);

        Outcome outcome = await CommandLine.RunAsync("replay", file, "--json");

        Assert.Equal(3, outcome.ExitCode);
        Match place = Regex.Match(outcome.Error, $"^{Regex.Escape(file)}: near byte ([0-9]+): the trace is damaged", RegexOptions.CultureInvariant);
        Assert.True(place.Success, outcome.Error);
        // No block of such a small trace is larger.
        Assert.InRange(long.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture), middle - (256 * 1024), middle + (256 * 1024));
    }

    [Fact]
    public async Task A_trace_of_TraceEvent_that_is_damaged_anywhere_ends_with_its_name_and_place_and_no_more()
    {
        string trace = await TraceOfThisSensorAsync();
        string converted = TraceLog.CreateFromEventPipeDataFile(trace, _folder["whole.etlx"]);
        foreach (string whole in (string[])[trace, converted])
        {
            byte[] good = await File.ReadAllBytesAsync(whole);
            for (int seed = 0; seed < 60; seed++)
            {
                var random = new Random(seed);
                byte[] damaged = [.. good];
                for (int i = 0; i < 20; i++)
                    damaged[random.Next(64, damaged.Length)] = (byte)random.Next();
                string file = _folder[$"{seed}{Path.GetExtension(whole)}"];
                await File.WriteAllBytesAsync(file, damaged);

                Outcome outcome = await CommandLine.RunAsync("replay", file, "--json");

                Assert.InRange(outcome.ExitCode, 0, 3);
                if (outcome.Error.Length > 0)
                    Assert.Matches($"^{Regex.Escape(file)}: (near byte [0-9]+|before event 1|event [0-9]+): ", outcome.Error);
            }
        }
    }

    private static long Events(Outcome outcome) => outcome.Json[^1].GetProperty("summary").GetProperty("events").GetInt64();

    /// <summary>What the runtime tells of itself while the sensor lists its rules.</summary>
    private async Task<string> TraceOfThisSensorAsync()
    {
        string trace = _folder["runtime.nettrace"];
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "rules"]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_EnableEventPipe"] = "1";
        start.Environment["DOTNET_EventPipeOutputPath"] = trace;
        // The runtime's loader, at the level "informational".
        start.Environment["DOTNET_EventPipeConfig"] = "Microsoft-Windows-DotNETRuntime:0x8:4";
        using Process sensor = Process.Start(start)!;
        await sensor.StandardOutput.ReadToEndAsync();
        await sensor.WaitForExitAsync();
        Assert.Equal(0, sensor.ExitCode);
        return trace;
    }
}
