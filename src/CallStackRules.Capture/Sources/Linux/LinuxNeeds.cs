using CallStackRules.Capture.Sources.Linux.Tracing;

namespace CallStackRules.Capture.Sources.Linux;

/// <summary>Which calls tell of the events that rules need.</summary>
internal static class LinuxNeeds
{
    /// <summary>The calls for a category.</summary>
    private static readonly (string Category, CapturedCall[] Calls)[] CallsByCategory =
    [
        ("process", [CapturedCall.CreateMemoryFile, CapturedCall.Trace, CapturedCall.SetUser, CapturedCall.SetGroup, CapturedCall.SetCapabilities, CapturedCall.LoadKernelModule]),
        ("file", [CapturedCall.Open, CapturedCall.Rename, CapturedCall.Unlink]),
        ("library", [CapturedCall.Map]),
        ("network", [CapturedCall.Connect]),
        ("api", [CapturedCall.Map, CapturedCall.Protect, CapturedCall.Trace, CapturedCall.WriteMemory, CapturedCall.SetUpRing, CapturedCall.LoadKernelModule]),
    ];

    /// <summary>
    /// Captured whatever the rules need: who runs what, as whom, from where; and whose code makes memory executable, which tells compilers that run with their
    /// program from intruders.
    /// </summary>
    private static readonly CapturedCall[] Model =
    [
        CapturedCall.Execute, CapturedCall.Executed, CapturedCall.SetUser, CapturedCall.SetGroup, CapturedCall.ChangeFolder, CapturedCall.Map, CapturedCall.Protect,
    ];

    /// <summary>What to capture.</summary>
    public static LinuxCaptureOptions ToOptions(CaptureNeeds needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        var calls = new HashSet<CapturedCall>(Model);
        foreach ((string category, CapturedCall[] ofCategory) in CallsByCategory)
        {
            if (needs.Wants(category))
                calls.UnionWith(ofCategory);
        }
        return new LinuxCaptureOptions { Calls = calls, WantsReading = needs.Wants("file"), ReportsForksAndExits = needs.Wants("process") };
    }
}
