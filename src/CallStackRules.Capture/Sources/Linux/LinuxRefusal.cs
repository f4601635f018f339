using System.Runtime.InteropServices;
using CallStackRules.Capture.Sources.Linux.Interop;

namespace CallStackRules.Capture.Sources.Linux;

/// <summary>Turns an error of the system into words an operator can act on.</summary>
internal static class LinuxRefusal
{
    /// <summary>An exception that says what failed, why, and how to grant it.</summary>
    /// <param name="doing">What was tried.</param>
    /// <param name="negativeError">The negative error number.</param>
    /// <param name="details">More to read, such as the verifier's log; may be empty.</param>
    public static CaptureException Of(string doing, int negativeError, string details = "")
    {
        int error = -negativeError;
        string advice = error switch
        {
            LinuxSystem.ErrorPermission or LinuxSystem.ErrorAccess =>
                " Run as root, or grant CAP_BPF, CAP_PERFMON and CAP_SYS_PTRACE (in a container also: allow bpf and perf_event_open in its seccomp profile).",
            LinuxSystem.ErrorNoSystemCall => " This kernel is built without it; Linux 5.15 or newer with BPF, its type information (CONFIG_DEBUG_INFO_BTF) and perf events is needed.",
            LinuxSystem.ErrorInvalid => " This kernel does not know the request; Linux 5.15 or newer with CONFIG_DEBUG_INFO_BTF is needed.",
            _ => "",
        };
        return new CaptureException(
            $"{char.ToUpperInvariant(doing[0])}{doing[1..]} failed: {Marshal.GetPInvokeErrorMessage(error)} ({error}).{advice}{(details.Length > 0 ? "\n" + details : "")}");
    }
}
