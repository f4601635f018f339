using System.Globalization;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Responses;

namespace CallStackRules.Sensor.Tests.Responses;

public sealed class ResponderTests
{
    private const string WasTried = "gone: process 10000000 has ended";

    private readonly List<Response> _log = [];
    private readonly Clock _clock = new();

    [SkippableFact]
    public void More_than_thirty_responses_in_a_minute_are_refused_until_the_first_is_a_minute_old()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are ended by handles of Linux.");
        Responder responder = Rehearsing();
        for (int i = 0; i < Responder.MostInPeriod; i++)
        {
            responder.Respond(Killing("process.entity_id"), Other());
            _clock.Now += TimeSpan.FromSeconds(1);
        }
        Assert.All(_log, static response => Assert.Equal(WasTried, response.Reason));

        responder.Respond(Killing("process.entity_id"), Other());
        Assert.Equal((ResponseOutcome.Refused, "refused: there were 30 responses within 60 seconds"), (_log[^1].Outcome, _log[^1].Reason));

        _clock.Now += TimeSpan.FromSeconds(30);
        responder.Respond(Killing("process.entity_id"), Other());
        Assert.Equal(WasTried, _log[^1].Reason);
        responder.Respond(Killing("process.entity_id"), Other());
        Assert.NotEqual(WasTried, _log[^1].Reason);
    }

    [Fact]
    public void A_rule_whose_event_has_no_such_process_is_refused_and_takes_no_turn()
    {
        Responder responder = Rehearsing();
        for (int i = 0; i <= Responder.MostInPeriod; i++)
            responder.Respond(Killing("Target.process.entity_id"), Other());

        Assert.All(_log, static response => Assert.Equal("refused: the event has no Target.process.entity_id", response.Reason));
        Assert.Equal((0, Responder.MostInPeriod + 1), (responder.Done, responder.NotDone));
    }

    [SkippableFact]
    public void The_sensor_s_own_parent_is_not_ended_though_a_rule_names_it()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are ended by handles of Linux.");
        string parent = File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ')[2];

        Rehearsing().Respond(Killing("process.entity_id"), EventOf(int.Parse(parent, CultureInfo.InvariantCulture)));

        Assert.Equal(ResponseOutcome.Refused, _log[^1].Outcome);
        Assert.Contains("the sensor itself", _log[^1].Reason, StringComparison.Ordinal);
    }

    private static RuleInfo Killing(string field) => TestRules.StartInfo with { Actions = [new RuleAction("kill_process", field, State: 0, Tree: false)] };

    /// <summary>An event of a process of this machine that is long gone.</summary>
    private static EndpointEvent Other() => EventOf(10_000_000);

    private static EndpointEvent EventOf(int pid)
    {
        string boot = OperatingSystem.IsLinux() ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Replace("-", "", StringComparison.Ordinal)[..12] : "";
        return new EndpointEvent { Process = new ProcessInfo { Pid = pid, EntityId = string.Create(CultureInfo.InvariantCulture, $"{boot}-{pid}-1") } };
    }

    private Responder Rehearsing() => new(new ProtectedProcesses(), isDryRun: true, _log.Add, _clock);

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
