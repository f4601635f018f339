using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Events;
using CallStackRules.Sensor.Alerts;
using CallStackRules.Sensor.Pipeline;
using CallStackRules.Sensor.Responses;

namespace CallStackRules.Sensor.Tests.Pipeline;

/// <summary>A live stream in which nothing happens any more.</summary>
public sealed class QuietStreamTests : IDisposable
{
    private const string Query = "sequence by process.pid with maxspan=10s [process where event.action == \"start\"] ![process where event.action == \"end\"]";

    private static readonly DateTime Start = new(2024, 5, 1, 10, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // A span of 10 seconds, and 2 in which an event can still be read that happened within it.
    [InlineData(11, 0)]
    [InlineData(13, 1)]
    public void An_event_that_does_not_come_is_told_though_no_other_comes(int quietSeconds, int alerts)
    {
        var clock = new ManualClock();
        File.WriteAllBytes(_folder["Rules.dll"], RuleAssembly.OfRule("aaaaaaaa-0000-4000-8000-000000000001", "Rule", Query));
        var rules = new ActiveRules([_folder["Rules.dll"]], new TestRules(), liveSystem: "linux");
        using var queue = new AlertQueue([]);
        using var renderer = new AlertRenderer(null);
        using var source = new OneStart(clock, quietSeconds);
        var run = new LiveRun(source, rules)
        {
            Renderer = renderer,
            Alerts = queue,
            Protected = new ProtectedProcesses(),
            Report = static _ => { },
            Clock = clock,
        };

        run.Run(CancellationToken.None);

        Assert.Equal(alerts, run.Matched);
    }

    /// <summary>One start, then nothing for some seconds.</summary>
    private sealed class OneStart(ManualClock clock, int quietSeconds) : ILiveSource
    {
        private int _reads;

        public SourceStatistics Statistics { get; } = new();

        public CaptureStatistics Capture { get; } = new();

        public ProcessTable Processes { get; } = new();

        public IReadOnlyList<string> Missing => [];

        public bool AwaitsVerdict => false;

        public void Start()
        {
        }

        public void Stop()
        {
        }

        public bool TryRead(EndpointEvent e) => throw new NotSupportedException();

        public ReadResult Read(EndpointEvent e, TimeSpan patience)
        {
            e.Clear();
            int read = _reads++;
            if (read == 0)
            {
                Statistics.Used++;
                e.UtcTicks = QuietStreamTests.Start.Ticks;
                e.Event.Category.Add("process");
                e.Event.Action = "start";
                e.Process = new ProcessInfo { Pid = 7 };
                return ReadResult.Event;
            }
            if (read > 1)
                clock.Advance(TimeSpan.FromSeconds(1));
            return read > quietSeconds + 1 ? ReadResult.End : ReadResult.Nothing;
        }

        public void Answer(bool allow)
        {
        }

        public void Dispose()
        {
        }
    }
}
