using CallStackRules.CallStacks;
using CallStackRules.Capture.Modules;

namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>A CallTrace as a call stack.</summary>
internal static class SysmonCallStack
{
    /// <summary>Appends the frames of a trace to a stack.</summary>
    /// <returns>How many parts could not be read; they become frames of an unknown module, so that their neighbours do not look adjacent.</returns>
    public static int Fill(CallStack stack, ReadOnlySpan<char> trace, ModuleTable modules)
    {
        int malformed = 0;
        bool unbacked = false;
        var reader = new CallTraceReader(trace);
        while (reader.Read())
        {
            switch (reader.Kind)
            {
                case CallTracePartKind.Module:
                    stack.Add(modules.Get(reader.ModulePath), address: null, reader.Value);
                    break;
                case CallTracePartKind.Unbacked:
                    stack.Add(ModuleInfo.Unbacked, reader.Value, rva: null);
                    unbacked = true;
                    break;
                default:
                    stack.Add(ModuleInfo.Unknown, address: null, rva: null);
                    malformed++;
                    break;
            }
        }
        if (unbacked)
            GuessCompiledCode(stack);
        return malformed;
    }

    // Sysmon does not record who made code executable. Where a .NET runtime is on the same stack it is most likely the runtime's compiler, and rules tell such code
    // from shellcode by this field.
    private static void GuessCompiledCode(CallStack stack)
    {
        for (int i = 0; i < stack.Count; i++)
        {
            if (stack[i].Module is not { IsPseudo: false } module || RuntimeOf(module) is not { } runtime)
                continue;
            for (int j = 0; j < stack.Count; j++)
            {
                if (stack[j].Module == ModuleInfo.Unbacked)
                    stack[j].ProtectionProvenance = runtime;
            }
            return;
        }
    }

    private static string? RuntimeOf(ModuleInfo module) => module.Name switch
    {
        "clr.dll" or "mscorwks.dll" or "coreclr.dll" => module.Name,
        _ => module.Path.Contains(@"\assembly\nativeimages_", StringComparison.Ordinal) ? "clr.dll" : null,
    };
}
