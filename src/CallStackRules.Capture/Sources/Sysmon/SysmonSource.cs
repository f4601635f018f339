using CallStackRules.Capture.Processes;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>
/// Sysmon's events as JSON lines, plain or compressed with gzip: flat records as nxlog and the public lab data sets have them, or nested as Winlogbeat and conversions of the
/// event's XML have them. See <c>docs/sources/sysmon.md</c> for what becomes of each value.
/// </summary>
/// <remarks>Records may be out of order, and files may mix machines: processes are told apart by their ProcessGuid.</remarks>
public sealed class SysmonSource : IEventSource
{
    /// <summary>Digests and signers that there is room for from the beginning.</summary>
    private const int PreparedTexts = 16 * 1024;

    private readonly LineReader _lines;
    private readonly SysmonRecord _record = new();
    private readonly SysmonMapper _mapper;

    /// <summary>Prepares to read files one after the other as one recording.</summary>
    /// <param name="files">Paths of the files.</param>
    /// <param name="processes">Where processes are kept.</param>
    /// <exception cref="FileNotFoundException">One of the files is not there.</exception>
    public SysmonSource(IReadOnlyList<string> files, ProcessTable processes)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(processes);
        _lines = new LineReader(files);
        var texts = new SharedTexts(PreparedTexts);
        _mapper = new SysmonMapper(new SysmonProcesses(processes, texts), texts, Statistics);
        Statistics.TotalBytes = _lines.TotalBytes;
    }

    /// <inheritdoc/>
    public SourceStatistics Statistics { get; } = new();

    /// <inheritdoc/>
    public bool TryRead(EndpointEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        while (true)
        {
            LineKind kind = _lines.Read(out ReadOnlyMemory<byte> line);
            Statistics.BytesRead = _lines.BytesRead;
            switch (kind)
            {
                case LineKind.End:
                    return false;
                case LineKind.Damaged:
                    Refuse("file damaged", $"the rest of the file cannot be read: {_lines.Damage}");
                    continue;
                case LineKind.TooLong:
                    Statistics.Lines++;
                    Refuse("line too long", $"the line has more than {LineReader.LongestLine >> 20} MB and was skipped; is this JSON with one event a line?");
                    continue;
            }
            Statistics.Lines++;
            if (line.Span.Trim(" \t\0"u8).IsEmpty)
                continue;
            if (!_record.TryRead(line))
            {
                Refuse("not JSON", "not one whole JSON object and was skipped; is the file cut off, or not JSON with one event a line?");
                continue;
            }
            e.Clear();
            if (_mapper.Map(_record, e) is { } reason)
            {
                Statistics.CountUnused(reason);
                continue;
            }
            Statistics.Events++;
            Statistics.Used++;
            return true;
        }
    }

    /// <summary>Closes the file being read.</summary>
    public void Dispose() => _lines.Dispose();

    private void Refuse(string reason, string problem)
    {
        Statistics.CountUnused(reason);
        Statistics.Warn(_lines.File, _lines.Line, problem);
    }
}
