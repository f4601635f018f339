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
        string advice = -negativeError switch
        {
            LinuxSystem.ErrorPermission or LinuxSystem.ErrorAccess => LinuxRights.Read().Advise(),
            LinuxSystem.ErrorNoSystemCall => " This kernel is built without it; Linux 5.15 or newer with BPF, its type information (CONFIG_DEBUG_INFO_BTF) and perf events is needed.",
            LinuxSystem.ErrorInvalid => " This kernel does not know the request; Linux 5.15 or newer with CONFIG_DEBUG_INFO_BTF is needed.",
            _ => "",
        };
        return new CaptureException($"{char.ToUpperInvariant(doing[0])}{doing[1..]} failed: {Words(negativeError)}.{advice}{(details.Length > 0 ? "\n" + details : "")}");
    }

    /// <summary>What is worse without programs in the kernel, and how to have them.</summary>
    /// <param name="negativeError">The negative error number that loading one gave.</param>
    public static string Weakness(int negativeError) =>
        $"Best effort: BPF programs may not be loaded ({Words(negativeError)}), so tracepoints are read instead. Call stacks are the same, but paths, addresses and users "
        + "are read from the process after the call: of one that is gone they are missing, and one that changes them meanwhile can deceive. Programs cannot be refused."
        + LinuxRights.Read().Advise();

    private static string Words(int negativeError) => $"{Marshal.GetPInvokeErrorMessage(-negativeError)} ({-negativeError})";
}
