using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace CallStackRules.Capture.Sources.Etw.Live.Interop;

/// <summary>The system calls of event tracing that TraceEvent does not make for us: our own list of stacks, counters of loss, reading, and privileges.</summary>
/// <remarks>
/// <code>
/// EVENT_TRACE_PROPERTIES (evntrace.h), 120 bytes, then the names:    EVENT_TRACE_LOGFILEW, 448 bytes, 64-bit:
///   0 u32     bytes in all                                              8 pointer name of the session
///   8 u64     handle of the session                                    28 u32     mode
///  44 u32     flags (WNODE_FLAG_TRACED_GUID)                           424 pointer callback for events
///  88 u32     events lost                                              440 pointer context of the callback
///  96 u32     buffers lost on the way to the file
/// 100 u32     buffers lost on the way to a reader
/// 112 u32     offset of the name of the file
/// 116 u32     offset of the name of the session
/// </code>
/// </remarks>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsTracing
{
    private const int PropertiesSize = 120;
    private const int LongestName = 1024;
    private const int LogFileSize = 448;
    private const uint Query = 0;
    private const uint TracedGuid = 0x00020000;
    private const int StackTracingInfo = 3;
    private const uint RealTime = 0x100;
    private const uint EventRecords = 0x10000000;
    private const uint RawTimestamps = 0x1000;
    private const ulong NoTrace = ulong.MaxValue;
    private const uint AdjustPrivileges = 0x20;
    private const uint PrivilegeEnabled = 2;
    private const int NotAllAssigned = 1300;

    /// <summary>Handle of a session and what it has lost.</summary>
    /// <exception cref="Win32Exception">There is no such session, or it may not be asked.</exception>
    public static (ulong Handle, long EventsLost, long BuffersLost) Ask(string session)
    {
        byte* properties = stackalloc byte[PropertiesSize + (2 * LongestName * sizeof(char))];
        new Span<byte>(properties, PropertiesSize).Clear();
        *(uint*)properties = PropertiesSize + (2 * LongestName * sizeof(char));
        *(uint*)(properties + 44) = TracedGuid;
        *(uint*)(properties + 112) = PropertiesSize + (LongestName * sizeof(char));
        *(uint*)(properties + 116) = PropertiesSize;
        int error = ControlTrace(0, session, properties, Query);
        if (error != 0)
            throw new Win32Exception(error);
        return (*(ulong*)(properties + 8), *(uint*)(properties + 88), (long)*(uint*)(properties + 96) + *(uint*)(properties + 100));
    }

    /// <summary>Says which classic events of a session come with the stack of their thread.</summary>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public static void SetStacks(ulong session, ReadOnlySpan<byte> classicEventIds)
    {
        fixed (byte* ids = classicEventIds)
        {
            int error = TraceSetInformation(session, StackTracingInfo, ids, (uint)classicEventIds.Length);
            if (error != 0)
                throw new Win32Exception(error);
        }
    }

    /// <summary>Opens a session for reading.</summary>
    /// <param name="session">Name of the session.</param>
    /// <param name="callback">Called for each event with an EVENT_RECORD, whose last field is the context.</param>
    /// <param name="context">Handed to the callback.</param>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public static ulong Open(string session, delegate* unmanaged<byte*, void> callback, nint context)
    {
        byte* file = stackalloc byte[LogFileSize];
        new Span<byte>(file, LogFileSize).Clear();
        fixed (char* name = session)
        {
            *(char**)(file + 8) = name;
            *(uint*)(file + 28) = RealTime | EventRecords | RawTimestamps;
            *(void**)(file + 424) = callback;
            *(nint*)(file + 440) = context;
            ulong trace = OpenTrace(file);
            return trace != NoTrace ? trace : throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Calls the callback for each event until the trace is closed or its session ends.</summary>
    /// <returns>0, or the error.</returns>
    public static int Process(ulong trace) => ProcessTrace(&trace, 1, 0, 0);

    /// <summary>Ends <see cref="Process"/> once what has been delivered is read.</summary>
    public static void Close(ulong trace) => _ = CloseTrace(trace);

    /// <summary>Makes use of a privilege that the account has.</summary>
    /// <returns>False when it has it not.</returns>
    public static bool Enable(string privilege)
    {
        if (!OpenProcessToken(-1, AdjustPrivileges, out nint token))
            return false;
        try
        {
            // TOKEN_PRIVILEGES: u32 count, then u64 LUID and u32 attributes for each.
            byte* privileges = stackalloc byte[16];
            *(uint*)privileges = 1;
            *(uint*)(privileges + 12) = PrivilegeEnabled;
            return LookupPrivilegeValue(null, privilege, privileges + 4) && AdjustTokenPrivileges(token, false, privileges, 0, 0, 0)
                && Marshal.GetLastPInvokeError() != NotAllAssigned;
        }
        finally
        {
            _ = CloseHandle(token);
        }
    }

    [LibraryImport("advapi32.dll", EntryPoint = "ControlTraceW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int ControlTrace(ulong session, string name, byte* properties, uint control);

    [LibraryImport("advapi32.dll", EntryPoint = "TraceSetInformation")]
    private static partial int TraceSetInformation(ulong session, int kind, byte* information, uint length);

    [LibraryImport("advapi32.dll", EntryPoint = "OpenTraceW", SetLastError = true)]
    private static partial ulong OpenTrace(byte* file);

    [LibraryImport("advapi32.dll", EntryPoint = "ProcessTrace")]
    private static partial int ProcessTrace(ulong* traces, uint count, nint from, nint to);

    [LibraryImport("advapi32.dll", EntryPoint = "CloseTrace")]
    private static partial int CloseTrace(ulong trace);

    [LibraryImport("advapi32.dll", EntryPoint = "OpenProcessToken")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool OpenProcessToken(nint process, uint access, out nint token);

    [LibraryImport("advapi32.dll", EntryPoint = "LookupPrivilegeValueW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool LookupPrivilegeValue(string? system, string name, byte* luid);

    [LibraryImport("advapi32.dll", EntryPoint = "AdjustTokenPrivileges", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AdjustTokenPrivileges(nint token, [MarshalAs(UnmanagedType.Bool)] bool disableAll, byte* privileges, uint length, nint before, nint returned);

    [LibraryImport("kernel32.dll", EntryPoint = "CloseHandle")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CloseHandle(nint handle);
}
