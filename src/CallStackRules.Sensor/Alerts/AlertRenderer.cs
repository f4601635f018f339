using System.Globalization;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Output;
using CallStackRules.Sensor.Pipeline;
using CallStackRules.Sensor.Responses;
using CallStackRules.Sequences;
using Spectre.Console;

namespace CallStackRules.Sensor.Alerts;

/// <summary>Makes alerts of matches while their event is valid.</summary>
internal sealed class AlertRenderer : IDisposable
{
    private readonly StringWriter _json = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
    private readonly StringWriter _text = new(CultureInfo.InvariantCulture);
    private readonly JsonLines _lines;
    private readonly AlertJsonWriter _writer;
    private readonly AlertView? _view;

    /// <param name="console">Where people read alerts, whose width and colours count; null when nobody does.</param>
    public AlertRenderer(IAnsiConsole? console)
    {
        _lines = new JsonLines(_json);
        _writer = new AlertJsonWriter(_lines);
        _view = console is null ? null : new AlertView(Terminal.Like(console, _text));
    }

    /// <summary>The alert of a rule over single events.</summary>
    public Alert Render(RuleInfo rule, EndpointEvent e)
    {
        _writer.Write(rule, e);
        _view?.Write(rule, e);
        return Take(rule);
    }

    /// <summary>The alert of a rule over several events.</summary>
    /// <param name="match">The match.</param>
    /// <param name="completing">The event that completed it; null when time did.</param>
    public Alert Render(StepsMatch<EndpointEvent> match, EndpointEvent? completing)
    {
        _writer.Write(match, completing);
        _view?.Write(match, completing);
        return Take(match.Rule.Info);
    }

    /// <summary>What came of a response.</summary>
    public Alert Render(Response response)
    {
        response.WriteTo(_lines.Json);
        _lines.EndLine();
        if (_view is not null)
            _text.WriteLine(PrintableText.Of(response.Message));
        return Take(response.Rule) with { IsResponse = true };
    }

    public void Dispose()
    {
        _lines.Dispose();
        _json.Dispose();
        _text.Dispose();
    }

    private Alert Take(RuleInfo rule)
    {
        var alert = new Alert(AlertedRule.Of(rule), _json.ToString().TrimEnd('\n'), _view is null ? null : _text.ToString());
        _json.GetStringBuilder().Clear();
        _text.GetStringBuilder().Clear();
        return alert;
    }
}
