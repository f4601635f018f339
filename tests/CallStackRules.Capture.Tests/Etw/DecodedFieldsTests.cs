using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Decoding;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Capture.Sources.Etw.Stacks;
using CallStackRules.Capture.Tests.Etw.Writing;
using CallStackRules.Events;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Kernel;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>Every field that is decoded is held to what TraceEvent's own parsers read of the same event.</summary>
public sealed class DecodedFieldsTests
{
    [SkippableFact]
    public void Each_field_of_a_recorded_trace_is_what_TraceEvent_reads()
    {
        IReadOnlyDictionary<EtwKind, int> compared = Compare(EtlSamples.Program);

        // All events of these kinds that the trace has, see its baseline; of images 1,763 + 1,766 were there before or after, of processes 32 + 32.
        Assert.Equal(3529, compared[EtwKind.ImageRundown]);
        Assert.Equal(64, compared[EtwKind.ProcessRundown]);
        Assert.Equal(
            (35, 32, 1, 1, 1, 1, 562),
            (compared[EtwKind.ImageLoad], compared[EtwKind.ImageUnload], compared[EtwKind.ProcessStart], compared[EtwKind.ProcessEnd],
                compared[EtwKind.ManifestProcessStart], compared[EtwKind.ManifestProcessEnd], compared[EtwKind.FileOpen]));
        Assert.Equal(9, compared[EtwKind.ThreadStart]);
        Assert.True(compared[EtwKind.FileName] > 3000);
    }

    [SkippableTheory]
    [InlineData(8)]
    [InlineData(4)]
    public void Each_field_of_written_events_is_what_TraceEvent_reads(int pointerSize)
    {
        var writer = new EtlWriter(pointerSize: pointerSize);
        AllEvents.Write(new WindowsEvents(writer));
        using var folder = new TemporaryFolder();

        IReadOnlyDictionary<EtwKind, int> compared = Compare(writer.Save(folder.Path), ProviderManifests.Register);

        // Stacks are compared elsewhere; the last is another's after joining.
        EtwKind[] others = [EtwKind.None, EtwKind.Stack, EtwKind.StackKey, EtwKind.UserStack];
        Assert.Equal(Enum.GetValues<EtwKind>().Except(others), compared.Keys.Order());
    }

    /// <summary>Reads a trace here and with TraceEvent, side by side, and compares each event that is decoded; how many of each kind were.</summary>
    private static Dictionary<EtwKind, int> Compare(string path, Action<DynamicTraceEventParser>? addManifests = null)
    {
        TraceEventOracle.SkipWhereItCannotRun();
        using var folder = new TemporaryFolder();
        using var reader = new EtlReader(path, new SourceStatistics());
        using ETWTraceEventSource source = TraceEventOracle.Open(path, folder.Path);
        var comparison = new FieldComparison(reader.Clock, reader.PointerSize);
        var registered = new RegisteredTraceEventParser(source);
        // Makes the parsers known; what they hand out comes to AllEvents.
        source.Kernel.All += _ => { };
        registered.All += _ => { };
        // A recorded trace has the manifests of its events with it.
        addManifests?.Invoke(source.Dynamic);
        source.Dynamic.All += _ => { };
        // An exception could not leave TraceEvent's callback.
        source.AllEvents += theirs =>
        {
            if (reader.TryRead(out RawEvent ours))
                comparison.Compare(ours, theirs);
        };
        source.Process();
        Assert.True(comparison.Differences.Count == 0, string.Join('\n', comparison.Differences.Take(20)));
        return comparison.Compared;
    }

    /// <summary>Decodes events one after the other and compares each with what TraceEvent has of it.</summary>
    private sealed class FieldComparison
    {
        private readonly EtwProcesses _processes = new(new ProcessTable(), new SourceStatistics());
        private readonly EtwDecoder _decoder;
        private readonly TraceClock _clock;
        private readonly EndpointEvent _event = new();
        private readonly List<(string Device, string Drive)> _volumes = [];
        private readonly Dictionary<ulong, string> _keys = [];
        private string _openKey = "";
        private string _kind = "";

        public FieldComparison(TraceClock clock, int pointerSize)
        {
            _clock = clock;
            _decoder = new EtwDecoder(_processes, clock, new StackJoiner(new CaptureStatistics(), clock, pointerSize), new SourceStatistics());
        }

        public List<string> Differences { get; } = [];

        public Dictionary<EtwKind, int> Compared { get; } = [];

        public void Compare(in RawEvent raw, TraceEvent theirs)
        {
            EtwKind kind = EtwProviders.KindOf(raw);
            if (kind is EtwKind.None or EtwKind.Stack or EtwKind.StackKey or EtwKind.UserStack)
                return;
            string? reason = _decoder.Decode(raw, kind, Telling.Once, _event);
            _kind = $"{theirs.EventName} at {theirs.TimeStampRelativeMSec.ToString(CultureInfo.InvariantCulture)}";
            Same("why it is none", reason == "payload damaged" ? reason : null, null);
            bool isCompared = theirs switch
            {
                ProcessTraceData process => OfProcess(kind, process),
                ThreadTraceData thread => OfThread(raw, thread),
                ImageLoadTraceData image => OfImage(kind, image, reason),
                VolumeMappingTraceData volume => OfVolume(volume),
                FileIONameTraceData name => OfName(name),
                FileIOCreateTraceData create => OfFile(create.FileName, create.ProcessID),
                FileIOReadWriteTraceData write => OfFile(write.FileName, write.ProcessID),
                FileIOInfoTraceData information => kind == EtwKind.FileSetRename || OfFile(information.FileName, information.ProcessID),
                RegistryTraceData registry => OfRegistry(kind, registry),
                VirtualAllocTraceData memory => OfMemory(memory),
                TcpIpConnectTraceData ends => OfConnection(kind, ends.ProcessID, ends.saddr, ends.sport, ends.daddr, ends.dport),
                TcpIpV6ConnectTraceData ends => OfConnection(kind, ends.ProcessID, ends.saddr, ends.sport, ends.daddr, ends.dport),
                TcpIpTraceData ends => OfConnection(kind, ends.ProcessID, ends.saddr, ends.sport, ends.daddr, ends.dport),
                UdpIpTraceData or UpdIpV6TraceData when _event.Network.Transport.IsMissing => reason == "datagram of an exchange that was told",
                UpdIpV6TraceData ends => OfConnection(kind, ends.ProcessID, ends.saddr, ends.sport, ends.daddr, ends.dport),
                UdpIpTraceData ends => OfConnection(kind, ends.ProcessID, ends.saddr, ends.sport, ends.daddr, ends.dport),
                { ProviderName: "Microsoft-Windows-Kernel-Process" } => OfManifestProcess(kind, theirs),
                { ProviderName: "Microsoft-Windows-Kernel-File" } => OfFile(OnDrive((string)theirs.PayloadByName("FileName")), theirs.ProcessID),
                { ProviderName: "Microsoft-Windows-Kernel-Registry" } => OfManifestRegistry(kind, theirs),
                { ProviderName: "Microsoft-Windows-Kernel-Network" } => OfManifestConnection(theirs),
                { ProviderName: "Microsoft-Windows-DNS-Client" } => OfQuery(theirs),
                { ProviderName: "Microsoft-Windows-Kernel-Audit-API-Calls" or "Microsoft-Windows-Threat-Intelligence" } => OfCall(theirs),
                { ProviderName: "Microsoft-Windows-Win32k" } => OfInputCall(theirs),
                _ => false,
            };
            if (isCompared)
                Compared[kind] = Compared.GetValueOrDefault(kind) + 1;
            else
                Differences.Add($"{_kind}: {theirs.GetType().Name} of kind {kind} is not compared");
        }

        private bool OfProcess(EtwKind kind, ProcessTraceData theirs)
        {
            ProcessInfo process = _processes.Find(theirs.ProcessID)!.Info;
            Same("pid", process.Pid, theirs.ProcessID);
            Same("name", process.Name.ToString(), theirs.ImageFileName);
            Same("command line", process.CommandLine.ToString(), theirs.CommandLine);
            Same("session", (int)(uint)process.SessionInfo.Id!, theirs.SessionID);
            // The process that was there first has none, or itself.
            if (theirs.ParentID > 0 && theirs.ParentID != theirs.ProcessID)
                Same("parent", process.Parent?.Pid, theirs.ParentID);
            if (kind == EtwKind.ProcessEnd)
                Same("exit code", process.ExitCode, theirs.ExitStatus);
            return true;
        }

        private bool OfManifestProcess(EtwKind kind, TraceEvent theirs)
        {
            if (kind == EtwKind.ManifestImageLoad)
            {
                Same("library", _event.Library.Path.ToString(), OnDrive((string)theirs.PayloadByName("ImageName")));
                Same("size", _event.Library.Size, NumberOf(theirs, "ImageSize"));
                Same("process", _event.Process?.Pid, NumberOf(theirs, "ProcessID"));
                return true;
            }
            if (kind is EtwKind.ManifestImageUnload or EtwKind.ManifestThreadStart)
                return OfPart(kind, theirs);
            var pid = (int)NumberOf(theirs, "ProcessID");
            ProcessInfo process = _processes.Find(pid)!.Info;
            if (kind == EtwKind.ManifestProcessEnd)
            {
                Same("exit code", process.ExitCode, (int)NumberOf(theirs, "ExitCode"));
                return true;
            }
            Same("parent", process.Parent?.Pid, NumberOf(theirs, "ParentProcessID"));
            Same("session", process.SessionInfo.Id, NumberOf(theirs, "SessionID"));
            Same("executable", process.Executable.ToString(), OnDrive((string)theirs.PayloadByName("ImageName")));
            if (theirs.Version >= (kind == EtwKind.ManifestProcessStart ? 3 : 1))
            {
                Same("integrity", process.Token.IntegrityLevel, NumberOf(theirs, "MandatoryLabel"));
                Same("elevated", process.Token.Elevation, NumberOf(theirs, "ProcessTokenIsElevated") != 0);
            }
            return true;
        }

        private bool OfPart(EtwKind kind, TraceEvent theirs)
        {
            if (kind == EtwKind.ManifestImageUnload)
            {
                Same("image that is gone", _processes.Find((int)NumberOf(theirs, "ProcessID"))!.Images.Find((ulong)NumberOf(theirs, "ImageBase"), out _)?.Path, null);
            }
            else if (!_event.Api.Name.IsMissing)
            {
                Same("thread", _event.TargetThread.Id, NumberOf(theirs, "ThreadID"));
                Same("process of the thread", _event.TargetProcess?.Pid, NumberOf(theirs, "ProcessID"));
                Same("start", _event.TargetThread.StartAddress, NumberOf(theirs, "Win32StartAddr"));
            }
            return true;
        }

        private bool OfThread(in RawEvent raw, ThreadTraceData theirs)
        {
            bool hasEnded = EtwProviders.KindOf(raw) == EtwKind.ThreadEnd;
            EtwProcess? owner = _processes.Of(new RawEvent { Provider = raw.Provider, ProcessId = -1, ThreadId = theirs.ThreadID }, _clock.ToUtcTicks(raw.Timestamp));
            // The idle threads have no numbers of their own.
            if (theirs.ThreadID > 0)
                Same("process of the thread", owner?.Info.Pid, hasEnded ? null : theirs.ProcessID);
            if (!_event.Api.Name.IsMissing)
            {
                Same("creator", _event.Process?.Pid, theirs.ParentProcessID);
                Same("start", (ulong?)_event.TargetThread.StartAddress, (ulong)theirs.Win32StartAddr);
            }
            return true;
        }

        private bool OfImage(EtwKind kind, ImageLoadTraceData theirs, string? reason)
        {
            EtwProcess process = _processes.Find(theirs.ProcessID)!;
            ModuleInfo? first = process.Images.Find(theirs.ImageBase, out ulong start);
            if (kind == EtwKind.ImageUnload)
            {
                Same("image that is gone", first?.Path, null);
                return true;
            }
            ModuleInfo? last = process.Images.Find(theirs.ImageBase + (ulong)theirs.ImageSize - 1, out ulong end);
            string path = OnDrive(theirs.FileName).ToLowerInvariant();
            Same("image", first?.Path, path);
            Same("image at its end", last?.Path, path);
            Same("base", (start, end), (0ul, (ulong)theirs.ImageSize - 1));
            if (kind == EtwKind.ImageLoad && reason is null)
            {
                Same("library", _event.Library.Path.ToString(), OnDrive(theirs.FileName));
                Same("size", _event.Library.Size, theirs.ImageSize);
            }
            return true;
        }

        private bool OfVolume(VolumeMappingTraceData theirs)
        {
            _volumes.Add((theirs.NtPath.TrimEnd('\\'), theirs.DosPath.TrimEnd('\\')));
            return true;
        }

        private bool OfName(FileIONameTraceData theirs)
        {
            // Its effect is seen where a file is named by its number.
            return theirs.FileName.Length > 0;
        }

        private bool OfFile(string theirs, int pid)
        {
            Same("path", _event.File.Path.ToString(), theirs);
            Same("process", _event.Process?.Pid, pid);
            return true;
        }

        private bool OfRegistry(EtwKind kind, RegistryTraceData theirs)
        {
            if (kind == EtwKind.RegistryNameEnd)
                return true;
            if (kind == EtwKind.RegistryName)
            {
                _keys[theirs.KeyHandle] = theirs.KeyName;
                return true;
            }
            // Of a key that is made or deleted TraceEvent gives the path below the block.
            string key = kind == EtwKind.RegistrySet || theirs.ValueName.Length > 0 ? theirs.KeyName : $@"{_keys[theirs.KeyHandle]}\{theirs.KeyName}";
            string path = theirs.ValueName.Length > 0 ? $@"{key}\{theirs.ValueName}" : key;
            Same("path", _event.Registry.Path.ToString(), path.Replace(@"\REGISTRY\MACHINE", "HKLM", StringComparison.Ordinal));
            Same("value", _event.Registry.Value.ToString(), theirs.ValueName);
            Same("process", _event.Process?.Pid, theirs.ProcessID);
            return true;
        }

        private bool OfManifestRegistry(EtwKind kind, TraceEvent theirs)
        {
            if (theirs.PayloadByName("RelativeName") is string name)
                _openKey = name.Replace(@"\REGISTRY\MACHINE", "HKLM", StringComparison.Ordinal);
            if (kind == EtwKind.ManifestRegistryClose)
                return true;
            string path = theirs.PayloadByName("ValueName") is string value ? $@"{_openKey}\{value}" : _openKey;
            Same("path", _event.Registry.Path.ToString(), path);
            if (kind == EtwKind.ManifestRegistrySet)
                Same("data", _event.Registry.Strings[0].ToString(), NumberOf(theirs, "CapturedData").ToString(CultureInfo.InvariantCulture));
            Same("process", _event.Process?.Pid, theirs.ProcessID);
            return true;
        }

        private bool OfManifestConnection(TraceEvent theirs)
        {
            Same("ports", (_event.Source.Port, _event.Destination.Port), (Port("sport"), Port("dport")));
            Same("process", _event.Process?.Pid, NumberOf(theirs, "PID"));
            return true;

            long Port(string name) => BinaryPrimitives.ReverseEndianness((ushort)NumberOf(theirs, name));
        }

        private bool OfQuery(TraceEvent theirs)
        {
            Same("name", _event.Dns.QuestionName.ToString(), (string)theirs.PayloadByName("QueryName"));
            Same("status", _event.Dns.Status, NumberOf(theirs, "QueryStatus"));
            return true;
        }

        private bool OfCall(TraceEvent theirs)
        {
            ApiParameters parameters = _event.Api.Parameters;
            Same("target", _event.TargetProcess?.Pid, Number("TargetProcessId"));
            Same("result", _event.Api.Metadata.ReturnValue, Number("ReturnCode") ?? 0);
            Same("thread", _event.TargetThread.Id, Number("TargetThreadId"));
            Same("rights", parameters.DesiredAccessNumeric, Number("DesiredAccess"));
            Same("address", parameters.Address, Number("BaseAddress"));
            Same("size", parameters.Size, Number("RegionSize"));
            Same("protection", parameters.Protection.IsMissing, Number("ProtectionMask") is null);
            if (Number("ProtectionMask") is { } protection)
                Same("protection", parameters.Protection.ToString(), ((PageProtection)protection).Text());
            if (Number("LastProtectionMask") is { } before)
                Same("protection before", parameters.ProtectionOld.ToString(), ((PageProtection)before).Text());
            Same("routine", parameters.Procedure, Number("ApcRoutine"));
            Same("arguments", (parameters.Argument1, parameters.Argument2, parameters.Argument3), (Number("ApcArgument1"), Number("ApcArgument2"), Number("ApcArgument3")));
            Same("registers", (parameters.Rip, parameters.Rsp, parameters.ContextFlags), (Number("Pc"), Number("Sp"), Number("ContextFlags")));
            Same("more registers",
                (parameters.Rbp, parameters.Rax, parameters.Rcx, parameters.Rdx, parameters.Rbx, parameters.Rsi, parameters.Rdi, parameters.R8, parameters.R9),
                (Number("Fp"), Number("Reg0"), Number("Reg1"), Number("Reg2"), Number("Reg3"), Number("Reg4"), Number("Reg5"), Number("Reg6"), Number("Reg7")));
            Same("process", _event.Process?.Pid, theirs.ProcessID);
            return true;

            long? Number(string name) => theirs.PayloadIndex(name) < 0 ? null : NumberOf(theirs, name);
        }

        private bool OfInputCall(TraceEvent theirs)
        {
            ApiMetadata metadata = _event.Api.Metadata;
            Same("result", metadata.ReturnValue, Number("ReturnValue"));
            Same("hook", _event.Api.Parameters.HookType.IsMissing ? null : _event.Api.Parameters.HookType.ToString(), Number("FilterType") == 13 ? "WH_KEYBOARD_LL" : null);
            Same("routine", _event.Api.Parameters.Procedure, Number("pfnFilterProc"));
            if (theirs.PayloadByName("pstrLib") is string library)
                Same("library", _event.Api.Parameters.HookModule.ToString(), library.ToLowerInvariant());
            Same("windows", (metadata.WindowsCount, metadata.VisibleWindowsCount, metadata.ThreadInfoFlags), (Number("cWindows"), Number("cVisWindows"), Number("ThreadInfoFlags")));
            if (theirs.PayloadByName("ThreadStartAddressMappedModuleName") is string start)
                Same("start", metadata.StartAddressModule.ToString(), OnDrive(start));
            Same("protection", metadata.StartAddressAllocationProtection.ToString(), ((PageProtection)(Number("ThreadStartAddressVadAllocationProtect") ?? 0)).Text() ?? "");
            Same("polling", (metadata.MillisecondsSinceLastKeyEvent, metadata.BackgroundCallCount), (Number("MsSinceLastKeyEvent"), Number("BackgroundCallCount")));
            Same("process", _event.Process?.Pid, Number("PID") ?? theirs.ProcessID);
            return true;

            long? Number(string name) => theirs.PayloadIndex(name) < 0 ? null : NumberOf(theirs, name);
        }

        private bool OfMemory(VirtualAllocTraceData theirs)
        {
            Same("address", (ulong?)_event.Api.Parameters.Address, theirs.BaseAddr);
            Same("size", _event.Api.Parameters.Size, theirs.Length);
            Same("type", _event.Api.Parameters.AllocationType.ToString(), ((int)theirs.Flags) switch
            {
                0x3000 => "COMMIT|RESERVE",
                0x8000 => "RELEASE",
                int other => other.ToString(CultureInfo.InvariantCulture),
            });
            // Whose memory it is TraceEvent does not read.
            Same("process", _event.Process?.Pid, theirs.ProcessID);
            return true;
        }

        private bool OfConnection(EtwKind kind, int pid, IPAddress source, int sourcePort, IPAddress destination, int destinationPort)
        {
            // To TraceEvent the own end is the source always.
            bool isOwn = kind != EtwKind.Accept;
            NetworkEndpoint own = isOwn ? _event.Source : _event.Destination;
            NetworkEndpoint other = isOwn ? _event.Destination : _event.Source;
            Same("own end", (own.Ip.ToString(), own.Port), (source.ToString(), sourcePort));
            Same("other end", (other.Ip.ToString(), other.Port), (destination.ToString(), destinationPort));
            Same("process", _event.Process?.Pid, pid);
            return true;
        }

        /// <summary>TraceEvent has paths of other machines with their redirector, and those of manifests as the kernel wrote them.</summary>
        private string OnDrive(string path)
        {
            foreach (string client in (string[])[@"\Device\Mup\DfsClient\;", @"\\DfsClient\;"])
            {
                if (path.StartsWith(client, StringComparison.Ordinal))
                    return @"\Device\Mup" + path[path.IndexOf('\\', client.Length)..];
            }
            (string device, string drive) = _volumes.FirstOrDefault(volume => volume.Drive.Length > 0 && path.StartsWith(volume.Device + '\\', StringComparison.OrdinalIgnoreCase));
            return device is null ? path : drive + path[device.Length..];
        }

        private static long NumberOf(TraceEvent theirs, string name) => Convert.ToInt64(theirs.PayloadByName(name), CultureInfo.InvariantCulture);

        private void Same<T>(string field, T ours, T theirs)
        {
            if (!Equals(ours, theirs))
                Differences.Add($"{_kind}: {field} is {ours}, with TraceEvent {theirs}");
        }
    }
}
