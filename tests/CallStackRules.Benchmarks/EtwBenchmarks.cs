using BenchmarkDotNet.Attributes;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Events;

namespace CallStackRules.Benchmarks;

/// <summary>
/// A recorded trace of 179,474 events of ETW from its file, which is compressed, to its end. Times and bytes are for one event. Needs net.4.5.2.x64.etl.zip of
/// ../shared/data/etl.
/// </summary>
[MemoryDiagnoser]
public class EtwBenchmarks
{
    private const int Events = 179_474;

    private readonly EndpointEvent _event = new();
    private string _path = "";

    /// <summary>Finds the trace.</summary>
    [GlobalSetup]
    public void Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string file = Path.Combine(folder, "..", "shared", "data", "etl", "net.4.5.2.x64.etl.zip");
            if (File.Exists(file))
            {
                _path = file;
                return;
            }
        }
        throw new FileNotFoundException("../shared/data/etl/net.4.5.2.x64.etl.zip is not at hand.");
    }

    /// <summary>Every event raw, in the order of time.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Events)]
    public long Raw()
    {
        using var reader = new EtlReader(_path, new SourceStatistics());
        long bytes = 0;
        while (reader.TryRead(out RawEvent e))
            bytes += e.Data.Length;
        return bytes;
    }

    /// <summary>Every event as the sensor reads it.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public long Source()
    {
        using var source = new EtwFileSource([_path], new ProcessTable());
        while (source.TryRead(_event))
        {
        }
        return source.Statistics.Events;
    }
}
