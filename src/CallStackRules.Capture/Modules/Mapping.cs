using CallStackRules.CallStacks;

namespace CallStackRules.Capture.Modules;

/// <summary>One range of a process's addresses and what is there.</summary>
/// <param name="Start">First address.</param>
/// <param name="End">Address behind the last.</param>
/// <param name="FileOffset">Offset in the file, in bytes, of <paramref name="Start"/>: <c>pgoff</c> of a perf record, the third column of
/// <c>/proc/PID/maps</c>.</param>
/// <param name="Protection">What the range may be used for.</param>
/// <param name="Use">What the kernel calls it.</param>
/// <param name="File">The file; null for memory without one.</param>
public readonly record struct Mapping(ulong Start, ulong End, ulong FileOffset, MemoryProtection Protection, MemoryUse Use, MappedFile? File)
{
    /// <summary>The file whose code last made the range executable; null when that was not seen, or was itself code without a file.</summary>
    public MappedFile? Provenance { get; init; }

    /// <summary>
    /// Whose code changed the protection of a file's pages after they were mapped: <see cref="ModuleInfo.Unbacked"/> for code without a file; null when that was not seen.
    /// </summary>
    public ModuleInfo? ProtectedBy { get; init; }

    /// <summary>Whether the protection of a file's pages was changed after they were mapped: what it takes to patch code.</summary>
    public bool IsReprotected { get; init; }

    /// <summary>Whether code can run here.</summary>
    public bool IsExecutable => (Protection & MemoryProtection.Execute) != 0;

    /// <summary>Whether the address is in the range.</summary>
    public bool Contains(ulong address) => address >= Start && address < End;

    /// <summary>The offset in the file of an address in the range.</summary>
    public ulong FileOffsetOf(ulong address) => address - Start + FileOffset;

    /// <summary>The part of this range from one address up to another, which must be in it.</summary>
    internal Mapping Part(ulong start, ulong end) => this with { Start = start, End = end, FileOffset = FileOffsetOf(start) };
}
