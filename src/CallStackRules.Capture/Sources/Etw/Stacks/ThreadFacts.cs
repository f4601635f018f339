using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Sources.Etw.Decoding;
using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Capture.Sources.Etw.Stacks;

/// <summary>What the system says of the frames of the thread of one event.</summary>
/// <param name="facts">Who is asked.</param>
internal sealed class ThreadFacts(ISystemFacts facts) : IFrameFacts
{
    /// <summary>Bytes of code before and behind an address, as the endpoint shows them.</summary>
    private const int CallSiteLength = 64;

    /// <summary>
    /// Bytes from the name of a frame to its address up to which the frame is taken to be in the function of that name: only exported functions have names, and what lies
    /// behind goes under the name of the last one.
    /// </summary>
    private const ulong LongestFunction = 0x400;

    private readonly byte[] _leading = new byte[CallSiteLength];
    private readonly byte[] _trailing = new byte[CallSiteLength];
    private EtwProcess? _process;
    private long _start;
    private long _time;

    /// <summary>Which of the facts are wanted.</summary>
    public required FrameFact Wanted { get; init; }

    /// <summary>Says whose thread it is from now on, and when.</summary>
    public void Begin(EtwProcess process, long timestamp)
    {
        _process = process;
        _start = process.StartTimestamp ?? 0;
        _time = timestamp;
    }

    /// <summary>The memory at an address; null when not known.</summary>
    public RegionFacts? Region(ulong address) => facts.Region(Ask(address));

    /// <summary>Whether the function that a frame is in begins with a jump out of its module: somebody has hooked it. False when it is not known.</summary>
    public bool IsHooked(CallStackFrame frame)
    {
        if (_process is null || frame.InstructionPointer is not { } pointer || frame.SymbolName.IsMissing || frame.SymbolOffset is 0 or > LongestFunction)
            return false;
        ulong start = (ulong)pointer - frame.SymbolOffset;
        Span<byte> code = stackalloc byte[CallSite.LongestJump];
        code = code[..facts.Read(Ask(start), code)];
        return CallSite.JumpTarget(code, start) is { } target && _process.Images.Find(target, out _) != frame.Module;
    }

    /// <inheritdoc/>
    public void Describe(CallStackFrame frame, FrameFact fact)
    {
        if (_process is null || frame.InstructionPointer is not { } pointer)
            return;
        var address = (ulong)pointer;
        switch (fact)
        {
            case FrameFact.Protection:
                // What code usually has is left out.
                if (Region(address)?.Protection.Text() is { } protection and not "R-X")
                    frame.Protection = protection;
                break;
            case FrameFact.PrivateBytes:
                if (facts.PrivateBytes(Ask(address)) is { } bytes)
                    frame.AllocationPrivateBytes = bytes;
                break;
            case FrameFact.CallSite:
                int leading = address < CallSiteLength ? 0 : facts.Read(Ask(address - CallSiteLength), _leading);
                // What was not read to its end does not reach the call.
                frame.SetCallSite(leading == CallSiteLength ? _leading : [], _trailing.AsSpan(0, facts.Read(Ask(address), _trailing)));
                break;
            case FrameFact.File:
                _process.Images.FindFile(address)?.Describe();
                break;
        }
    }

    private MemoryQuestion Ask(ulong address) => new((int)(_process!.Info.Pid ?? 0), _start, address, _time);
}
