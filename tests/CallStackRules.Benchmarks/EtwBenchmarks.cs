using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Events;
using CallStackRules.Rules;

namespace CallStackRules.Benchmarks;

/// <summary>
/// A recorded trace of 179,474 events of ETW from its file to its end: opening, unpacking of its compressed buffers, a first pass for the keys of stacks, and all tables from
/// empty. Not the unpacking of the archive it comes in, net.4.5.2.x64.etl.zip of ../shared/data/etl. Times and bytes are for one event.
/// </summary>
[MemoryDiagnoser]
public class EtwBenchmarks
{
    private const int Events = 179_474;

    /// <summary>Events from the start that list what was there before, as those of a session do.</summary>
    private const int Beginning = 10_000;

    private readonly EndpointEvent _event = new();
    private readonly CallStackRules.Rules.RulePack _rules = new();
    private readonly List<EventRule<EndpointEvent>> _matches = [];
    private string _path = "";
    private EtwFileSource? _begun;

    /// <summary>Finds and unpacks the trace.</summary>
    [GlobalSetup]
    public void Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string file = Path.Combine(folder, "..", "shared", "data", "etl", "net.4.5.2.x64.etl.zip");
            if (File.Exists(file))
            {
                _path = Path.Combine(Path.GetTempPath(), $"callstackrules-{Environment.ProcessId}.etl");
                using ZipArchive archive = ZipFile.OpenRead(file);
                archive.Entries.Single(static entry => entry.Name.EndsWith(".etl", StringComparison.Ordinal)).ExtractToFile(_path, overwrite: true);
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

    /// <summary>The same, and all rules over what is decoded.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public int SourceAndRules()
    {
        _matches.Clear();
        using var source = new EtwFileSource([_path], new ProcessTable());
        while (source.TryRead(_event))
            _rules.Match(_event, _matches);
        return _matches.Count;
    }

    /// <summary>Reads the beginning.</summary>
    [IterationSetup(Target = nameof(Sustained))]
    public void Begin()
    {
        _begun = new EtwFileSource([_path], new ProcessTable());
        while (_begun.Statistics.Events < Beginning && _begun.TryRead(_event))
        {
        }
    }

    /// <summary>The rest with all rules, once the file is open and the tables are made: what reading goes on to cost. It still tells of new images and files, and lists those that are left at its end.</summary>
    [Benchmark(OperationsPerInvoke = Events - Beginning)]
    public int Sustained()
    {
        _matches.Clear();
        while (_begun!.TryRead(_event))
            _rules.Match(_event, _matches);
        return _matches.Count;
    }

    /// <summary>Closes the trace.</summary>
    [IterationCleanup(Target = nameof(Sustained))]
    public void Finish() => _begun!.Dispose();

    /// <summary>Removes the unpacked trace.</summary>
    [GlobalCleanup]
    public void Remove() => File.Delete(_path);
}
