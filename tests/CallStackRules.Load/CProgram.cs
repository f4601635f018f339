using System.ComponentModel;
using System.Diagnostics;

namespace CallStackRules.Load;

/// <summary>The programs that make the load, compiled from C, which adds nothing of its own to what is measured.</summary>
internal static class CProgram
{
    /// <summary>Compiles <c>Programs/NAME.c</c>.</summary>
    /// <param name="name">Name of the source without its ending.</param>
    /// <param name="folder">Where the program goes.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="LoadException">There is no gcc, or it fails.</exception>
    public static string Compile(string name, string folder) => Compile(Path.Combine(folder, name), "-O1", "-pthread", SourceOf(name), "-ldl");

    /// <summary>Compiles it as a program that needs neither the C library nor a loader.</summary>
    /// <inheritdoc cref="Compile(string, string)" path="/param"/>
    /// <inheritdoc cref="Compile(string, string)" path="/returns"/>
    /// <inheritdoc cref="Compile(string, string)" path="/exception"/>
    public static string CompileAlone(string name, string folder) =>
        Compile(Path.Combine(folder, name + "-alone"), "-O1", "-static", "-nostdlib", "-fno-stack-protector", "-DALONE", SourceOf(name));

    /// <summary>Compiles a small shared library.</summary>
    /// <param name="folder">Where it goes.</param>
    /// <returns>Its path.</returns>
    /// <inheritdoc cref="Compile(string, string)" path="/exception"/>
    public static string CompileLibrary(string folder)
    {
        string source = Path.Combine(folder, "library.c");
        File.WriteAllText(source, "int answer(void) { return 42; }\n");
        return Compile(Path.Combine(folder, "library.so"), "-shared", "-fPIC", source);
    }

    private static string SourceOf(string name) => Path.Combine(AppContext.BaseDirectory, "Programs", $"{name}.c");

    private static string Compile(string output, params string[] arguments)
    {
        try
        {
            using Process compiler = Process.Start("gcc", ["-o", output, .. arguments]);
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? output : throw new LoadException($"gcc ended with {compiler.ExitCode}.");
        }
        catch (Win32Exception e)
        {
            throw new LoadException($"gcc cannot be started, which the load is compiled with: {e.Message}");
        }
    }
}

/// <summary>Something that the measurement needs is missing, or fails; the message says what.</summary>
internal sealed class LoadException(string message) : Exception(message);
