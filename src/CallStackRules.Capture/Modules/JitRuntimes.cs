namespace CallStackRules.Capture.Modules;

/// <summary>Runtimes that write code while they run: in a process that has one mapped, executable memory without a file is expected.</summary>
[Flags]
public enum JitRuntimes : byte
{
    /// <summary>No runtime is known.</summary>
    None = 0,

    /// <summary>.NET: <c>libcoreclr.so</c>, Mono: <c>libmonosgen</c>.</summary>
    DotNet = 1,

    /// <summary>V8: node, Electron, Chromium.</summary>
    V8 = 2,

    /// <summary>A Java virtual machine: <c>libjvm.so</c>.</summary>
    Jvm = 4,

    /// <summary>LuaJIT.</summary>
    LuaJit = 8,
}
