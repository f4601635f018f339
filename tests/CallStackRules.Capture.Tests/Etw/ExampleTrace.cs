using System.Globalization;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Tests.Etw.Writing;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>
/// The trace that Windows would have written of an event: the processes that have to do with it, each with the images that its stack needs, and the event with addresses for a
/// stack. What an event of ETW does not tell is not in it.
/// </summary>
internal sealed class ExampleTrace
{
    private const ulong FirstImage = 0x7ff8_0000_0000;
    private const ulong ImageSize = 0x1000_0000;
    private const ulong SymbolDistance = 0x1_0000;
    private const ulong FirstUnbacked = 0x1b9_0000_0000;
    private const string SystemCallLibrary = @"c:\windows\system32\ntdll.dll";

    /// <summary>When the lists are over, in timestamps from the start.</summary>
    private const long Now = 30_000_000;

    private const int ThreadId = 4242;

    private readonly EndpointEvent _event;
    private readonly WindowsEvents _events;
    private readonly List<string> _images = [SystemCallLibrary];
    private readonly Dictionary<(string Image, string Symbol), ulong> _symbols = [];
    private readonly Dictionary<ulong, ulong> _origins = [];
    private ulong[] _addresses = [];
    private long _listTime = 1;

    private ExampleTrace(EndpointEvent e, EtlWriter writer)
    {
        _event = e;
        _events = new WindowsEvents(writer);
    }

    /// <summary>Writes the trace of an event into a folder.</summary>
    /// <param name="e">The event.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="facts">What the system says when it is asked of the stack.</param>
    /// <returns>Its path; null when no event of ETW tells of such a thing.</returns>
    public static string? Save(EndpointEvent e, string folder, out ExampleFacts facts)
    {
        var writer = new EtlWriter(bufferSize: 64 * 1024);
        var trace = new ExampleTrace(e, writer);
        bool isWritten = trace.Write();
        facts = new ExampleFacts(e, trace.Thread, trace._addresses, trace._symbols);
        return isWritten ? writer.Save(folder) : null;
    }

    private bool Starts => Is(_event.Event.Action, "start");

    /// <summary>The thread with the stack: the creator's, of a process that starts.</summary>
    private ThreadInfo Thread => Starts ? _event.ParentThread : _event.Thread;

    /// <summary>Whether the example says that the actor is the parent of the target.</summary>
    private bool IsChild
    {
        get
        {
            TextList words = _event.Api.Behaviors;
            for (int i = 0; i < words.Count; i++)
            {
                if (Is(words[i], "parent-child"))
                    return true;
            }
            return false;
        }
    }

    private bool Write()
    {
        _events.Volume(_listTime++, @"\Device\HarddiskVolume2\", @"C:\");
        ProcessInfo actor = _event.Process!;
        ulong[] stack = _addresses = Addresses(Thread.CallStack);
        if (Starts)
        {
            ProcessInfo parent = actor.Parent!;
            Origins();
            List((int)parent.Pid!, 4, parent);
            if (parent.Real.Pid is { } creator)
                List((int)creator, 4, parent);
            WriteOrigins((int)(parent.Real.Pid ?? parent.Pid));
            WriteStart(actor, (int)(parent.Real.Pid ?? parent.Pid), (int)parent.Pid, stack);
            return true;
        }
        ulong address = Target();
        Origins();
        List((int)actor.Pid!, (int?)actor.Parent?.Pid ?? 4, actor);
        if (_event.TargetProcess is { } target && target.Pid != actor.Pid)
            List((int)target.Pid!, IsChild ? (int)actor.Pid : (int?)target.Parent?.Pid ?? 4, target);
        WriteOrigins((int)actor.Pid);
        return Is(_event.Event.Category[0], "api") ? WriteCall((int)actor.Pid, address, stack)
            : Is(_event.Event.Category[0], "library") ? WriteLoad((int)actor.Pid, stack)
            : Is(_event.Event.Category[0], "file") ? WriteFile((int)actor.Pid, stack)
            : Is(_event.Event.Category[0], "registry") && WriteValue((int)actor.Pid, stack);
    }

    /// <summary>The modules that made code executable: by the place of the code, a place in the module.</summary>
    private void Origins()
    {
        const string framework = @"c:\windows\microsoft.net\framework64\v4.0.30319\";
        for (int i = 0; i < Thread.CallStack.Count; i++)
        {
            CallStackFrame frame = Thread.CallStack[i];
            if (frame.ProtectionProvenance.IsMissing)
                continue;
            Text path = frame.ProtectionProvenancePath;
            _origins[_addresses[i]] = AddressOf(path.IsMissing ? framework + frame.ProtectionProvenance : path.ToString(), 0x5000);
        }
    }

    /// <summary>The calls of these modules.</summary>
    private void WriteOrigins(int pid)
    {
        const uint commitAndReserve = 0x3000;
        const uint executableAndWritable = 0x40;
        long time = Now - 1000;
        foreach ((ulong code, ulong module) in _origins)
            _events.Calls.Allocate(time++, pid, ThreadId, id: 6, pid, code, 0x1000, commitAndReserve, executableAndWritable, FirstImage + 0x14, module);
    }

    private void WriteStart(ProcessInfo child, int creator, int parent, ulong[] stack)
    {
        string executable = Kernel(child.Executable.ToString());
        _events.ProcessStart(Now, creator, ThreadId, (int)child.Pid!, executable, stack, parent);
        _events.Process(Now + 10, creator, ThreadId, kind: 1, (int)child.Pid!, parent, child.Name.ToString(), child.CommandLine.ToString());
    }

    private bool WriteLoad(int pid, ulong[] stack)
    {
        // One that is there already lies elsewhere.
        string path = _event.Library.Path.ToString();
        for (long index = 1; index < (_event.Library.LoadIndex ?? 1); index++)
            _events.Image(_listTime++, ThreadId, kind: 3, pid, 0x6000_0000_0000 + ((ulong)index * ImageSize), (uint)ImageSize, Kernel(path));
        _events.ImageLoad(Now, pid, ThreadId, IsFirstLoad(path) ? AddressOf(path, 0) : 0x6f00_0000_0000, ImageSize, Kernel(path), stack);
        return true;
    }

    private bool WriteFile(int pid, ulong[] stack)
    {
        string path = Kernel(_event.File.Path.ToString());
        switch (_event.Event.Action.ToString())
        {
            case "creation":
                _events.ManifestFileCreate(Now, pid, ThreadId, id: 30, file: 0xF1, path, options: 0x0200_0020, stack);
                return true;
            case "overwrite":
                _events.ManifestFileCreate(Now, pid, ThreadId, id: 12, file: 0xF1, path, options: 0x0500_0020, stack);
                return true;
            case "open":
                _events.ManifestFileCreate(Now, pid, ThreadId, id: 12, file: 0xF1, path, options: 0x0100_0020, stack);
                return true;
            case "deletion":
                _events.ManifestFileInformation(Now, pid, ThreadId, id: 26, file: 0xF1, information: 13, path, stack);
                return true;
            case "rename":
                _events.ManifestFileInformation(Now, pid, ThreadId, id: 27, file: 0xF1, information: 10, path, stack);
                return true;
            default:
                return false;
        }
    }

    private bool WriteValue(int pid, ulong[] stack)
    {
        if (!Is(_event.Event.Action, "modification"))
            return false;
        string path = _event.Registry.Path.ToString();
        int end = path.LastIndexOf('\\');
        string key = path[..end].Replace("HKLM", @"\REGISTRY\MACHINE", StringComparison.Ordinal).Replace("HKEY_USERS", @"\REGISTRY\USER", StringComparison.Ordinal);
        _events.KeyOpen(Now, pid, ThreadId, id: 2, above: 0, key: 0xB1, key);
        _events.ValueSet(Now + 1, pid, ThreadId, key: 0xB1, path[(end + 1)..], type: 1, System.Text.Encoding.Unicode.GetBytes(_event.Registry.Strings[0] + "\0"), stack);
        return true;
    }

    private bool WriteCall(int pid, ulong address, ulong[] stack)
    {
        const uint commitAndReserve = 0x3000;
        ApiParameters parameters = _event.Api.Parameters;
        int target = (int?)_event.TargetProcess?.Pid ?? pid;
        ulong size = (ulong)(parameters.Size ?? 0x1000);
        uint protection = Protection(parameters.Protection);
        switch (_event.Api.Name.ToString())
        {
            case "OpenProcess":
                _events.OpenProcess(Now, pid, ThreadId, target, (uint)(parameters.DesiredAccessNumeric ?? Rights()), result: 0, stack);
                return true;
            case "VirtualAlloc" or "VirtualAllocEx":
                _events.Calls.Allocate(Now, pid, ThreadId, target == pid ? 6 : 1, target, address, size, commitAndReserve, protection, stack);
                return true;
            case "MapViewOfFile" or "MapViewOfFile2":
                _events.Calls.Allocate(Now, pid, ThreadId, target == pid ? 8 : 3, target, address, size, 0, protection, stack);
                return true;
            case "VirtualProtect" or "VirtualProtectEx":
                uint before = Protection(parameters.ProtectionOld);
                _events.Calls.Protect(Now, pid, ThreadId, target == pid ? 7 : 2, target, address, size, protection, before == 0 ? 0x20 : before, stack);
                return true;
            case "WriteProcessMemory":
                _events.Calls.Copy(Now, pid, ThreadId, target == pid ? 12 : 14, target, address, size, result: 0, stack);
                return true;
            case "ReadProcessMemory":
                _events.Calls.Copy(Now, pid, ThreadId, target == pid ? 11 : 13, target, address, size, result: 0, stack);
                return true;
            case "SetThreadContext":
                _events.Calls.SetContext(Now, pid, ThreadId, target, ThreadId + 1, flags: 0x10_0003, address, protection: 0x20, stack);
                return true;
            case "QueueUserAPC":
                _events.Calls.QueueRoutine(Now, pid, ThreadId, target, ThreadId + 1, FirstImage + 0x100, address, 0x20, 0x20, stack);
                return true;
            case "NtQueueApcThread":
                _events.Calls.QueueRoutine(Now, pid, ThreadId, target, ThreadId + 1, address, 0, 0x20, 0, stack);
                return true;
            case "CreateRemoteThread":
                _events.Thread(Now, pid, ThreadId, kind: 1, target, ThreadId + 2, address, [0xffff_f800_0000_1000, .. stack]);
                return true;
            case "GetAsyncKeyState":
                _events.Calls.KeyState(Now, pid, ThreadId, pid, milliseconds: 100, calls: 400, stack);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Where a call points to: into the image that the event names, or where there is none.</summary>
    private ulong Target()
    {
        Text name = _event.Api.Metadata.TargetAddressName;
        if (!name.IsMissing && !Is(name, "Unbacked"))
        {
            Text path = _event.Api.Metadata.TargetAddressPath;
            return AddressOf(path.IsMissing ? $@"c:\windows\system32\{name}" : path.ToString(), 0x2000);
        }
        Text start = _event.TargetThread.StartAddressModule;
        return start.IsMissing || Is(start, "Unbacked") ? FirstUnbacked + 0x77_0000 : AddressOf(start.ToString(), 0x2000);
    }

    private uint Rights()
    {
        uint rights = 0;
        TextList names = _event.Api.Parameters.DesiredAccess;
        for (int i = 0; i < names.Count; i++)
        {
            rights |= names[i].ToString() switch
            {
                "PROCESS_VM_READ" => 0x10u,
                "PROCESS_ALL_ACCESS" => 0x1F_FFFF,
                _ => 0u,
            };
        }
        return rights;
    }

    /// <summary>A process that was there before, with its images: its program and all that the stack lies in.</summary>
    private void List(int pid, int parent, ProcessInfo process)
    {
        _events.Process(_listTime++, by: 0, thread: 0, kind: 3, pid, parent, process.Name.ToString(), process.CommandLine.ToString());
        string executable = process.Executable.ToString();
        if (!_images.Contains(executable, StringComparer.OrdinalIgnoreCase))
            Image(pid, FirstUnbacked + 0x1_0000_0000, executable);
        // The images of the stack lie at the same place in all processes.
        for (int i = 0; i < _images.Count; i++)
        {
            if (IsFirstLoad(_images[i]))
                continue;
            Image(pid, FirstImage + ((ulong)i * ImageSize), _images[i]);
        }
    }

    /// <summary>Whether the event is the first load of an image, which is then not there before.</summary>
    private bool IsFirstLoad(string path) => _event.Library.LoadIndex == 1 && _event.Library.Path.Span.Equals(path, StringComparison.OrdinalIgnoreCase);

    private void Image(int pid, ulong address, string path) =>
        _events.Image(_listTime++, thread: 0, kind: 3, pid, address, (uint)ImageSize, Kernel(path));

    private ulong[] Addresses(CallStack stack)
    {
        var addresses = new ulong[stack.Count];
        for (int i = 0; i < stack.Count; i++)
        {
            string text = stack[i].SymbolInfo.ToString();
            int plus = text.LastIndexOf("+0x", StringComparison.Ordinal);
            ulong offset = plus < 0 ? 0x10 : ulong.Parse(text.AsSpan(plus + 3), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            string place = plus < 0 ? text : text[..plus];
            int mark = place.IndexOf('!', StringComparison.Ordinal);
            if (place.StartsWith("Unbacked", StringComparison.Ordinal))
                addresses[i] = FirstUnbacked + (offset & 0xFFF_FFFF);
            else if (mark < 0)
                addresses[i] = AddressOf(place, offset % ImageSize);
            else
                addresses[i] = AddressOf(place[..mark], SymbolOf(place[..mark], place[(mark + 1)..]) + offset);
        }
        return addresses;
    }

    private ulong AddressOf(string image, ulong offset)
    {
        int index = _images.FindIndex(known => known.Equals(image, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            index = _images.Count;
            _images.Add(image);
        }
        return FirstImage + ((ulong)index * ImageSize) + offset;
    }

    /// <summary>The offset of a function in its image.</summary>
    private ulong SymbolOf(string image, string symbol)
    {
        var key = (image.ToLowerInvariant(), symbol);
        if (!_symbols.TryGetValue(key, out ulong offset))
            _symbols[key] = offset = SymbolDistance * (ulong)(_symbols.Count + 1);
        return offset;
    }

    private static uint Protection(Text text) => text.ToString() switch
    {
        "R--" => 0x02,
        "RW-" => 0x04,
        "RC-" => 0x08,
        "--X" => 0x10,
        "R-X" => 0x20,
        "RWX" => 0x40,
        "RCX" => 0x80,
        _ => 0,
    };

    private static string Kernel(string path) => path.StartsWith("C:", StringComparison.OrdinalIgnoreCase) ? @"\Device\HarddiskVolume2" + path[2..] : path;

    private static bool Is(Text text, string value) => text.Span.SequenceEqual(value);
}
