using CallStackRules.Capture.Sources.Linux;

namespace CallStackRules.Capture.Tests.Linux;

public sealed class LinuxRightsTests
{
    private const ulong LockMemory = 1UL << 14;
    private const ulong Administer = 1UL << 21;
    private const ulong All = (1UL << 2) | LockMemory | (1UL << 19) | (1UL << 38) | (1UL << 39);

    private static readonly LinuxRights Whole = new(All, Paranoid: 2, TracingProblem: null, HasSystemCallFilter: false, IsLockedDown: false);

    [Fact]
    public void Who_has_all_rights_misses_none() => Assert.Equal("", Whole.Advise());

    [Fact]
    public void Each_capability_that_is_missing_is_named_with_what_grants_it()
    {
        string advice = (Whole with { Capabilities = LockMemory }).Advise();

        Assert.StartsWith(
            " Missing: CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE, CAP_PERFMON (kernel.perf_event_paranoid is 2, which asks for it), CAP_BPF. "
            + "Run as root with all capabilities, or grant them with ",
            advice, StringComparison.Ordinal);
    }

    [Fact]
    public void The_administrator_needs_no_capability_for_programs_and_events() =>
        Assert.StartsWith(
            " Missing: CAP_DAC_READ_SEARCH, CAP_IPC_LOCK, CAP_SYS_PTRACE. Run", (Whole with { Capabilities = Administer }).Advise(), StringComparison.Ordinal);

    [Fact]
    public void Where_events_are_for_everybody_no_capability_is_asked_for_them() =>
        Assert.StartsWith(
            " Missing: CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE, CAP_BPF. Run", (Whole with { Capabilities = 0, Paranoid = -1 }).Advise(), StringComparison.Ordinal);

    [Fact]
    public void What_no_capability_grants_is_named_by_itself()
    {
        LinuxRights rights = Whole with { TracingProblem = "tracefs is not mounted", HasSystemCallFilter = true, IsLockedDown = true };

        Assert.Equal(
            " Missing: tracefs is not mounted, the kernel is locked down (/sys/kernel/security/lockdown is at confidentiality), "
            + "a seccomp filter is in force, which must allow bpf, perf_event_open and process_vm_readv.",
            rights.Advise());
    }

    [SkippableFact]
    public void The_rights_of_this_process_can_be_read()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Capabilities are of Linux.");
        string effective = File.ReadLines("/proc/self/status").Single(static line => line.StartsWith("CapEff:", StringComparison.Ordinal));
        Assert.Equal(effective[7..].Trim(), LinuxRights.Read().Capabilities.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
    }
}
