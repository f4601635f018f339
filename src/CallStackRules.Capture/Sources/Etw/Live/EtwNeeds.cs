namespace CallStackRules.Capture.Sources.Etw.Live;

/// <summary>Which providers, keywords and stacks tell of the events that rules need, of those that are decoded.</summary>
/// <remarks>
/// Processes and images are always captured: who did it, and what the addresses of stacks belong to. The classic groups tell what was there when the session began; the
/// manifest provider tells of what is new, with the stack inside the event. TraceEvent's own list of stacks for classic events asks for the end of a process in place of its
/// start, so the list is ours. Identifiers and keywords are those of the manifests of Windows 10.
/// </remarks>
public static class EtwNeeds
{
    /// <summary>Microsoft-Windows-Kernel-Process.</summary>
    public static readonly Guid KernelProcess = new("22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716");

    /// <summary>Microsoft-Windows-Kernel-File.</summary>
    public static readonly Guid KernelFile = new("edd08927-9cc4-4e65-b970-c2560fb5c289");

    /// <summary>Microsoft-Windows-Kernel-Registry.</summary>
    public static readonly Guid KernelRegistry = new("70eb4f03-c1de-4f73-a051-33d13d5413bd");

    /// <summary>Microsoft-Windows-DNS-Client.</summary>
    public static readonly Guid DnsClient = new("1c95126e-7eea-49a9-a3fe-a378b03ddb4d");

    /// <summary>Microsoft-Windows-Kernel-Audit-API-Calls.</summary>
    public static readonly Guid AuditApiCalls = new("e02a841c-75a3-4fa7-afc8-ae09cf9b7f23");

    /// <summary>Microsoft-Windows-Threat-Intelligence.</summary>
    public static readonly Guid ThreatIntelligence = new("f4e1897c-bb5d-5668-f1d8-040f4d8dd344");

    /// <summary>Microsoft-Windows-Win32k.</summary>
    public static readonly Guid Win32k = new("8c416c79-d49b-4f01-a467-e56d3aa8234c");

    /// <summary>The class Registry.</summary>
    public static readonly Guid Registry = new("ae53722e-c863-11d2-8659-00c04fa321a1");

    // Kernel-Process: processes and images.
    private const ulong ProcessKeywords = 0x10 | 0x40;
    private const ulong ThreadKeyword = 0x20;
    private const int ProcessStart = 1;
    private const int ThreadStart = 3;
    private const int ImageLoad = 5;

    // Kernel-File: opens, deletes, renames, new files; not reads, writes and ends of operations, which are the most.
    private const ulong FileKeywords = 0x80 | 0x400 | 0x800 | 0x1000;
    private static readonly int[] FileStacks = [12, 26, 27, 30];

    // Of the manifest's provider the data of values, and whether a key is new: the classic events, which have the paths and the stacks, do not tell.
    private const ulong RegistryKeywords = 0x100 | 0x1000;

    // Create, delete, set value, delete value; not what only reads.
    private static readonly byte[] RegistryStacks = [10, 12, 14, 15];

    // Audit-API-Calls: end a process, set the registers of a thread, open a process, open a thread.
    private static readonly int[] AuditedCalls = [2, 4, 5, 6];

    // Win32k: calls that get at what is typed, of all that windows do.
    private const ulong InputKeyword = 0x400;
    private static readonly int[] InputCalls = [1001, 1002, 1003];

    // Threat-Intelligence: calls of programs, not of the kernel, and not what programs read of their own memory; what registers and regions hold; also of signed programs.
    private const ulong ThreatKeywords = 0x0055 | 0x5500 | 0xFE_0000 | 0x3C00_0000;
    private static readonly int[] ThreatCalls = [1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 16, 17, 18];

    /// <summary>What to enable.</summary>
    public static EtwPlan Plan(CaptureNeeds needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        KernelGroups kernel = KernelGroups.Process | KernelGroups.ImageLoad;
        var stacks = new List<ClassicEventId>();
        var processStacks = new List<int>();
        if (needs.Wants("process"))
            processStacks.Add(ProcessStart);
        if (needs.Wants("library") || needs.Wants("driver"))
            processStacks.Add(ImageLoad);
        // Threads that one process starts in another are calls.
        if (needs.Wants("api"))
            processStacks.Add(ThreadStart);
        var providers = new List<EtwProvider> { new(KernelProcess, needs.Wants("api") ? ProcessKeywords | ThreadKeyword : ProcessKeywords, processStacks) };
        if (needs.Wants("file"))
            providers.Add(new EtwProvider(KernelFile, FileKeywords, FileStacks));
        if (needs.Wants("registry"))
        {
            kernel |= KernelGroups.Registry;
            providers.Add(new EtwProvider(KernelRegistry, RegistryKeywords, []));
            stacks.AddRange(RegistryStacks.Select(static type => new ClassicEventId(Registry, type)));
        }
        if (needs.Wants("network"))
            kernel |= KernelGroups.Network;
        if (needs.Wants("network") || needs.Wants("dns"))
            providers.Add(new EtwProvider(DnsClient, 0, []));
        if (needs.Wants("api"))
        {
            providers.Add(new EtwProvider(AuditApiCalls, 0, AuditedCalls));
            providers.Add(new EtwProvider(Win32k, InputKeyword, InputCalls));
            providers.Add(new EtwProvider(ThreatIntelligence, ThreatKeywords, ThreatCalls) 
            {
                RefusableName = "calls that change memory and threads (Microsoft-Windows-Threat-Intelligence, which is for protected processes)",
            });
        }
        return new EtwPlan(kernel, stacks, providers);
    }
}
