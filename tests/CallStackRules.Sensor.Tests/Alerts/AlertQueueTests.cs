using CallStackRules.Rules;
using CallStackRules.Sensor.Alerts;
using CallStackRules.Sensor.Output;
using CallStackRules.Sensor.Pipeline;

namespace CallStackRules.Sensor.Tests.Alerts;

public sealed class AlertQueueTests
{
    [Fact]
    public void An_output_that_hangs_holds_nobody_up_and_what_does_not_fit_is_counted()
    {
        using var hanging = new HangingOutput();
        var queue = new AlertQueue([hanging]);
        queue.Add(Alert(0));
        hanging.HasBegun.Wait();

        for (int i = 0; i < AlertQueue.Capacity + 7; i++)
            queue.Add(Alert(i));

        Assert.Equal(7, queue.Dropped);
        Assert.Equal(AlertQueue.Capacity, queue.Waiting);
        hanging.MayGoOn.Set();
        queue.Dispose();
        Assert.Equal(AlertQueue.Capacity + 1, hanging.Written);
    }

    [Fact]
    public void An_output_that_hangs_keeps_nobody_from_stopping()
    {
        using var hanging = new HangingOutput();
        var queue = new AlertQueue([hanging], patience: TimeSpan.Zero);
        queue.Add(Alert(0));
        hanging.HasBegun.Wait();
        queue.Add(Alert(1));

        queue.Dispose();

        Assert.True(queue.IsStuck);
        Assert.Equal(1, queue.Dropped);
        hanging.MayGoOn.Set();
    }

    [Fact]
    public void What_an_output_cannot_write_is_counted_and_the_others_get_it()
    {
        using var good = new StringWriter();
        var queue = new AlertQueue([new FailingOutput(), new ConsoleOutput(good, isJson: true)]);

        queue.Add(Alert(1));
        queue.Dispose();

        Assert.Equal(1, queue.Failed);
        Assert.Equal("no room", queue.Problem);
        Assert.Equal("{\"n\":1}\n", good.ToString());
    }

    [Fact]
    public void A_file_that_was_rotated_away_is_begun_anew()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "alerts.ndjson");
        File.WriteAllText(path, "{\"earlier\":true}\n");
        using var file = new AlertFile(path);

        file.Write(Alert(1));
        File.Move(path, path + ".1");
        file.Write(Alert(2));
        file.Write(Alert(3));

        Assert.Equal("{\"earlier\":true}\n{\"n\":1}\n", File.ReadAllText(path + ".1"));
        Assert.Equal("{\"n\":2}\n{\"n\":3}\n", File.ReadAllText(path));
    }

    private static Alert Alert(int number) => new(new AlertedRule("id", "name", RuleSeverity.Low), $"{{\"n\":{number}}}", null);

    private sealed class HangingOutput : IAlertOutput
    {
        public ManualResetEventSlim HasBegun { get; } = new();

        public ManualResetEventSlim MayGoOn { get; } = new();

        public int Written { get; private set; }

        public void Write(Alert alert)
        {
            HasBegun.Set();
            MayGoOn.Wait();
            Written++;
        }

        public void Dispose()
        {
        }
    }

    private sealed class FailingOutput : IAlertOutput
    {
        public void Write(Alert alert) => throw new IOException("no room");

        public void Dispose()
        {
        }
    }
}
