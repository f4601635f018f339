using CallStackRules.CallStacks;
using CallStackRules.Capture.Sources.Windows;

namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>A CallTrace as a call stack.</summary>
internal static class SysmonCallStack
{
    /// <summary>Appends the frames of a trace to a stack.</summary>
    /// <returns>How many parts could not be read; they become frames of an unknown module, so that their neighbours do not look adjacent.</returns>
    public static int Fill(CallStack stack, ReadOnlySpan<char> trace, SysmonHost host)
    {
        int malformed = 0;
        bool unbacked = false;
        var reader = new CallTraceReader(trace);
        while (reader.Read())
        {
            switch (reader.Kind)
            {
                case CallTracePartKind.Module:
                    stack.Add(host.Module(reader.ModulePath), address: null, reader.Value);
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
            CompiledCode.Guess(stack);
        return malformed;
    }
}
