using CallStackRules.Capture.Processes;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources;

/// <summary>What the events of a recording have told of processes, for whoever reads an alert and wants to know where its process comes from.</summary>
/// <param name="processes">The processes known so far.</param>
internal sealed class ToldProcesses(ProcessTable processes)
{
    /// <summary>Takes note of what an event tells, and gives its parent's process the ancestors that are known.</summary>
    public void Remember(EndpointEvent e)
    {
        if (e.UtcTicks is { } ticks)
            processes.Advance(ticks);
        if (e.Process is not { EntityId.Length: > 0 } process)
            return;
        ProcessInfo known = Learn(process);
        if (process.Parent is { EntityId.Length: > 0 } parent)
        {
            ProcessInfo knownParent = Learn(parent);
            processes.Link(known, knownParent);
            parent.Parent = knownParent.Parent;
        }
        if (Contains(e.Event.Category, "process") && Contains(e.Event.Type, "end"))
            processes.End(process.EntityId.Span);
    }

    // What a process tree shows; texts of their own, because those of the event are gone with it.
    private ProcessInfo Learn(ProcessInfo described)
    {
        ProcessInfo known = processes.GetOrAdd(described.EntityId.Span);
        known.Pid = described.Pid ?? known.Pid;
        known.Name = Keep(known.Name, described.Name);
        known.Executable = Keep(known.Executable, described.Executable);
        known.CommandLine = Keep(known.CommandLine, described.CommandLine);
        return known;
    }

    private static Text Keep(Text known, Text described) => described.IsMissing || described == known ? known : described.ToString();

    private static bool Contains(TextList texts, string text)
    {
        for (int i = 0; i < texts.Count; i++)
        {
            if (texts[i].Span.SequenceEqual(text))
                return true;
        }
        return false;
    }
}
