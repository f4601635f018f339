namespace CallStackRules.Capture.Modules;

/// <summary>Runtimes that write code while they run: in a process that has one mapped, executable memory without a file is expected.</summary>
[Flags]
public enum JitRuntimes : ushort
{
    /// <summary>No runtime is known.</summary>
    None = 0,

    /// <summary>.NET: <c>libcoreclr.so</c>, Mono: <c>libmonosgen</c>.</summary>
    DotNet = 1,

    /// <summary>V8: node, Deno, Electron, Chromium.</summary>
    V8 = 2,

    /// <summary>A Java virtual machine: <c>libjvm.so</c>.</summary>
    Jvm = 4,

    /// <summary>LuaJIT.</summary>
    LuaJit = 8,

    /// <summary>SpiderMonkey: Firefox, GNOME's gjs.</summary>
    SpiderMonkey = 16,

    /// <summary>JavaScriptCore: WebKit, Bun.</summary>
    JavaScriptCore = 32,

    /// <summary>Ruby, whose compiler is YJIT.</summary>
    Ruby = 64,

    /// <summary>PHP, whose compiler is part of the opcode cache.</summary>
    Php = 128,

    /// <summary>The virtual machine of Erlang and Elixir.</summary>
    Beam = 256,

    /// <summary>PyPy.</summary>
    PyPy = 512,

    /// <summary>Julia.</summary>
    Julia = 1024,

    /// <summary>LLVM as a library: shaders of Mesa, queries of PostgreSQL.</summary>
    Llvm = 2048,

    /// <summary>QEMU, which translates the code of other processors.</summary>
    Qemu = 4096,

    /// <summary>Wine, which maps programs for Windows by itself.</summary>
    Wine = 8192,
}
