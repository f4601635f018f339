using CallStackRules.Capture.Sources.Linux.Hashing;
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

    private static readonly (string Name, HashKinds Kind)[] HashNames =
    [
        ("md5", HashKinds.Md5), ("sha1", HashKinds.Sha1), ("sha256", HashKinds.Sha256), ("sha384", HashKinds.Sha384), ("sha512", HashKinds.Sha512),
    ];

    /// <summary>What has the digests of a program: a process, by all the names it goes by.</summary>
    private static readonly string[] ProgramOwners = ["process", "parent", "group_leader", "session_leader", "entry_leader"];

    private static readonly string[] LibraryOwners = ["dll"];

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
        HashKinds ofPrograms = HashesOf(needs, ProgramOwners);
        HashKinds ofLibraries = HashesOf(needs, LibraryOwners);
        return new LinuxCaptureOptions
        {
            Calls = calls,
            WantsReading = needs.Wants("file"),
            ReportsForksAndExits = needs.Wants("process"),
            Hashes = ofPrograms | ofLibraries,
            HashesPrograms = ofPrograms != HashKinds.None,
            HashesLibraries = ofLibraries != HashKinds.None,
        };
    }

    private static HashKinds HashesOf(CaptureNeeds needs, string[] owners)
    {
        HashKinds kinds = HashKinds.None;
        foreach ((string name, HashKinds kind) in HashNames)
        {
            if (Array.Exists(owners, owner => needs.Reads($"{owner}.hash.{name}")))
                kinds |= kind;
        }
        return kinds;
    }
}
