namespace CallStackRules.Capture.Modules;

/// <summary>Which runtime a file is, told by its name.</summary>
internal static class JitRuntimeNames
{
    // A name matches a file that is called so or goes on with a dot, a dash or a number: libluajit-5.1.so.2, node.real, php8.2.
    private static readonly (string Name, JitRuntimes Runtime)[] Names =
    [
        ("libcoreclr", JitRuntimes.DotNet), ("libclrjit", JitRuntimes.DotNet), ("libmonosgen", JitRuntimes.DotNet), ("mono", JitRuntimes.DotNet),
        ("node", JitRuntimes.V8), ("nodejs", JitRuntimes.V8), ("libnode", JitRuntimes.V8), ("libv8", JitRuntimes.V8), ("electron", JitRuntimes.V8),
        ("chrome", JitRuntimes.V8), ("chromium", JitRuntimes.V8), ("code", JitRuntimes.V8), ("deno", JitRuntimes.V8),
        ("libjvm", JitRuntimes.Jvm),
        ("libluajit", JitRuntimes.LuaJit), ("luajit", JitRuntimes.LuaJit),
        ("libxul", JitRuntimes.SpiderMonkey), ("libmozjs", JitRuntimes.SpiderMonkey),
        ("libjavascriptcoregtk", JitRuntimes.JavaScriptCore), ("bun", JitRuntimes.JavaScriptCore),
        ("ruby", JitRuntimes.Ruby), ("libruby", JitRuntimes.Ruby),
        ("php", JitRuntimes.Php), ("libphp", JitRuntimes.Php), ("opcache", JitRuntimes.Php),
        ("beam", JitRuntimes.Beam),
        ("libpypy", JitRuntimes.PyPy), ("pypy", JitRuntimes.PyPy), ("libjulia", JitRuntimes.Julia),
        ("libLLVM", JitRuntimes.Llvm), ("qemu", JitRuntimes.Qemu), ("wine", JitRuntimes.Wine),
    ];

    /// <summary>The runtime that a file with this path contains.</summary>
    public static JitRuntimes Of(ReadOnlySpan<char> path)
    {
        ReadOnlySpan<char> name = path[(path.LastIndexOf('/') + 1)..];
        foreach ((string known, JitRuntimes runtime) in Names)
        {
            if (name.StartsWith(known, StringComparison.Ordinal) && (name.Length == known.Length || name[known.Length] is '.' or '-' or (>= '0' and <= '9')))
                return runtime;
        }
        return JitRuntimes.None;
    }
}
