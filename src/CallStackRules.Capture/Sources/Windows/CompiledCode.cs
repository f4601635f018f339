using CallStackRules.CallStacks;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Windows;

/// <summary>
/// Says of code outside all files whose compiler most likely made it, for recorders that do not keep who made code executable: rules tell such code from shellcode by
/// this field. Where a .NET runtime is on the same stack it is the runtime.
/// </summary>
internal static class CompiledCode
{
    /// <summary>Runtimes of .NET and Java, and their compilers, as rules list them.</summary>
    private static readonly string[] Compilers = ["clr.dll", "clrjit.dll", "coreclr.dll", "mscorwks.dll", "mscorjit.dll", "jvm.dll"];

    /// <summary>Whether a module makes code: what it has made executable is no shellcode.</summary>
    /// <param name="name">Name of the module, lower-case.</param>
    public static bool IsCompiler(ReadOnlySpan<char> name)
    {
        foreach (string compiler in Compilers)
        {
            if (name.SequenceEqual(compiler))
                return true;
        }
        return false;
    }

    /// <summary>Writes the guess to the frames outside all files of which nothing is known; does nothing when no runtime is on the stack.</summary>
    public static void Guess(CallStack stack)
    {
        for (int i = 0; i < stack.Count; i++)
        {
            if (stack[i].Module is not { IsPseudo: false } module || RuntimeOf(module) is not { IsMissing: false } runtime)
                continue;
            for (int j = 0; j < stack.Count; j++)
            {
                if (stack[j].Module == ModuleInfo.Unbacked && stack[j].ProtectionProvenance.IsMissing)
                    stack[j].ProtectionProvenance = runtime;
            }
            return;
        }
    }

    private static Text RuntimeOf(ModuleInfo module) => module.Name.Span switch
    {
        "clr.dll" or "mscorwks.dll" or "coreclr.dll" => module.Name,
        _ => module.Path.Span.Contains(@"\assembly\nativeimages_", StringComparison.Ordinal) ? "clr.dll" : Text.Missing,
    };
}
