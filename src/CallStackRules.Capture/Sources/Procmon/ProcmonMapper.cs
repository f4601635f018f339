using CallStackRules.CallStacks;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Procmon;

/// <summary>
/// Events of a log to events in the shape of the Elastic Common Schema and the endpoint's own fields. See <c>docs/sources/procmon.md</c> for what becomes of each.
/// </summary>
internal sealed partial class ProcmonMapper(PmlLog log, ProcmonProcesses processes, SourceStatistics statistics)
{
    private const string Failed = "operation failed";

    private readonly string _hostId = log.Header.Computer.ToLowerInvariant();
    private ProcessReference? _realOfLastEvent;

    /// <summary>Clears an event and fills it with one of the log.</summary>
    /// <returns>Null, or why the record has no place among events.</returns>
    /// <exception cref="InvalidDataException">The record is damaged.</exception>
    public string? Map(uint number, EndpointEvent e)
    {
        e.Clear();
        _realOfLastEvent?.Clear();
        _realOfLastEvent = null;
        PmlEvent raw = log.Read(number);
        if (processes.Get(raw.Process) is not { } process)
            return "process not in the process table";
        e.UtcTicks = raw.UtcTicks;
        processes.Advance(raw.UtcTicks);
        if (raw.Class is PmlClass.Registry or PmlClass.FileSystem)
            processes.Own(raw.Thread, process);
        if (raw.IsFailed)
            return Failed;

        e.Process = process.Info;
        string? reason = raw.Class switch
        {
            PmlClass.Process => MapProcess(raw, number, process, e),
            PmlClass.Registry => MapRegistry(raw, process, e),
            PmlClass.FileSystem => MapFile(raw, e),
            PmlClass.Network => MapNetwork(raw, e),
            PmlClass.Profiling => "profiling sample",
            _ => "class of event not known",
        };
        if (reason is not null)
            return reason;

        e.Event.Kind = "event";
        e.Event.Module = "procmon";
        e.Event.Provider = "Process Monitor";
        e.Event.Outcome = "success";
        e.Host.Name = log.Header.Computer;
        e.Host.Hostname = log.Header.Computer;
        e.Host.Id = _hostId;
        e.Host.OsType = "windows";
        e.Host.OsFamily = "windows";
        if (raw.Class is PmlClass.Registry or PmlClass.FileSystem)
            WriteThread(raw.Thread, raw.Stack, process, e.Thread);
        processes.DescribeUser(process, e);
        if (process.StartTicks > 0 && raw.UtcTicks >= process.StartTicks)
            e.ProcessUptime = (raw.UtcTicks - process.StartTicks) / TimeSpan.TicksPerSecond;
        return null;
    }

    private static void Classify(EndpointEvent e, string category, string type, string action)
    {
        e.Event.Category.Add(category);
        e.Event.Type.Add(type);
        e.Event.Action = action;
    }

    /// <summary>
    /// Writes a thread with its call stack. Frames of the kernel are left out, also those of a call from the kernel back into the process: rules count from the system call.
    /// </summary>
    /// <param name="thread">The thread.</param>
    /// <param name="stack">Addresses as they are stored.</param>
    /// <param name="process">The process whose code runs in the thread.</param>
    /// <param name="target">Receives them.</param>
    /// <param name="isCertain">Whether it is certain that this is the process: else what lies in none of its modules may lie in another's.</param>
    private void WriteThread(uint thread, ReadOnlySpan<byte> stack, ProcmonProcess process, ThreadInfo target, bool isCertain = true)
    {
        target.Id = thread == 0 ? null : thread;
        bool canTell = isCertain && process.Modules.IsUsable;
        bool isUnbacked = false;
        var addresses = new PmlDetails(stack);
        while (!addresses.Rest.IsEmpty)
        {
            ulong address = addresses.Pointer(log.Header.PointerSize);
            if (address > log.Header.HighestUserAddress)
                continue;
            if (process.Modules.Find(address, out ulong rva) is { } module)
            {
                target.CallStack.Add(module, address, rva);
                continue;
            }
            target.CallStack.Add(canTell ? ModuleInfo.Unbacked : ModuleInfo.Unknown, address, rva: null);
            isUnbacked |= canTell;
        }
        if (isUnbacked)
            CompiledCode.Guess(target.CallStack);
    }

    private bool IsInModules(ReadOnlySpan<byte> stack, ProcmonModules modules)
    {
        var addresses = new PmlDetails(stack);
        while (!addresses.Rest.IsEmpty)
        {
            ulong address = addresses.Pointer(log.Header.PointerSize);
            if (address <= log.Header.HighestUserAddress && modules.Find(address, out _) is null)
                return false;
        }
        return true;
    }

    private void CheckDetails(in PmlDetails details)
    {
        if (details.IsDamaged)
            statistics.CountFieldProblem("details of an event are cut off");
    }
}
