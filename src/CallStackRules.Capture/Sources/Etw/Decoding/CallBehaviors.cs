using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Sources.Etw.Stacks;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Capture.Unwinding;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>
/// The words of <c>process.Ext.api.behaviors</c>, and what each takes. The table stands in <c>docs/sources/etw.md</c>; a word that needs what is not
/// known of an event is left out.
/// </summary>
internal static class CallBehaviors
{
    /// <summary>
    /// Bytes from which on a changed region is a large part of an image: more than the hook of a function, or of many in one page, takes.
    /// </summary>
    private const ulong Large = 64 * 1024;

    /// <summary>Frames from which on a stack may have been cut by the kernel, which writes 192 with its own.</summary>
    private const int DeepestWalk = 150;

    /// <summary>CONTEXT_DEBUG_REGISTERS of winnt.h, without the bits of the processor.</summary>
    private const uint DebugRegisters = 0x10;

    /// <summary>
    /// Functions of the platform that call back, so that a call made from there has no caller of its own: thread pool, timers, fibers, enumerations.
    /// Some are not exported, and known only where symbols are.
    /// </summary>
    private static readonly string[] Trampolines =
    [
        "TppWorkpExecuteCallback", "TppSimplepExecuteCallback", "TppTimerpExecuteCallback", "TppWaitpExecuteCallback", "TppIopExecuteCallback",
        "TppAlpcpExecuteCallback", "RtlpTpWorkCallback", "RtlpTpTimerCallback", "RtlpTpWaitCallback", "RtlUserFiberStart", "KiUserApcDispatcher",
        "EnumWindows", "EnumChildWindows", "EnumDesktopsW", "EnumThreadWindows", "EnumDateFormatsA", "EnumSystemLocalesA", "EnumSystemLocalesEx",
        "EnumResourceTypesW", "EnumUILanguagesW", "CallWindowProcW", "CertEnumSystemStore", "InitOnceExecuteOnce",
    ];

    /// <summary>Adds what the stack of an event says of it.</summary>
    /// <param name="e">The event.</param>
    /// <param name="facts">Knows the code of the frames; null when nobody does.</param>
    public static void AddOfStack(EndpointEvent e, ThreadFacts? facts)
    {
        CallStack stack = e.Thread.CallStack;
        TextList words = e.Api.Behaviors;
        if (stack.Count == 0 || stack[0].Module is not { } first || first == ModuleInfo.Unknown)
            return;
        bool isCall = !e.Api.Name.IsMissing;
        int caller = FirstOutsidePlatform(stack);
        ModuleInfo? responsible = caller < 0 ? null : stack[caller].Module;
        if (!IsSystemCallLibrary(first))
            words.Add("direct_syscall");
        else if (IsReachedThroughSystemCallsOnly(stack, caller))
            words.Add("native_api");
        // What takes symbols or the memory of the process is looked up for calls only.
        if (isCall)
        {
            if (IsReachedThroughTrampoline(stack, caller))
                words.Add("proxy_call");
            if (responsible == ModuleInfo.Unbacked)
                AddOfUnbacked(e, stack[caller]);
            AddOfFrames(stack, facts, words);
        }
        // Threads begin in the system-call library; the kernel walks no deeper than this.
        if (stack.Count < DeepestWalk && stack[stack.Count - 1].Module is { IsPseudo: false } last && !IsSystemCallLibrary(last))
            words.Add("truncated_stack");
    }

    /// <summary>Adds what a change of protection does.</summary>
    /// <param name="owner">Whose memory it is.</param>
    /// <param name="address">Where it begins.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="protection">The protection from now on.</param>
    /// <param name="before">The protection until now.</param>
    /// <param name="history">What was changed before.</param>
    /// <param name="words">Receives the words.</param>
    public static void AddOfProtection(
        EtwProcess owner, ulong address, ulong size, PageProtection protection, PageProtection before, ProtectionHistory history, TextList words)
    {
        ProtectionChanges changes = history.Change(owner.Info.Pid ?? 0, address, protection);
        if ((changes & ProtectionChanges.ExecutableAgain) != 0)
            words.Add("execute_fluctuation");
        if ((changes & ProtectionChanges.WritableAgain) != 0)
            words.Add("write_fluctuation");
        if (!before.IsExecutable() && !protection.IsExecutable())
            return;
        if (before.IsExecutable() && (protection & PageProtection.Guard) != 0)
            words.Add("guarded_code");
        else if (before.IsExecutable() && (protection & PageProtection.NoAccess) != 0)
            words.Add("hidden_code");
        words.Add((owner.Images.Find(address, out _) is null, size >= Large) switch
        {
            (false, false) => "hook_api",
            (false, true) => "hollow_image",
            (true, false) => "hook_unbacked",
            (true, true) => "hollow_unbacked",
        });
    }

    /// <summary>Adds what it means that a thread shall go on at an address.</summary>
    public static void AddOfControl(EndpointEvent e)
    {
        if (e.Api.Metadata.TargetAddressName == ModuleInfo.Unbacked.Name)
            e.Api.Behaviors.Add("execute_shellcode");
    }

    /// <summary>Adds what it means that a thread gets other registers.</summary>
    public static void AddOfContext(uint flags, EndpointEvent e)
    {
        if ((flags & DebugRegisters) != 0)
            e.Api.Behaviors.Add("hardware_breakpoint_set");
        AddOfControl(e);
    }

    /// <summary>Code of no image makes the call itself.</summary>
    private static void AddOfUnbacked(EndpointEvent e, CallStackFrame frame)
    {
        e.Api.Behaviors.Add("sensitive_api");
        // Code that a runtime compiled calls such functions, too.
        if (CompiledCode.IsCompiler(frame.ProtectionProvenance.Span))
            return;
        e.Api.Behaviors.Add("shellcode");
        if (e.Api.Parameters.Protection.Span.Contains('X') && e.Api.Parameters.ProtectionOld.IsMissing)
            e.Api.Behaviors.Add("allocate_shellcode");
    }

    private static void AddOfFrames(CallStack stack, ThreadFacts? facts, TextList words)
    {
        bool isImageWritable = false;
        bool isUnbackedWritable = false;
        bool isRop = false;
        bool isIndirect = false;
        bool isHooked = false;
        for (int i = 0; i < stack.Count; i++)
        {
            CallStackFrame frame = stack[i];
            if (frame.Module is not { } module || module == ModuleInfo.Unknown)
                continue;
            if (frame.Protection.Span.SequenceEqual("RWX"))
            {
                isImageWritable |= !module.IsPseudo;
                isUnbackedWritable |= module.IsPseudo;
            }
            isHooked |= !isHooked && module.IsPlatform && facts is not null && facts.IsHooked(frame);
            // The innermost frame is behind the system call itself.
            if (i == 0 || module.IsPseudo || frame.CallSiteLeadingBytes.IsMissing)
                continue;
            CallKind kind = CallSite.KindOf(frame.CallSiteLeadingBytes.Span);
            isRop |= kind == CallKind.None;
            isIndirect |= kind == CallKind.Indirect && !module.IsPlatform;
        }
        if (isImageWritable)
            words.Add("image_rwx");
        if (isUnbackedWritable)
            words.Add("unbacked_rwx");
        if (isHooked)
            words.Add("image_hooked");
        if (isRop)
            words.Add("image_rop");
        if (isIndirect)
            words.Add("image_indirect_call");
    }

    private static bool IsReachedThroughSystemCallsOnly(CallStack stack, int caller)
    {
        for (int i = 0; i < caller; i++)
        {
            if (stack[i].Module is not { } module || !IsSystemCallLibrary(module))
                return false;
        }
        return caller > 0;
    }

    private static bool IsReachedThroughTrampoline(CallStack stack, int caller)
    {
        int end = caller < 0 ? stack.Count : caller;
        for (int i = 1; i < end; i++)
        {
            ReadOnlySpan<char> symbol = stack[i].SymbolName.Span;
            if (symbol.IsEmpty)
                continue;
            foreach (string trampoline in Trampolines)
            {
                if (symbol.SequenceEqual(trampoline))
                    return true;
            }
        }
        return false;
    }

    private static int FirstOutsidePlatform(CallStack stack)
    {
        for (int i = 0; i < stack.Count; i++)
        {
            if (stack[i].Module is { IsPlatform: false } module && module != ModuleInfo.Unknown)
                return i;
        }
        return -1;
    }

    private static bool IsSystemCallLibrary(ModuleInfo module) =>
        module.IsPlatform && (module.Name.Span is "ntdll.dll" or "win32u.dll" || module.Name.Span.StartsWith("wow64", StringComparison.Ordinal));
}
