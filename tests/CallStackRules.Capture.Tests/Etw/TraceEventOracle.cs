using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Files;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Etlx;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>
/// What TraceEvent makes of a trace, to compare with: the library itself, unmodified, on any system. It asks Windows for the events of a file, and gets them from
/// <see cref="EtlReader"/> in the layout of EVENT_RECORD; names, fields, processes, modules and stacks are its own work.
/// <code>
/// using ETWTraceEventSource source = TraceEventOracle.Open(path, folder);   // .etl or .etl.zip
/// source.Kernel.ImageLoad += image => ...;                             // typed parsers; TimeStampQPC and ThreadID tell which event it is
/// source.Process();
///
/// using TraceLog log = TraceEventOracle.OpenLog(path, folder);         // processes, modules, and a stack for each event: e.CallStack(), frames with CodeAddress.Address
/// foreach (TraceEvent e in log.Events) ...                             // and CodeAddress.ModuleFile
/// </code>
/// Needs gcc for a library of three functions; tests begin with <see cref="SkipWhereItCannotRun"/>.
/// </summary>
internal static unsafe class TraceEventOracle
{
    private static readonly ConcurrentDictionary<ulong, (string Path, nint Callback)> Traces = new();
    private static readonly Lazy<nint> Library = new(Build);
    private static ulong _lastHandle;

    static TraceEventOracle() => NativeLibrary.SetDllImportResolver(typeof(TraceEvent).Assembly, (name, _, _) => name == "advapi32.dll" ? Library.Value : 0);

    public static void SkipWhereItCannotRun() => Skip.IfNot(OperatingSystem.IsLinux() && Tool.IsThere("gcc"), "gcc is not installed, or this is not Linux.");

    /// <summary>A trace whose events go to those who ask for them, in <see cref="TraceEventDispatcher.Process"/>.</summary>
    /// <param name="path">The trace.</param>
    /// <param name="folder">Where it may be called what TraceEvent wants traces to be called.</param>
    public static ETWTraceEventSource Open(string path, string folder) => new(Rename(path, folder));

    /// <summary>A trace with processes, modules and stacks.</summary>
    /// <param name="path">The trace.</param>
    /// <param name="folder">Where the converted one goes.</param>
    public static TraceLog OpenLog(string path, string folder)
    {
        string converted = Path.Combine(folder, "trace.etlx");
        TraceLog.CreateFromEventTraceLogFile(Rename(path, folder), converted);
        return new TraceLog(converted);
    }

    private static string Rename(string path, string folder) =>
        path.EndsWith(".etl", StringComparison.Ordinal) ? path : File.CreateSymbolicLink(Path.Combine(folder, "trace.etl"), path).FullName;

    private static nint Build()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Etw", "tracing.c");
        string library = Path.Combine(Directory.CreateTempSubdirectory("callstackrules").FullName, "tracing.so");
        Tool.Run("gcc", $"-shared -fPIC -o {library} {source}");
        nint handle = NativeLibrary.Load(library);
        // The library stays loaded when its file is gone.
        Directory.Delete(Path.GetDirectoryName(library)!, recursive: true);
        var setReader = (delegate* unmanaged<delegate* unmanaged<void*, ulong>, delegate* unmanaged<ulong*, uint, uint>, void>)NativeLibrary.GetExport(handle, "SetReader");
        setReader(&OpenTrace, &ProcessTrace);
        return handle;
    }

    /// <remarks>Source: EVENT_TRACE_LOGFILEW of evntrace.h, 64 bits: file name at 0, TRACE_LOGFILE_HEADER at 120, callback for events at 424.</remarks>
    [UnmanagedCallersOnly]
    private static ulong OpenTrace(void* logfile)
    {
        const int Pointers = 56;
        const int BehindPointers = 72;
        const int HeaderLength = 280;
        try
        {
            string path = Marshal.PtrToStringUni(*(nint*)logfile)!;
            using var reader = new EtlReader(path, new SourceStatistics());
            if (!reader.TryRead(out RawEvent header))
                return ulong.MaxValue;
            // Windows tells the header in its own layout, whatever machine was recorded, and with pointers that mean something here: none.
            var to = new Span<byte>((byte*)logfile + 120, HeaderLength);
            header.Data[..Pointers].CopyTo(to);
            to[Pointers..].Clear();
            int behindTimeZone = Pointers + 2 * reader.Header.PointerSize + 172;
            header.Data[(Pointers + 2 * reader.Header.PointerSize)..behindTimeZone].CopyTo(to[BehindPointers..]);
            header.Data.Slice((behindTimeZone + 7) & ~7, 32).CopyTo(to[248..]);
            ulong handle = Interlocked.Increment(ref _lastHandle);
            Traces[handle] = (path, *(nint*)((byte*)logfile + 424));
            return handle;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return ulong.MaxValue;
        }
    }

    [UnmanagedCallersOnly]
    private static uint ProcessTrace(ulong* handles, uint count)
    {
        for (uint i = 0; i < count; i++)
        {
            (string path, nint callback) = Traces[handles[i]];
            using var reader = new EtlReader(path, new SourceStatistics());
            while (reader.TryRead(out RawEvent e))
                Hand(e, (delegate* unmanaged<EventRecord*, void>)callback);
        }
        return 0;
    }

    private static void Hand(in RawEvent e, delegate* unmanaged<EventRecord*, void> callback)
    {
        const int LongestStack = 1 + EtlRecord.DeepestStack;
        ulong* stack = stackalloc ulong[LongestStack];
        fixed (byte* data = e.Data)
        {
            var item = new ExtendedDataItem { Data = stack };
            var record = new EventRecord
            {
                Size = 80,
                Flags = (ushort)(e.Flags & ~RawEventFlags.ExtendedInfo),
                ThreadId = e.ThreadId,
                ProcessId = e.ProcessId,
                Timestamp = e.Timestamp,
                Provider = e.Provider,
                Id = e.Id,
                Version = e.Version,
                Opcode = e.Opcode,
                Task = e.Task,
                Keywords = e.Keywords,
                Processor = e.Processor,
                UserDataLength = (ushort)e.Data.Length,
                UserData = data,
                ExtendedData = &item,
            };
            stack[0] = e.StackMatchId;
            if (!e.Stack.IsEmpty)
            {
                e.Stack.CopyTo(new Span<ulong>(stack + 1, LongestStack - 1));
                (item.Type, item.Size, record.ExtendedDataCount) = (6, (ushort)(sizeof(ulong) * (1 + e.Stack.Length)), 1);
            }
            else if (e.StackKey != 0)
            {
                stack[1] = e.StackKey;
                (item.Type, item.Size, record.ExtendedDataCount) = (18, 2 * sizeof(ulong), 1);
            }
            callback(&record);
        }
    }

    /// <remarks>Source: EVENT_RECORD and EVENT_HEADER of evntcons.h.</remarks>
    [StructLayout(LayoutKind.Explicit, Size = 112)]
    private struct EventRecord
    {
        [FieldOffset(0)] public ushort Size;
        [FieldOffset(4)] public ushort Flags;
        [FieldOffset(8)] public int ThreadId;
        [FieldOffset(12)] public int ProcessId;
        [FieldOffset(16)] public long Timestamp;
        [FieldOffset(24)] public Guid Provider;
        [FieldOffset(40)] public ushort Id;
        [FieldOffset(42)] public byte Version;
        [FieldOffset(45)] public byte Opcode;
        [FieldOffset(46)] public ushort Task;
        [FieldOffset(48)] public ulong Keywords;
        [FieldOffset(80)] public ushort Processor;
        [FieldOffset(84)] public ushort ExtendedDataCount;
        [FieldOffset(86)] public ushort UserDataLength;
        [FieldOffset(88)] public ExtendedDataItem* ExtendedData;
        [FieldOffset(96)] public byte* UserData;
    }

    /// <remarks>Source: EVENT_HEADER_EXTENDED_DATA_ITEM of evntcons.h.</remarks>
    [StructLayout(LayoutKind.Explicit, Size = 16)]
    private struct ExtendedDataItem
    {
        [FieldOffset(2)] public ushort Type;
        [FieldOffset(6)] public ushort Size;
        [FieldOffset(8)] public ulong* Data;
    }
}
