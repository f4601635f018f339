namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>
/// The classes of kernel events. Records of the kernel carry a number (the high byte of the hook id) where all others carry the identifier of their provider.
/// </summary>
/// <remarks>Source: EVENT_TRACE_GROUP_* and the identifiers of ntwmi.h.</remarks>
internal static class KernelEventGroups
{
    /// <summary>The group of process events.</summary>
    public const byte Process = 0x03;

    /// <summary>The group of image events.</summary>
    public const byte Image = 0x14;

    /// <summary>The kind under which the kernel writes a loaded image into the group of process events.</summary>
    private const byte ImageLoad = 0x0A;

    private static readonly Dictionary<Guid, string> Names = [];
    private static readonly Guid[] Classes = Table();

    /// <summary>The class of an event; empty for a group that is not known.</summary>
    /// <param name="group">The high byte of the hook id.</param>
    /// <param name="kind">The low byte.</param>
    public static Guid ClassOf(byte group, byte kind) => Classes[group == Process && kind == ImageLoad ? Image : group];

    /// <summary>The name of a class; null for what is none.</summary>
    public static string? NameOf(Guid provider) => Names.GetValueOrDefault(provider);

    private static Guid[] Table()
    {
        var classes = new Guid[byte.MaxValue + 1];
        Add(0x00, "68fdd900-4a3e-11d1-84f4-0000f80464e3", "EventTrace");
        Add(0x01, "3d6fa8d4-fe05-11d0-9dda-00c04fd7ba7c", "DiskIo");
        Add(0x02, "3d6fa8d3-fe05-11d0-9dda-00c04fd7ba7c", "PageFault");
        Add(0x03, "3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c", "Process");
        Add(0x04, "90cbdc39-4a3e-11d1-84f4-0000f80464e3", "FileIo");
        Add(0x05, "3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c", "Thread");
        Add(0x06, "9a280ac0-c8e0-11d1-84e2-00c04fb998a2", "TcpIp");
        Add(0x07, "3282fc76-feed-498e-8aa7-e70f459d430e", "Job");
        Add(0x08, "bf3a50c5-a9c9-4988-a005-2df0b7c80f80", "UdpIp");
        Add(0x09, "ae53722e-c863-11d2-8659-00c04fa321a1", "Registry");
        Add(0x0A, "13976d09-a327-438c-950b-7f03192815c7", "DbgPrint");
        Add(0x0B, "01853a65-418f-4f36-aefc-dc0f1d2fd235", "EventTraceConfig");
        Add(0x0C, "99134383-5248-43fc-834b-529454e75df3", "Spare1");
        Add(0x0D, "42695762-ea50-497a-9068-5cbbb35e0b95", "Wnf");
        Add(0x0E, "0268a8b6-74fd-4302-9dd0-6e8f1795c0cf", "Pool");
        Add(0x0F, "ce1dbfb4-137e-4da6-87b0-3f59aa102cbc", "PerfInfo");
        Add(0x10, "222962ab-6180-4b88-a825-346b75f2a24a", "Heap");
        Add(0x11, "89497f50-effe-4440-8cf2-ce6b1cdcaca7", "Object");
        Add(0x12, "e43445e0-0903-48c3-b878-ff0fccebdd04", "Power");
        Add(0x13, "a9152f00-3f58-4bee-92a1-70c7d079d5dd", "ModBound");
        Add(0x14, "2cb15d1d-5fc1-11d2-abe1-00a0c911f518", "ImageLoad");
        Add(0x15, "b2d14872-7c5b-463d-8419-ee9bf7d23e04", "Dpc");
        Add(0x16, "7687a439-f752-45b8-b741-321aec0f8df9", "Cc");
        Add(0x17, "3ac66736-cc59-4cff-8115-8df50e39816b", "CritSec");
        Add(0x18, "def2fe46-7bd6-4b80-bd94-f57fe20d0ce3", "StackWalk");
        Add(0x19, "9aec974b-5b8e-4118-9b92-3186d8002ce5", "UmsEvent");
        Add(0x1A, "45d8cccd-539f-4b72-a8b7-5c683142609a", "ALPC");
        Add(0x1B, "d837ca92-12b9-44a5-ad6a-3a65b3578aa8", "SplitIo");
        Add(0x1C, "c861d0e2-a2c1-4d36-9f9c-970bab943a12", "ThreadPool");
        Add(0x1D, "7f2a405c-69b5-4bf9-a1f5-30e8f1afab5e", "HypervisorTrace");
        Add(0x1E, "2ce9a149-effe-42f0-a635-a1d39e26c8f2", "HypervisorXTrace");
        return classes;

        void Add(byte group, string identifier, string name)
        {
            classes[group] = new Guid(identifier);
            Names.Add(classes[group], name);
        }
    }
}
