using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Windows;

/// <summary>The rights in Windows access masks, by their names in winnt.h.</summary>
internal static class AccessRights
{
    /// <summary>All rights to a process, and all to a thread: PROCESS_ALL_ACCESS, THREAD_ALL_ACCESS since Windows Vista.</summary>
    private const long AllAccess = 0x1FFFFF;

    private static readonly (long Bit, string Name)[] OfProcesses =
    [
        (0x0000_0001, "PROCESS_TERMINATE"),
        (0x0000_0002, "PROCESS_CREATE_THREAD"),
        (0x0000_0004, "PROCESS_SET_SESSIONID"),
        (0x0000_0008, "PROCESS_VM_OPERATION"),
        (0x0000_0010, "PROCESS_VM_READ"),
        (0x0000_0020, "PROCESS_VM_WRITE"),
        (0x0000_0040, "PROCESS_DUP_HANDLE"),
        (0x0000_0080, "PROCESS_CREATE_PROCESS"),
        (0x0000_0100, "PROCESS_SET_QUOTA"),
        (0x0000_0200, "PROCESS_SET_INFORMATION"),
        (0x0000_0400, "PROCESS_QUERY_INFORMATION"),
        (0x0000_0800, "PROCESS_SUSPEND_RESUME"),
        (0x0000_1000, "PROCESS_QUERY_LIMITED_INFORMATION"),
        (0x0000_2000, "PROCESS_SET_LIMITED_INFORMATION"),
    ];

    private static readonly (long Bit, string Name)[] OfThreads =
    [
        (0x0000_0001, "THREAD_TERMINATE"),
        (0x0000_0002, "THREAD_SUSPEND_RESUME"),
        (0x0000_0008, "THREAD_GET_CONTEXT"),
        (0x0000_0010, "THREAD_SET_CONTEXT"),
        (0x0000_0020, "THREAD_SET_INFORMATION"),
        (0x0000_0040, "THREAD_QUERY_INFORMATION"),
        (0x0000_0080, "THREAD_SET_THREAD_TOKEN"),
        (0x0000_0100, "THREAD_IMPERSONATE"),
        (0x0000_0200, "THREAD_DIRECT_IMPERSONATION"),
        (0x0000_0400, "THREAD_SET_LIMITED_INFORMATION"),
        (0x0000_0800, "THREAD_QUERY_LIMITED_INFORMATION"),
        (0x0000_1000, "THREAD_RESUME"),
    ];

    private static readonly (long Bit, string Name)[] OfAll =
    [
        (0x0001_0000, "DELETE"),
        (0x0002_0000, "READ_CONTROL"),
        (0x0004_0000, "WRITE_DAC"),
        (0x0008_0000, "WRITE_OWNER"),
        (0x0010_0000, "SYNCHRONIZE"),
        (0x0100_0000, "ACCESS_SYSTEM_SECURITY"),
        (0x0200_0000, "MAXIMUM_ALLOWED"),
        (0x1000_0000, "GENERIC_ALL"),
        (0x2000_0000, "GENERIC_EXECUTE"),
        (0x4000_0000, "GENERIC_WRITE"),
        (0x8000_0000, "GENERIC_READ"),
    ];

    /// <summary>Adds the names of rights to a process, or the one name for all of them. Bits without a name are left out.</summary>
    public static void AddOfProcess(long mask, TextList names) => Add(mask, "PROCESS_ALL_ACCESS", OfProcesses, names);

    /// <summary>Adds the names of rights to a thread, or the one name for all of them. Bits without a name are left out.</summary>
    public static void AddOfThread(long mask, TextList names) => Add(mask, "THREAD_ALL_ACCESS", OfThreads, names);

    private static void Add(long mask, string nameOfAll, (long Bit, string Name)[] rights, TextList names)
    {
        if ((mask & AllAccess) == AllAccess)
        {
            names.Add(nameOfAll);
            mask &= ~AllAccess;
        }
        foreach ((long bit, string name) in rights)
        {
            if ((mask & bit) != 0)
                names.Add(name);
        }
        foreach ((long bit, string name) in OfAll)
        {
            if ((mask & bit) != 0)
                names.Add(name);
        }
    }
}
