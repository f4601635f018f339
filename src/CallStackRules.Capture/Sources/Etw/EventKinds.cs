using System.Globalization;
using System.Runtime.InteropServices;
using CallStackRules.Capture.Sources.Etw.Files;

namespace CallStackRules.Capture.Sources.Etw;

/// <summary>Counts events by provider and number: what a trace holds, decoded or not.</summary>
internal sealed class EventKinds
{
    private readonly Dictionary<Kind, long> _counts = [];

    /// <summary>Counts an event.</summary>
    public void Count(in RawEvent e)
    {
        bool isClassic = (e.Flags & RawEventFlags.Classic) != 0;
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, new Kind(e.Provider, isClassic, isClassic ? e.Opcode : e.Id), out _)++;
    }

    /// <summary>
    /// The counts by name, in the order of the names: <c>Image opcode 10</c> for events of the kernel, <c>22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716 id 1</c> for others.
    /// </summary>
    public IReadOnlyDictionary<string, long> ByName()
    {
        var named = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach ((Kind kind, long count) in _counts)
            named[kind.Name] = count;
        return named;
    }

    private readonly record struct Kind(Guid Provider, bool IsClassic, ushort Number)
    {
        public string Name => string.Create(
            CultureInfo.InvariantCulture, $"{KernelEventGroups.NameOf(Provider) ?? Provider.ToString()} {(IsClassic ? "opcode" : "id")} {Number}");
    }
}
