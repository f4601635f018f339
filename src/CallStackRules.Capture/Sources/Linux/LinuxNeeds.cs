using CallStackRules.Capture.Sources.Linux.Hashing;
using CallStackRules.Capture.Sources.Linux.Tracing;

namespace CallStackRules.Capture.Sources.Linux;

/// <summary>Which calls tell of the events that rules need.</summary>
internal static class LinuxNeeds
{
    private const string Reading = "open";

    /// <summary>The call that tells of an event, by category and action. A call that is here with several is captured when one of them is needed.</summary>
    private static readonly (string Category, string Action, CapturedCall Call)[] CallsByEvent =
    [
        ("process", "memfd_create", CapturedCall.CreateMemoryFile), ("process", "ptrace", CapturedCall.Trace), ("process", "uid_change", CapturedCall.SetUser),
        ("process", "gid_change", CapturedCall.SetGroup), ("process", "capability_change", CapturedCall.SetCapabilities), ("process", "load_module", CapturedCall.LoadKernelModule),
        ("file", Reading, CapturedCall.Open), ("file", "creation", CapturedCall.Open), ("file", "creation", CapturedCall.Link), ("file", "modification", CapturedCall.Open),
        ("file", "rename", CapturedCall.Rename), ("file", "deletion", CapturedCall.Unlink),
        ("library", "load", CapturedCall.Map),
        ("network", "connection_attempted", CapturedCall.Connect), ("network", "connection_accepted", CapturedCall.Accept),
        ("api", "mmap", CapturedCall.Map), ("api", "mprotect", CapturedCall.Protect), ("api", "ptrace", CapturedCall.Trace),
        ("api", "process_vm_writev", CapturedCall.WriteMemory), ("api", "io_uring_setup", CapturedCall.SetUpRing), ("api", "load_module", CapturedCall.LoadKernelModule),
    ];

    /// <summary>
    /// Captured whatever the rules need: who runs what, as whom, from where; and whose code makes memory executable, which tells compilers that run with their
    /// program from intruders.
    /// </summary>
    private static readonly CapturedCall[] Model =
    [
        CapturedCall.Execute, CapturedCall.Executed, CapturedCall.SetUser, CapturedCall.SetGroup, CapturedCall.ChangeFolder, CapturedCall.ChangeSession, CapturedCall.Map,
        CapturedCall.Protect, CapturedCall.Move,
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
        foreach ((string category, string action, CapturedCall call) in CallsByEvent)
        {
            if (needs.Wants(category, action))
                calls.Add(call);
        }
        HashKinds ofPrograms = HashesOf(needs, ProgramOwners);
        HashKinds ofLibraries = HashesOf(needs, LibraryOwners);
        return new LinuxCaptureOptions
        {
            Calls = calls,
            WantsReading = needs.Wants("file", Reading),
            ReportsForksAndExits = needs.Wants("process", "fork") || needs.Wants("process", "end"),
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
