namespace CallStackRules.Capture.Sources.Etw.Live;

/// <summary>Which providers, keywords and stacks tell of the events that rules need.</summary>
/// <remarks>
/// Processes and images are always captured: who did it, and what the addresses of stacks belong to. The classic groups tell what was there when the session began; the
/// manifest provider tells of what is new, with the stack inside the event. TraceEvent's own list of stacks for classic events asks for the end of a process in place of its
/// start, so the list is ours. Identifiers and keywords are those of the manifests of Windows 10.
/// </remarks>
public static class EtwNeeds
{
    /// <summary>Microsoft-Windows-Kernel-Process.</summary>
    public static readonly Guid KernelProcess = new("22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716");

    /// <summary>Microsoft-Windows-Kernel-Network.</summary>
    public static readonly Guid KernelNetwork = new("7dd42a49-5329-4832-8dfd-43d979153a88");

    /// <summary>Microsoft-Windows-DNS-Client.</summary>
    public static readonly Guid DnsClient = new("1c95126e-7eea-49a9-a3fe-a378b03ddb4d");

    /// <summary>Microsoft-Windows-Kernel-Audit-API-Calls.</summary>
    public static readonly Guid AuditApiCalls = new("e02a841c-75a3-4fa7-afc8-ae09cf9b7f23");

    /// <summary>Microsoft-Windows-Threat-Intelligence. Only a protected process gets its events.</summary>
    public static readonly Guid ThreatIntelligence = new("f4e1897c-bb5d-5668-f1d8-040f4d8dd344");

    /// <summary>The class FileIo.</summary>
    public static readonly Guid FileIo = new("90cbdc39-4a3e-11d1-84f4-0000f80464e3");

    /// <summary>The class Registry.</summary>
    public static readonly Guid Registry = new("ae53722e-c863-11d2-8659-00c04fa321a1");

    /// <summary>The class PageFault, which has the allocations of memory.</summary>
    public static readonly Guid PageFault = new("3d6fa8d3-fe05-11d0-9dda-00c04fd7ba7c");

    private const ulong ProcessKeyword = 0x10;
    private const ulong ThreadKeyword = 0x20;
    private const ulong ImageKeyword = 0x40;
    private const ulong Ipv4Keyword = 0x10;
    private const ulong Ipv6Keyword = 0x20;

    // Kernel-Process.
    private const int ProcessStart = 1;
    private const int ThreadStart = 3;
    private const int ImageLoad = 5;

    // Create, write, set information, delete, rename: not reads, closes and listings, which are the most and which no rule asks for.
    private static readonly byte[] FileStacks = [64, 68, 69, 70, 71];

    // Create, delete, set value, delete value, set information; and what only rules that ask for reads of the registry would need is left out.
    private static readonly byte[] RegistryStacks = [10, 12, 14, 15, 20];

    private const byte Allocation = 98;

    // Audit-API-Calls: terminate process, set context, open process, open thread.
    private static readonly int[] AuditedCalls = [2, 4, 5, 6];

    /// <summary>What to enable.</summary>
    public static EtwPlan Plan(CaptureNeeds needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        KernelGroups kernel = KernelGroups.Process | KernelGroups.ImageLoad;
        var stacks = new List<ClassicEventId>();
        var processStacks = new List<int>();
        ulong processKeywords = ProcessKeyword | ImageKeyword;
        bool wantsApi = needs.Wants("api");
        if (needs.Wants("process"))
            processStacks.Add(ProcessStart);
        if (needs.Wants("library") || needs.Wants("driver"))
            processStacks.Add(ImageLoad);
        if (wantsApi)
        {
            processKeywords |= ThreadKeyword;
            processStacks.Add(ThreadStart);
            kernel |= KernelGroups.VirtualAlloc;
            stacks.Add(new ClassicEventId(PageFault, Allocation));
        }
        if (needs.Wants("file"))
        {
            kernel |= KernelGroups.FileOperations | KernelGroups.FileResults | KernelGroups.DiskFileNames;
            stacks.AddRange(FileStacks.Select(static type => new ClassicEventId(FileIo, type)));
        }
        if (needs.Wants("registry"))
        {
            kernel |= KernelGroups.Registry;
            stacks.AddRange(RegistryStacks.Select(static type => new ClassicEventId(Registry, type)));
        }

        var providers = new List<EtwProvider> { new(KernelProcess, "Microsoft-Windows-Kernel-Process", processKeywords, processStacks) };
        if (needs.Wants("network"))
            providers.Add(new EtwProvider(KernelNetwork, "Microsoft-Windows-Kernel-Network", Ipv4Keyword | Ipv6Keyword, []));
        if (needs.Wants("network") || needs.Wants("dns"))
            providers.Add(new EtwProvider(DnsClient, "Microsoft-Windows-DNS-Client", 0, []));
        if (wantsApi)
        {
            providers.Add(new EtwProvider(AuditApiCalls, "Microsoft-Windows-Kernel-Audit-API-Calls", 0, AuditedCalls));
            providers.Add(new EtwProvider(ThreatIntelligence, "Microsoft-Windows-Threat-Intelligence", 0, [], IsOptional: true));
        }
        return new EtwPlan(kernel, stacks, providers);
    }
}
