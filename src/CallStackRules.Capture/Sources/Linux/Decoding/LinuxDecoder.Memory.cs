using System.Text;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <content>Memory: libraries, executable memory, memory of other processes.</content>
internal sealed partial class LinuxDecoder
{
    /// <summary>Executable memory with a file behind it is a library that was loaded; without one it is an allocation.</summary>
    private void DecodeMap(in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        ulong start = (ulong)call.Result;
        int index = process.Space.IndexOf(start);
        // .NET maps the code it compiles twice, from a file in memory: that is no library.
        if (index >= 0 && process.Space[index].File is { } file && !process.Space.IsJitCode(process.Space[index]))
        {
            e.Library.Path = file.Path;
            e.Library.Name = file.Path[(file.Path.LastIndexOf('/') + 1)..];
            processes.Hashes?.DescribeLibrary(process.Pid, process.Space[index], e.Library.Hash);
            Classify(e, "library", "start", "load");
            return;
        }
        DescribeMemoryCall(e, "mmap", start, call.Argument(1), call.Argument(2));
        e.Api.Metadata.TargetAddressName = OwnerOf(index, process.Space);
        if (_stack.HasUnexplainedMemory)
            e.Api.Behaviors.Add("allocate_shellcode");
    }

    private void DecodeProtect(in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        ulong start = call.Argument(0);
        DescribeMemoryCall(e, "mprotect", start, call.Argument(1), call.Argument(2));
        int index = process.Space.IndexOf(start);
        MappedFile? file = index < 0 ? null : process.Space[index].File;
        bool isWritable = (call.Argument(2) & (ulong)MemoryProtection.Write) != 0;
        if (file is { IsMemoryFile: false })
            e.Api.Metadata.TargetAddressPath = file.Path;
        e.Api.Metadata.TargetAddressName = file is { IsMemoryFile: false } ? file.Module.Name : OwnerOf(index, process.Space);
        if (isWritable)
            e.Api.Behaviors.Add(file is null or { IsMemoryFile: true } ? "unbacked_rwx" : "image_rwx");
        if (_stack.HasUnexplainedMemory)
            e.Api.Behaviors.Add("allocate_shellcode");
    }

    /// <summary>Whose memory without a file is: the runtime's that compiles to there, or nobody's.</summary>
    private static Text OwnerOf(int index, AddressSpace space) =>
        index >= 0 && StackReader.RuntimeOf(space[index], space) is { } runtime ? runtime.Module.Name : ModuleInfo.Unbacked.Name;

    /// <summary>What a process was lent for one event, because the schema has it there, is taken back before the next.</summary>
    private void TakeBack()
    {
        if (_lent is not { } process)
            return;
        _lent = null;
        process.MemfdName = default;
        process.MemfdFlags = null;
        process.MemfdCloseOnExec = null;
        process.MemfdAllowSeal = null;
        process.MemfdHugeTlb = null;
        process.MemfdNoExecSeal = null;
        process.MemfdExec = null;
        process.PtraceRequest = null;
        process.PtraceChildPid = null;
        process.PtraceAddress = null;
        process.PtraceData = null;
    }

    private static void DescribeMemoryCall(EndpointEvent e, string name, ulong address, ulong size, ulong protection)
    {
        Classify(e, "api", "change", name);
        e.Api.Name = name;
        e.Api.Parameters.Address = (long)address;
        e.Api.Parameters.Size = (long)size;
        e.Api.Parameters.Protection = (protection & 7) switch
        {
            7 => "RWX",
            6 => "-WX",
            5 => "R-X",
            4 => "--X",
            3 => "RW-",
            2 => "-W-",
            1 => "R--",
            _ => "---",
        };
    }

    private void DecodeMemoryFile(in CaptureRecord call, EndpointEvent e)
    {
        const int closeOnExec = 1;
        const int allowSealing = 2;
        const int hugePages = 4;
        const int noExec = 8;
        const int exec = 16;
        int flags = call.Flags;
        Classify(e, "process", "start", "memfd_create");
        ProcessInfo process = e.Process!;
        _lent = process;
        Span<char> name = e.Buffer.Reserve("memfd:".Length + call.First.Length);
        "memfd:".CopyTo(name);
        process.MemfdName = e.Buffer.Commit("memfd:".Length + Encoding.UTF8.GetChars(call.First, name["memfd:".Length..]));
        process.MemfdFlags = flags;
        process.MemfdCloseOnExec = (flags & closeOnExec) != 0;
        process.MemfdAllowSeal = (flags & allowSealing) != 0;
        process.MemfdHugeTlb = (flags & hugePages) != 0;
        process.MemfdNoExecSeal = (flags & noExec) != 0;
        process.MemfdExec = (flags & exec) != 0;
    }

    private void DecodeTrace(in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        int target = (int)call.Argument(1);
        // Published rules for Linux know it as a process event of type start.
        Classify(e, "process", "start", "ptrace");
        e.Event.Category.Add("api");
        e.Api.Name = "ptrace";
        _lent = process.Info;
        process.Info.PtraceRequest = (long)call.Argument(0);
        process.Info.PtraceChildPid = target;
        process.Info.PtraceAddress = (long)call.Argument(2);
        process.Info.PtraceData = (long)call.Argument(3);
        DescribeTarget(e, process, target);
    }

    private void DecodeWriteMemory(in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        Classify(e, "api", "change", "process_vm_writev");
        e.Api.Name = "process_vm_writev";
        e.Api.Parameters.Size = call.Result;
        DescribeTarget(e, process, (int)call.Argument(0));
    }

    private void DescribeTarget(EndpointEvent e, LinuxProcess process, int target)
    {
        e.TargetProcess = processes.GetOrRead(target).Info;
        if (target == process.Pid)
            return;
        e.Api.Behaviors.Add("cross-process");
        if (e.TargetProcess.Parent == process.Info)
            e.Api.Behaviors.Add("parent-child");
    }

    private static void DecodeModule(in CaptureRecord call, EndpointEvent e)
    {
        // As above.
        Classify(e, "process", "start", "load_module");
        e.Event.Category.Add("api");
        e.Api.Name = call.Row.SystemCall;
    }

    private static void DecodeOther(in CaptureRecord call, EndpointEvent e)
    {
        string name = call.Row.SystemCall;
        Classify(e, "api", "change", name);
        e.Api.Name = name;
    }
}
