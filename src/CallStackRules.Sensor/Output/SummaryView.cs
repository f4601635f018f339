using System.Globalization;
using CallStackRules.Sensor.Pipeline;
using Spectre.Console;

namespace CallStackRules.Sensor.Output;

/// <summary>The end of a replay for people: what was read, what was not used, and how often each rule matched.</summary>
internal static class SummaryView
{
    public static void Write(IAnsiConsole console, ReplaySummary summary)
    {
        var (source, alerts, elapsed, bytesPerEvent, evictedMatches, evictedProcesses, isStopped) = summary;
        if (alerts.Total > 0)
        {
            var table = new Table { Border = TableBorder.Simple };
            table.AddColumn(new TableColumn("Alerts") { Alignment = Justify.Right });
            table.AddColumn("Severity");
            table.AddColumn("Rule");
            foreach ((AlertedRule rule, long count) in alerts.ByRule)
            {
                table.AddRow(
                    new Text(Number(count)), new Text(rule.Severity.ToString().ToLowerInvariant(), AlertView.StyleOf(rule.Severity)), new Text(PrintableText.Of(rule.Name)));
            }
            console.Write(table);
        }
        if (isStopped)
            console.WriteLine("Stopped before the end of the recording.");
        console.WriteLine($"{Number(source.Events)} events, {Number(source.Used)} used, {Number(alerts.Total)} alerts.");
        // A short recording is over before the runtime is warm; its speed says nothing.
        if (source.Used > AllocationMeter.WarmUpEvents)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{elapsed.TotalSeconds:0.0} s, {source.Events / elapsed.TotalSeconds:N0} events/s, {bytesPerEvent:0.#} bytes allocated per event."));
        }
        if (evictedMatches > 0)
            console.WriteLine($"  {Number(evictedMatches)} pending matches given up: a rule had more than --max-pending allows.");
        if (evictedProcesses > 0)
            console.WriteLine($"  {Number(evictedProcesses)} processes forgotten: there were too many to remember the ancestry of all.");
        if (summary.Capture is { } capture)
        {
            if (capture.IsBestEffort)
                console.WriteLine("  Captured best effort, without BPF.");
            console.WriteLine($"  Stacks: {Number(capture.StacksComplete)} complete, {Number(capture.StacksTruncated)} truncated, {Number(capture.StacksBroken)} broken, "
                + $"{Number(capture.StacksMissing)} missing.");
            if (capture.LostByKernel + capture.LostModelRecords > 0)
                console.WriteLine($"  {Number(capture.LostByKernel + capture.LostModelRecords)} records lost: the kernel's buffers were full.");
            if (capture.TextsMissing > 0)
                console.WriteLine($"  {Number(capture.TextsMissing)} paths and arguments could not be read.");
            if (capture.FramesUncertain > 0)
                console.WriteLine($"  {Number(capture.FramesUncertain)} frames not called unbacked: the load of their image may be among what was lost.");
            if (capture.HasHashes)
            {
                console.WriteLine($"  {Number(capture.HashesComputed)} files hashed, {Number(capture.HashesRefused)} without hash; {Number(capture.HashesLate)} events did not wait for "
                    + "theirs any longer.");
            }
            if (capture.Shed > 0)
                console.WriteLine($"  {Number(capture.Shed)} events left out to keep the CPU budget.");
            if (capture.BadRecords > 0)
                console.WriteLine($"  {Number(capture.BadRecords)} records of the kernel could not be read.");
        }
        if (summary.Denied + summary.Responses > 0)
            console.WriteLine($"  {Number(summary.Denied)} programs refused, {Number(summary.Responses)} processes ended.");
        if (summary.Waits is { Count: > 0 } waits)
        {
            console.WriteLine($"  {Number(waits.Count)} programs held: median {Number(waits.Quantile(0.5))}, p99 {Number(waits.Quantile(0.99))}, longest {Number(waits.Longest)} microseconds.");
        }
        if (summary.Outputs is { } losses)
            WriteLosses(console, losses);
        foreach ((string reason, long count) in source.Unused.OrderByDescending(entry => entry.Value))
            console.WriteLine($"  {Number(count)} not used: {PrintableText.Of(reason)}");
        foreach ((string reason, long count) in source.FieldProblems.OrderByDescending(entry => entry.Value))
            console.WriteLine($"  {Number(count)} values left out: {PrintableText.Of(reason)}");
    }

    private static void WriteLosses(IAnsiConsole console, OutputLosses losses)
    {
        if (losses.AlertsDropped > 0)
            console.WriteLine($"  {Number(losses.AlertsDropped)} alerts dropped: the outputs were too slow.");
        if (losses.AlertsFailed > 0)
            console.WriteLine($"  {Number(losses.AlertsFailed)} alerts not written.");
        if (losses.EventsNotRecorded > 0)
            console.WriteLine($"  {Number(losses.EventsNotRecorded)} events not recorded: the disk was too slow, or full.");
        if (losses.Problem is { } problem)
            console.WriteLine($"  An output said: {PrintableText.Of(problem)}");
    }

    private static string Number(double number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
