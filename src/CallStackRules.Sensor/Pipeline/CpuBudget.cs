using System.Globalization;
using CallStackRules.Capture.Sources;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>
/// Holds the sensor to a share of one processor: when it takes more, the source leaves out the least valuable events, one kind after the other; when it takes much less,
/// they come back the same way.
/// </summary>
/// <remarks>
/// It is looked once a second, over the last three seconds. A kind is left out as soon as these are over the budget, and comes back when ten looks in a row are below
/// half of it: events that come back cost what they saved, and must not swing to and fro.
/// </remarks>
/// <param name="percent">Of one processor.</param>
/// <param name="source">Leaves out events.</param>
/// <param name="clock">The time.</param>
/// <param name="usedTime">Processor time that the sensor has used so far.</param>
/// <param name="report">Receives a line for each change.</param>
internal sealed class CpuBudget(double percent, ILiveSource source, TimeProvider clock, Func<TimeSpan> usedTime, Action<string> report)
{
    private const int LooksTogether = 3;
    private const int QuietLooks = 10;
    private const double QuietShare = 0.5;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly (long Time, TimeSpan Used)[] _looks = new (long, TimeSpan)[LooksTogether];
    private int _count;
    private int _quiet;
    private bool _hasSaidInVain;

    /// <summary>Share of one processor at the last look, in percent.</summary>
    public double Usage { get; private set; }

    /// <summary>To be called often; looks when it is time.</summary>
    public void Check()
    {
        long now = clock.GetTimestamp();
        if (_count > 0 && clock.GetElapsedTime(_looks[(_count - 1) % LooksTogether].Time, now) < BetweenLooks)
            return;
        TimeSpan used = usedTime();
        bool isFull = _count >= LooksTogether;
        (long firstTime, TimeSpan firstUsed) = _looks[_count % LooksTogether];
        _looks[_count++ % LooksTogether] = (now, used);
        if (!isFull)
            return;
        Usage = 100 * (used - firstUsed) / clock.GetElapsedTime(firstTime, now);
        Judge();
    }

    private void Judge()
    {
        _quiet = Usage < percent * QuietShare ? _quiet + 1 : 0;
        if (Usage > percent)
            ShedMore();
        else if (_quiet >= QuietLooks && source.Shedding > 0)
            ShedLess();
    }

    private void ShedMore()
    {
        if (source.Shedding == source.SheddingOrder.Count)
        {
            if (!_hasSaidInVain)
                Report("nothing more can be left out");
            _hasSaidInVain = true;
            return;
        }
        source.Shedding++;
        Report($"left out from now on: {source.SheddingOrder[source.Shedding - 1]}");
        BeginAnew();
    }

    private void ShedLess()
    {
        source.Shedding--;
        _hasSaidInVain = false;
        Report($"no longer left out: {source.SheddingOrder[source.Shedding]}");
        BeginAnew();
    }

    /// <summary>What was before a change says nothing of its effect.</summary>
    private void BeginAnew()
    {
        _count = 0;
        _quiet = 0;
    }

    private void Report(string what) =>
        report(string.Create(CultureInfo.InvariantCulture, $"CPU: {Usage:0.#} % of one processor used, {percent:0.#} % allowed; {what}."));
}
