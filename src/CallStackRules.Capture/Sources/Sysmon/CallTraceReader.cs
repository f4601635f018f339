using System.Globalization;

namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>What one part of a CallTrace is.</summary>
internal enum CallTracePartKind
{
    /// <summary>An offset in a module: <c>C:\Windows\System32\ntdll.dll+9c584</c>.</summary>
    Module,
    /// <summary>An address in no module: <c>UNKNOWN(00007FF81A2B3C4D)</c>.</summary>
    Unbacked,
    /// <summary>Neither of these.</summary>
    Malformed,
}

/// <summary>
/// The parts of a Sysmon CallTrace, innermost first: <c>module+offset|module+offset(wow64)|UNKNOWN(address)</c>, offsets and addresses in hexadecimal.
/// </summary>
/// <remarks>
/// An address of the kernel ends the trace: what follows is not the user's stack, and Explorer would otherwise look injected.
/// </remarks>
internal ref struct CallTraceReader(ReadOnlySpan<char> trace)
{
    private const ulong FirstKernelAddress = 0x8000_0000_0000_0000;
    private const int MaxHexDigits = 16;

    private ReadOnlySpan<char> _rest = trace;

    /// <summary>The kind of the current part.</summary>
    public CallTracePartKind Kind { get; private set; }

    /// <summary>The current part's module as written, for <see cref="CallTracePartKind.Module"/>.</summary>
    public ReadOnlySpan<char> ModulePath { get; private set; }

    /// <summary>The offset in the module, or the address when unbacked.</summary>
    public ulong Value { get; private set; }

    /// <summary>Goes to the next part.</summary>
    public bool Read()
    {
        if (_rest.IsEmpty)
            return false;
        int end = _rest.IndexOf('|');
        ReadOnlySpan<char> part = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        if (part.EndsWith("(wow64)"))
            part = part[..^"(wow64)".Length];

        if (part.StartsWith("UNKNOWN(") && part[^1] == ')')
        {
            Set(CallTracePartKind.Unbacked, default, part["UNKNOWN(".Length..^1]);
            if (Kind == CallTracePartKind.Unbacked && Value >= FirstKernelAddress)
            {
                _rest = default;
                return false;
            }
            return true;
        }
        int plus = part.LastIndexOf('+');
        if (plus > 0)
            Set(CallTracePartKind.Module, part[..plus], part[(plus + 1)..]);
        else
            Set(CallTracePartKind.Malformed, default, default);
        return true;
    }

    private void Set(CallTracePartKind kind, ReadOnlySpan<char> modulePath, ReadOnlySpan<char> hex)
    {
        bool valid = ulong.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value) && hex.Length <= MaxHexDigits;
        Kind = valid ? kind : CallTracePartKind.Malformed;
        ModulePath = valid ? modulePath : default;
        Value = valid ? value : 0;
    }
}
