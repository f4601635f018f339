using CallStackRules.Capture.Memory;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <content>Calls that get at what is typed.</content>
internal sealed partial class EtwDecoder
{
    private string? DecodeInputCall(in RawEvent raw, ref PayloadReader payload, long time, EndpointEvent e) => raw.Id switch
    {
        InputCalls.RegisterRawInputDevices => DecodeRawInput(raw, ref payload, time, e),
        InputCalls.SetWindowsHook => DecodeHook(raw, ref payload, time, e),
        _ => DecodeKeyState(raw, ref payload, time, e),
    };

    /// <summary>
    /// u32 result; later also u16 page, u16 usage, u32 flags, pointer window, pointer start of the thread, FILETIME its beginning, u32 thread, u32 windows, u32 visible windows, u64
    /// flags of the thread, u32 process, FILETIME its beginning, u64 its number, path of the image the thread began in, u32 result of looking, pointer start of that memory, u32
    /// protection it was made with, and more about it.
    /// </summary>
    private string? DecodeRawInput(in RawEvent raw, ref PayloadReader payload, long time, EndpointEvent e)
    {
        uint result = payload.U32();
        if (payload.IsDamaged || !FillActor(raw, time, e))
            return NoProcess;
        WriteCall("RegisterRawInputDevices", "change", e);
        WriteSuccess(result, e);
        if (!payload.Rest.IsEmpty)
        {
            ushort page = payload.U16();
            ushort usage = payload.U16();
            e.Api.Parameters.UsagePage = InputCalls.PageOf(page);
            e.Api.Parameters.Usage = page == InputCalls.GenericPage ? InputCalls.UsageOf(usage) : null;
            uint flags = payload.U32();
            if (flags != 0)
                e.Api.Parameters.Flags = e.Buffer.Commit(InputCalls.WriteFlags(flags, e.Buffer.Reserve(InputCalls.LongestFlags)));
            payload.SkipPointers(2);
            payload.Skip(12);
            e.Api.Metadata.WindowsCount = payload.U32();
            e.Api.Metadata.VisibleWindowsCount = payload.U32();
            e.Api.Metadata.ThreadInfoFlags = (long)payload.U64();
            payload.Skip(20);
            e.Api.Metadata.StartAddressModule = _paths.Resolve(payload.Text(), e.Buffer);
            bool isKnown = payload.U32() == 0;
            payload.SkipPointers(1);
            var protection = (PageProtection)payload.U32();
            e.Api.Metadata.StartAddressAllocationProtection = isKnown ? protection.Text() : null;
        }
        e.Api.Summary = Summarize(e);
        return null;
    }

    /// <summary>i32 kind, path of the library with the routine, pointer library, pointer routine, u32 the hook, 0 when there is none.</summary>
    private string? DecodeHook(in RawEvent raw, ref PayloadReader payload, long time, EndpointEvent e)
    {
        // The manifest's macros write this where there is no text.
        const string noText = "NULL";
        var kind = (int)payload.U32();
        ReadOnlySpan<char> library = payload.Text();
        payload.SkipPointers(1);
        ulong routine = payload.Pointer();
        uint hook = payload.U32();
        if (payload.IsDamaged || processes.Of(raw, time) is not { } process || !FillActor(raw, time, e))
            return NoProcess;
        WriteCall("SetWindowsHookEx", "change", e);
        WriteSuccess(hook, e);
        e.Api.Parameters.HookType = InputCalls.HookOf(kind);
        e.Api.Parameters.HookModule = library.IsEmpty || library.SequenceEqual(noText) ? "null" : processes.Modules.Get(_paths.Resolve(library, e.Buffer).Span).Path;
        e.Api.Parameters.Procedure = (long)routine;
        e.Api.Metadata.ProcedureSymbol = NameOf(process, routine, isExecutable: true, out _);
        e.Api.Summary = Summarize(e);
        return null;
    }

    /// <summary>
    /// u32 process, u32 milliseconds since a key was pressed, u32 calls since then: written when a key is pressed and there was more than a call a millisecond. The thread that finds this
    /// out may be another process's; then there is no stack to show.
    /// </summary>
    private string? DecodeKeyState(in RawEvent raw, ref PayloadReader payload, long time, EndpointEvent e)
    {
        var pid = (int)payload.U32();
        uint milliseconds = payload.U32();
        uint calls = payload.U32();
        if (payload.IsDamaged || pid <= 0)
            return NoProcess;
        if (pid != raw.ProcessId)
            e.Process = processes.GetOrAdd(pid, time).Info;
        else
            FillActor(raw, time, e);
        WriteCall("GetAsyncKeyState", "access", e);
        e.Api.Metadata.MillisecondsSinceLastKeyEvent = milliseconds;
        e.Api.Metadata.BackgroundCallCount = calls;
        e.Api.Summary = Summarize(e);
        return null;
    }

    /// <summary>Writes what a function of windows returns: 0 when it has failed.</summary>
    private static void WriteSuccess(uint result, EndpointEvent e)
    {
        e.Api.Metadata.ReturnValue = result;
        if (result == 0)
            e.Event.Outcome = "failure";
    }
}
