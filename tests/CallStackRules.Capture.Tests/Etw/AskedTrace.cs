using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>A trace that is read the way a session is: with a system that can be asked, whose answers are recorded.</summary>
internal sealed class AskedTrace : IEventSource
{
    private readonly EtlReader _reader;
    private readonly FactCache _facts;
    private readonly EtwPipeline _pipeline;

    public AskedTrace(string trace, ISystemFacts facts, string answers)
    {
        _reader = new EtlReader(trace, Statistics);
        _facts = new FactCache(new FactRecorder(facts, answers), Statistics, _reader.Clock.Frequency);
        _pipeline = new EtwPipeline(_reader, new ProcessTable(), Statistics, Capture, facts: _facts);
    }

    public SourceStatistics Statistics { get; } = new();

    public CaptureStatistics Capture { get; } = new();

    public bool TryRead(EndpointEvent e)
    {
        while (!_pipeline.TryTake(e))
        {
            if (_pipeline.IsEnded)
                return false;
            if (_reader.TryRead(out RawEvent raw))
                _pipeline.Push(raw);
            else
                _pipeline.End();
        }
        return true;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _facts.Dispose();
    }
}
