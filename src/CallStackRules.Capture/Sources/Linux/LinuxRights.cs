using System.Globalization;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Tracing;

namespace CallStackRules.Capture.Sources.Linux;

/// <summary>What this process may do and what it may not, as far as capture needs it, and how to grant the rest.</summary>
/// <param name="Capabilities">The capabilities in force, by their bits.</param>
/// <param name="Paranoid">
/// kernel.perf_event_paranoid (Documentation/admin-guide/sysctl/kernel.rst): at -1, perf events of all processes are for everybody. Null when there is none.
/// </param>
/// <param name="TracingProblem">Why tracefs cannot be read; null when it can.</param>
/// <param name="HasSystemCallFilter">Whether a seccomp filter is in force, as in most containers.</param>
/// <param name="IsLockedDown">Whether the kernel keeps its memory from root, too (kernel_lockdown(7), confidentiality).</param>
internal sealed record LinuxRights(ulong Capabilities, int? Paranoid, string? TracingProblem, bool HasSystemCallFilter, bool IsLockedDown)
{
    private const int ReadAll = 2;
    private const int LockMemory = 14;
    private const int Trace = 19;
    private const int Administer = 21;
    private const int WatchEvents = 38;
    private const int LoadPrograms = 39;

    /// <summary>What capture needs: files and memory of all processes, perf events, rings beyond the limit of locked memory, and programs in the kernel.</summary>
    private const ulong All = (1UL << ReadAll) | (1UL << LockMemory) | (1UL << Trace) | (1UL << WatchEvents) | (1UL << LoadPrograms);

    /// <summary>Reads what is so now.</summary>
    public static LinuxRights Read()
    {
        string[] status = File.ReadAllLines("/proc/self/status");
        return new LinuxRights(
            ulong.Parse(ValueOf("CapEff"), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            int.TryParse(ContentOf("/proc/sys/kernel/perf_event_paranoid"), CultureInfo.InvariantCulture, out int paranoid) ? paranoid : null,
            TraceFileSystem.FindProblem(),
            ValueOf("Seccomp") == "2",
            ContentOf("/sys/kernel/security/lockdown").Contains("[confidentiality]", StringComparison.Ordinal));

        string ValueOf(string name) => status.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim() ?? "0";
    }

    /// <summary>What is missing and what grants it, for the operator. Empty when nothing is known to be missing.</summary>
    public string Advise()
    {
        List<string> missing = [.. CapabilityNames.Of(MissingCapabilities).Select(Describe)];
        if (TracingProblem is not null)
            missing.Add(TracingProblem);
        if (IsLockedDown)
            missing.Add("the kernel is locked down (/sys/kernel/security/lockdown is at confidentiality)");
        if (HasSystemCallFilter)
            missing.Add("a seccomp filter is in force, which must allow bpf, perf_event_open and process_vm_readv");
        return missing.Count == 0 ? "" : $" Missing: {string.Join(", ", missing)}.{Grant()}";
    }

    private ulong MissingCapabilities
    {
        get
        {
            ulong held = Capabilities;
            // capable(CAP_SYS_ADMIN) stands for both since before they were made.
            if (Has(Administer))
                held |= (1UL << WatchEvents) | (1UL << LoadPrograms);
            if (Paranoid < 0)
                held |= (1UL << WatchEvents) | (1UL << LockMemory);
            return All & ~held;
        }
    }

    private bool Has(int capability) => (Capabilities & (1UL << capability)) != 0;

    private string Describe(string capability) => capability == CapabilityNames.Of(1UL << WatchEvents).Single()
        ? string.Create(CultureInfo.InvariantCulture, $"{capability} (kernel.perf_event_paranoid is {Paranoid}, which asks for it)")
        : capability;

    private string Grant()
    {
        if (MissingCapabilities == 0)
            return "";
        string names = string.Join(' ', CapabilityNames.Of(All));
        return $" Run as root with all capabilities, or grant them with 'sudo setcap {names.Replace(' ', ',').ToLowerInvariant()}=ep {Program()}', "
            + $"in a unit of systemd with 'AmbientCapabilities={names}', in a container with --cap-add.";
    }

    /// <summary>The program to give capabilities to: not to the one that runs all programs of .NET.</summary>
    private static string Program() =>
        Path.GetFileName(Environment.ProcessPath) is null or "dotnet" ? "/opt/callstackrules/CallStackRules.Sensor" : Environment.ProcessPath!;

    private static string ContentOf(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
