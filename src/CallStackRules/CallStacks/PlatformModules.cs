namespace CallStackRules.CallStacks;

/// <summary>
/// The platform's own runtime modules: those through which any program reaches the system, and which therefore say nothing of who is answerable for a call.
/// </summary>
/// <remarks>
/// A module counts when its name is in the table and it lies where the system keeps it, so that a copy elsewhere does not hide behind the name. A bare name
/// without a directory counts by its name alone.
/// </remarks>
public static class PlatformModules
{
    // Windows: the system-call library, the API layer upon it, the layers for programs of another processor, the system calls of graphics, the C runtime.
    // Libraries that act on their own account (COM, the shell, application compatibility) are left out: they can be the ones who are answerable.
    private static readonly string[] WindowsNames =
    [
        "ntdll.dll", "kernelbase.dll", "kernel32.dll", "kernel32legacy.dll", "advapi32.dll", "sechost.dll",
        "wow64.dll", "wow64base.dll", "wow64con.dll", "wow64cpu.dll", "wow64win.dll", "xtajit.dll", "xtajit64.dll", "xtajit64se.dll",
        "win32u.dll", "user32.dll", "gdi32.dll", "gdi32full.dll", "msvcrt.dll", "msvcp_win.dll", "ucrtbase.dll", "rpcrt4.dll",
    ];

    private static readonly string[] WindowsDirectories = ["\\windows\\system32\\", "\\windows\\syswow64\\", "\\windows\\sysarm32\\", "\\windows\\winsxs\\"];

    // Linux and macOS: beginnings of names, because versions follow them.
    private static readonly string[] UnixNames =
    [
        "linux-vdso.so", "linux-gate.so", "[vdso]", "ld-linux", "ld-musl-", "ld-2.", "libc.so", "libc-2.", "libc.musl-", "libpthread.so", "libpthread-2.", "libdl.so",
        "libdl-2.", "libsystem_", "libdyld.dylib", "dyld",
    ];

    private static readonly string[] UnixDirectories = ["/lib/", "/lib32/", "/lib64/", "/usr/lib/", "/usr/lib32/", "/usr/lib64/"];

    /// <summary>Whether a path is that of one of the platform's runtime modules; letters of either case.</summary>
    public static bool Contains(ReadOnlySpan<char> path)
    {
        int end = path.LastIndexOfAny('\\', '/') + 1;
        ReadOnlySpan<char> directory = path[..end];
        ReadOnlySpan<char> name = path[end..];
        foreach (string known in WindowsNames)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
                return directory.IsEmpty || IsWindowsDirectory(directory);
        }
        foreach (string known in UnixNames)
        {
            if (name.StartsWith(known, StringComparison.Ordinal))
                return directory.IsEmpty || IsUnixDirectory(directory);
        }
        return false;
    }

    private static bool IsWindowsDirectory(ReadOnlySpan<char> directory)
    {
        foreach (string known in WindowsDirectories)
        {
            if (directory.Contains(known, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private static bool IsUnixDirectory(ReadOnlySpan<char> directory)
    {
        foreach (string known in UnixDirectories)
        {
            if (directory.StartsWith(known, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
