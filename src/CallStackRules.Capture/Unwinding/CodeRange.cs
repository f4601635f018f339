using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Unwinding;

/// <summary>A range of executable addresses.</summary>
internal struct CodeRange
{
    /// <summary>First address.</summary>
    public ulong Start;

    /// <summary>Where in its file the range begins.</summary>
    public ulong FileOffset;

    /// <summary>The file; null when there is none, or it is no ELF file.</summary>
    public ElfImage? Image;
}

/// <summary>Knows what is executable in a process.</summary>
internal interface ICodeMap
{
    /// <summary>Finds the range of an address; false when nothing executable is there.</summary>
    bool TryFind(ulong address, out CodeRange range);
}
