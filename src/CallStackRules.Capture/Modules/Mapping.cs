namespace CallStackRules.Capture.Modules;

/// <summary>What may be done with the pages of a mapping, as in mmap(2).</summary>
[Flags]
internal enum PageProtection : byte
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>PROT_READ.</summary>
    Read = 1,
    /// <summary>PROT_WRITE.</summary>
    Write = 2,
    /// <summary>PROT_EXEC.</summary>
    Execute = 4,
}

/// <summary>A range of a process's addresses with one file or none behind it.</summary>
/// <param name="Start">First address.</param>
/// <param name="End">The address behind the last.</param>
/// <param name="FileOffset">Where in the file the range begins.</param>
/// <param name="Protection">What may be done with it.</param>
/// <param name="File">The file; null for anonymous memory.</param>
internal readonly record struct Mapping(ulong Start, ulong End, ulong FileOffset, PageProtection Protection, MappedFile? File)
{
    /// <summary>The file whose code last made the range executable; null when that was not seen, or was itself code without a file.</summary>
    public MappedFile? Provenance { get; init; }

    /// <summary>Whether the protection of a file's pages was changed after they were mapped: what it takes to patch code.</summary>
    public bool IsReprotected { get; init; }

    /// <summary>Whether an address is in the range.</summary>
    public bool Contains(ulong address) => address >= Start && address < End;
}
