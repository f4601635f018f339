using CallStackRules.CallStacks;
using CallStackRules.Capture.Modules;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Ecs;

/// <summary>
/// Finds the modules of frames that were read as text, so that a summary and a final user module can be worked out of stacks that came without.
/// </summary>
/// <param name="statistics">Counts what there was no room for.</param>
internal sealed class EcsCallStacks(SourceStatistics statistics)
{
    private readonly ModuleTable _modules = new(statistics);

    /// <summary>Gives every frame of a stack its module, by <c>module_path</c> or else by what stands before the symbol in <c>symbol_info</c>.</summary>
    public void FindModules(CallStack stack)
    {
        for (int i = 0; i < stack.Count; i++)
        {
            CallStackFrame frame = stack[i];
            Text path = frame.ModulePath.IsMissing ? ModuleOf(frame.SymbolInfo) : frame.ModulePath;
            if (path.Length > 0)
                frame.Module = Find(path.Span);
        }
    }

    private ModuleInfo Find(ReadOnlySpan<char> path) => path switch
    {
        "Unbacked" => ModuleInfo.Unbacked,
        "Unknown" => ModuleInfo.Unknown,
        "Kernel" => ModuleInfo.Kernel,
        _ => _modules.Get(path),
    };

    // path!Symbol+0x1a, path+0x2b3c, Unbacked+0x1f0000, or a path alone. A path may have ! and + itself.
    private static Text ModuleOf(Text symbolInfo)
    {
        ReadOnlySpan<char> text = symbolInfo.Span;
        int symbol = text.LastIndexOf('!');
        if (symbol > text.LastIndexOfAny('\\', '/'))
            return symbolInfo.Slice(0, symbol);
        int offset = text.LastIndexOf("+0x");
        return offset < 0 ? symbolInfo : symbolInfo.Slice(0, offset);
    }
}
