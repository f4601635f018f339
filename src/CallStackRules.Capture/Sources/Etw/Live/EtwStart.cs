using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Etw.Live;

/// <summary>Begins sessions that do what a plan says.</summary>
internal static class EtwStart
{
    // Walking stacks needs the first, looking into other accounts' processes the second.
    private static readonly string[] Privileges = ["SeSystemProfilePrivilege", "SeDebugPrivilege"];

    /// <summary>Begins a session. One of the same name that was left behind when its owner crashed is ended first.</summary>
    /// <param name="system">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="file">The file that it writes to; null for one that is read while it runs.</param>
    /// <param name="plan">What to enable.</param>
    /// <param name="refused">Receives what the system does not tell of; the rest is captured.</param>
    /// <exception cref="CaptureException">The system refuses.</exception>
    public static IEtwSession Begin(IEtwSystem system, string name, string? file, EtwPlan plan, List<string> refused)
    {
        if (!Environment.Is64BitProcess)
            throw new CaptureException("Live capture needs the 64-bit sensor.");
        if (!system.IsElevated)
            throw new CaptureException("Live capture needs an elevated account: run as administrator, or as the service ('service install').");
        foreach (string privilege in Privileges)
        {
            if (!system.TryEnablePrivilege(privilege))
                throw new CaptureException($"The account does not have {privilege}: run as administrator or as the system account, or grant it in the local security policy.");
        }
        IEtwSession? session = null;
        try
        {
            system.EndSession(name);
            session = system.Begin(name, file);
            session.EnableKernel(plan.Kernel, plan.KernelStacks);
            foreach (EtwProvider provider in plan.Providers)
                Enable(session, provider, refused);
            return session;
        }
        catch (Exception e) when (IsRefusal(e) || e is IOException)
        {
            session?.Dispose();
            throw new CaptureException($"The session '{name}' cannot be started: {e.Message} 'logman query -ets' shows what runs; Windows has room for 8 sessions of kernel events.", e);
        }
    }

    private static void Enable(IEtwSession session, EtwProvider provider, List<string> refused)
    {
        try
        {
            session.Enable(provider);
        }
        catch (Exception e) when (provider.RefusableName is not null && IsRefusal(e))
        {
            refused.Add(provider.RefusableName);
        }
    }

    private static bool IsRefusal(Exception e) => e is ExternalException or UnauthorizedAccessException;
}
