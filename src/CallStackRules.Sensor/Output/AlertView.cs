using System.Globalization;
using CallStackRules.CallStacks;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Alerts;
using CallStackRules.Sequences;
using Spectre.Console;
using Spectre.Console.Rendering;
using Text = CallStackRules.Events.Text;

namespace CallStackRules.Sensor.Output;

/// <summary>Alerts for people: the rule and why it matters, who did what, and the call stack that did it. Reads without colours, too.</summary>
internal sealed class AlertView(IAnsiConsole console)
{
    /// <summary>How times are shown, which are UTC.</summary>
    public const string TimeFormat = "yyyy-MM-dd HH:mm:ss.fff'Z'";

    /// <summary>Characters of one value that are shown; command lines reach 32,767.</summary>
    private const int LongestValue = 1000;

    /// <summary>Characters of an ancestor's command line that are shown.</summary>
    private const int LongestAncestor = 100;

    /// <summary>Ancestors that are shown; a damaged recording can make a process its own grandparent.</summary>
    private const int MostAncestors = 8;

    private const int InnermostFrames = 12;
    private const int OutermostFrames = 4;
    private const int MarkedFramesBetween = 8;

    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Marked = new(Color.Red, decoration: Decoration.Bold);

    /// <summary>Writes the alert of a rule over single events. Keeps nothing of the event.</summary>
    public void Write(RuleInfo rule, EndpointEvent e)
    {
        Grid rows = Begin(rule);
        Add(rows, "when", WhenAndWhere(e));
        Add(rows, "event", Describe(e.Event));
        AddObject(rows, e);
        if (e.Process is { } process)
        {
            Add(rows, "process", ProcessTree(process));
            Add(rows, "command", process.CommandLine);
        }
        AddStacks(rows, e);
        End(rows);
    }

    /// <summary>Writes the alert of a rule over several events, step by step.</summary>
    /// <param name="match">The match. Nothing of it is kept.</param>
    /// <param name="completing">The event that completed it, whose call stack is shown; null when time did.</param>
    public void Write(StepsMatch<EndpointEvent> match, EndpointEvent? completing)
    {
        Grid rows = Begin(match.Rule.Info);
        for (int i = 0; i < match.Events.Count; i++)
        {
            foreach ((string label, string value) in StepLines.Of(StepEvent.Of(match, i)))
                Add(rows, label, value);
        }
        if (match.Count is { } count)
            Add(rows, "count", string.Create(CultureInfo.InvariantCulture, $"{count.Count} ({count.Share:P0}) {string.Join(", ", StepEvent.ValuesOf(count))}").TrimEnd());
        if (completing is not null)
            AddStacks(rows, completing);
        End(rows);
    }

    /// <summary>Writes the title, and begins the rows with what is known of the rule.</summary>
    private Grid Begin(RuleInfo rule)
    {
        Style severity = StyleOf(rule.Severity);
        string title = $"{rule.Severity.ToString().ToUpperInvariant()}  {PrintableText.Of(rule.Name)}";
        console.Write(new Rule(Markup.Escape(title)) { Justification = Justify.Left, Style = severity });

        var rows = new Grid();
        rows.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(2, 0, 2, 0) });
        rows.AddColumn(new GridColumn { Padding = new Padding(0) });

        Add(rows, "why", rule.Description.ReplaceLineEndings(" "));
        Add(rows, "rule", string.Join(' ', [rule.SourcePath, .. rule.Techniques]));
        return rows;
    }

    private void End(Grid rows)
    {
        console.Write(rows);
        console.WriteLine();
    }

    private static void AddStacks(Grid rows, EndpointEvent e)
    {
        if (e.Thread.CallStack.Count > 0)
            Add(rows, "stack", Stack(e.Thread.CallStack));
        if (e.ParentThread.CallStack.Count > 0)
            Add(rows, "parent's stack", Stack(e.ParentThread.CallStack));
    }

    /// <summary>The colour of a severity.</summary>
    public static Style StyleOf(RuleSeverity severity) => severity switch
    {
        RuleSeverity.Critical => new Style(Color.White, Color.Red, Decoration.Bold),
        RuleSeverity.High => new Style(Color.Red),
        RuleSeverity.Medium => new Style(Color.Yellow),
        _ => new Style(Color.Blue),
    };

    /// <summary>What was acted upon, as far as the event has it.</summary>
    private static void AddObject(Grid rows, EndpointEvent e)
    {
        Add(rows, "api", e.Api.Summary.IsMissing ? e.Api.Name : e.Api.Summary);
        Add(rows, "behaviours", Joined(e.Api.Behaviors));
        Add(rows, "library", e.Library.Path);
        Add(rows, "file", e.File.Path);
        Add(rows, "registry", e.Registry.Path);
        Add(rows, "data", Joined(e.Registry.Strings));
        if (e.TargetProcess is { } target)
            Add(rows, "target", Describe(target, target.Executable, LongestValue));
        Add(rows, "starts in", e.TargetThread.StartAddressModule);
        Add(rows, "from", Describe(e.Source));
        Add(rows, "to", Describe(e.Destination));
        Add(rows, "name asked", e.Dns.QuestionName);
        Add(rows, "answer", Joined(e.Dns.ResolvedIp));
    }

    private static void Add(Grid rows, string label, IRenderable value) => rows.AddRow(new Spectre.Console.Text(label, Quiet), value);

    private static void Add(Grid rows, string label, Text value)
    {
        if (value.Length > 0)
            Add(rows, label, new Spectre.Console.Text(Shown(value, LongestValue)));
    }

    private static string Shown(Text value, int longest) => value.Length <= longest
        ? PrintableText.Of(value.Span)
        : string.Create(CultureInfo.InvariantCulture, $"{PrintableText.Of(value.Span[..longest])}… ({value.Length - longest} more)");

    private static string WhenAndWhere(EndpointEvent e)
    {
        string time = e.UtcTicks is { } ticks and >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime(ticks).ToString(TimeFormat, CultureInfo.InvariantCulture)
            : "";
        return e.Host.Name.IsMissing ? time : $"{time} on {e.Host.Name}";
    }

    private static string Describe(EventInfo info) => $"{Joined(info.Category)} {(info.Action.IsMissing ? Joined(info.Type) : info.Action)}".Trim();

    private static string Describe(NetworkEndpoint end) => (end.Ip.IsMissing ? end.Address : end.Ip, end.Port) switch
    {
        ({ IsMissing: true }, _) => "",
        (var address, null) => address.ToString(),
        var (address, port) => string.Create(CultureInfo.InvariantCulture, $"{address} port {port}"),
    };

    private static string Joined(TextList values)
    {
        var texts = new string[values.Count];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = values[i].ToString();
        return string.Join(", ", texts);
    }

    private static Tree ProcessTree(ProcessInfo process)
    {
        var line = new List<ProcessInfo> { process };
        while (line[^1].Parent is { } parent && line.Count <= MostAncestors)
            line.Add(parent);

        Tree? tree = null;
        IHasTreeNodes? above = null;
        for (int i = line.Count - 1; i >= 0; i--)
        {
            Spectre.Console.Text described = i == 0
                ? Describe(process, process.Executable, LongestValue)
                : Describe(line[i], line[i].CommandLine.IsMissing ? line[i].Executable : line[i].CommandLine, LongestAncestor);
            above = above is null ? tree = new Tree(described) : above.AddNode(described);
        }
        return tree!;
    }

    private static Spectre.Console.Text Describe(ProcessInfo process, Text detail, int longest)
    {
        string name = process.Name.IsMissing ? "?" : Shown(process.Name, LongestAncestor);
        string pid = process.Pid is { } number ? $" ({number.ToString(CultureInfo.InvariantCulture)})" : "";
        return new Spectre.Console.Text($"{name}{pid}  {Shown(detail, longest)}".TrimEnd());
    }

    /// <summary>The frames, numbered from the innermost. Of a deep stack's middle only frames that need attention are shown.</summary>
    private static Grid Stack(CallStack stack)
    {
        var frames = new Grid();
        frames.AddColumn(new GridColumn { NoWrap = true, Alignment = Justify.Right, Padding = new Padding(0, 0, 2, 0) });
        frames.AddColumn(new GridColumn { Padding = new Padding(0) });
        int leftOut = 0;
        int markedBetween = 0;
        for (int i = 0; i < stack.Count; i++)
        {
            string marks = Marks(stack[i]);
            bool isMarked = marks.Length > 0;
            if (i >= InnermostFrames && i < stack.Count - OutermostFrames && !(isMarked && markedBetween++ < MarkedFramesBetween))
            {
                leftOut++;
                continue;
            }
            if (leftOut > 0)
                Add(frames, "…", new Spectre.Console.Text(string.Create(CultureInfo.InvariantCulture, $"{leftOut} frames left out"), Quiet));
            leftOut = 0;
            string frame = isMarked ? $"{Describe(stack[i])}  ◀ {marks}" : Describe(stack[i]);
            Add(frames, i.ToString(CultureInfo.InvariantCulture), new Spectre.Console.Text(frame, isMarked ? Marked : Style.Plain));
        }
        return frames;
    }

    private static string Describe(CallStackFrame frame)
    {
        Text place = frame.SymbolInfo.IsMissing ? frame.ModulePath : frame.SymbolInfo;
        if (!place.IsMissing)
            return Shown(place, LongestValue);
        return frame.InstructionPointer is { } address ? string.Create(CultureInfo.InvariantCulture, $"0x{address:x}") : "?";
    }

    /// <summary>What is odd about a frame, in words; empty when nothing is.</summary>
    private static string Marks(CallStackFrame frame)
    {
        var marks = new List<string>();
        if (frame.ModuleName.Span is "Unbacked")
            marks.Add("unbacked");
        if (!frame.Protection.IsMissing)
            marks.Add(Shown(frame.Protection, LongestAncestor));
        if (frame.AllocationPrivateBytes is > 0)
            marks.Add(string.Create(CultureInfo.InvariantCulture, $"{frame.AllocationPrivateBytes} private bytes"));
        if (!frame.ProtectionProvenance.IsMissing)
            marks.Add($"from {Shown(frame.ProtectionProvenance, LongestAncestor)}");
        return string.Join(", ", marks);
    }
}
