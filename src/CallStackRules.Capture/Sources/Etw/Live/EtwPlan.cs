using Microsoft.Diagnostics.Tracing.Session;

namespace CallStackRules.Capture.Sources.Etw.Live;

/// <summary>What a session has to enable.</summary>
/// <param name="Kernel">Groups of classic kernel events.</param>
/// <param name="KernelStacks">Classic events that come with the stack of their thread.</param>
/// <param name="Providers">Providers with a manifest.</param>
public sealed record EtwPlan(KernelGroups Kernel, IReadOnlyList<ClassicEventId> KernelStacks, IReadOnlyList<EtwProvider> Providers);

/// <summary>A provider with a manifest.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Keywords">Which of its events; 0 for all.</param>
/// <param name="StackEvents">Numbers of the events that come with the stack of their thread.</param>
public sealed record EtwProvider(Guid Id, ulong Keywords, IReadOnlyList<int> StackEvents)
{
    /// <summary>What it tells of, for the user, where the system may refuse it and capture goes on without; null where capture cannot do without.</summary>
    public string? RefusableName { get; init; }

    /// <summary>Which stacks, as TraceEvent takes it: a list that is there but empty means all stacks to it.</summary>
    internal TraceEventProviderOptions ToOptions()
    {
        var options = new TraceEventProviderOptions();
        if (StackEvents.Count > 0)
            options.EventIDStacksToEnable = [.. StackEvents];
        return options;
    }
}

/// <summary>One kind of classic event.</summary>
/// <param name="Class">The class of the event.</param>
/// <param name="Type">The event within its class.</param>
public readonly record struct ClassicEventId(Guid Class, byte Type)
{
    /// <summary>Bytes of CLASSIC_EVENT_ID (evntrace.h): GUID, u8 type, 7 bytes.</summary>
    public const int Size = 24;

    /// <summary>A list as TraceSetInformation takes it.</summary>
    public static byte[] ToBytes(IReadOnlyList<ClassicEventId> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        byte[] bytes = new byte[ids.Count * Size];
        for (int i = 0; i < ids.Count; i++)
        {
            ids[i].Class.TryWriteBytes(bytes.AsSpan(i * Size));
            bytes[(i * Size) + 16] = ids[i].Type;
        }
        return bytes;
    }
}

/// <summary>Groups of classic kernel events. The values are those of EVENT_TRACE_FLAG_* in evntrace.h.</summary>
[Flags]
public enum KernelGroups : uint
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Processes, also those that run when the session begins.</summary>
    Process = 0x1,
    /// <summary>Programs, libraries and drivers, also those that are loaded when the session begins.</summary>
    ImageLoad = 0x4,
    /// <summary>Connections over TCP.</summary>
    Network = 0x10000,
    /// <summary>The registry, also the keys that are open when the session begins.</summary>
    Registry = 0x20000,
}
