namespace CallStackRules.Capture.Modules;

/// <summary>
/// Runtimes that compile code while they run: in their processes, executable memory without a file is ordinary. Told by the file that holds the compiler.
/// </summary>
internal static class JitRuntimes
{
    // Beginnings of file names, because versions follow some of them.
    private static readonly string[] Libraries =
    [
        "libcoreclr.so", "libffi.so", "libclrjit.so", "libmonosgen-2.0.so", "libjvm.so", "libluajit-5.1.so", "libmozjs-", "libxul.so", "libwebkit2gtk-", "libjavascriptcoregtk-", "libpypy3",
        "libpcre2-8.so", "libphp", "libqt5qml.so", "libqt6qml.so", "libllvm", "libgallium", "libbeam",
    ];

    private static readonly string[] Programs = ["node", "luajit", "chrome", "chromium", "electron", "code", "deno", "bun", "qemu-", "beam.smp", "mono", "dotnet", "php", "ruby", "wasmtime"];

    /// <summary>Whether a file is one of them, by its name in lower case.</summary>
    public static bool Contains(string name)
    {
        foreach (string library in Libraries)
        {
            if (name.StartsWith(library, StringComparison.Ordinal))
                return true;
        }
        foreach (string program in Programs)
        {
            if (name == program || (program.EndsWith('-') && name.StartsWith(program, StringComparison.Ordinal)))
                return true;
        }
        return false;
    }
}
