namespace CallStackRules.Capture.Memory;

/// <summary>A range of pages with the same state, protection and type.</summary>
/// <remarks>Source: MEMORY_BASIC_INFORMATION of winnt.h.</remarks>
public sealed record RegionFacts
{
    /// <summary>First address of the range.</summary>
    public required ulong Base { get; init; }

    /// <summary>Bytes of the range.</summary>
    public required ulong Size { get; init; }

    /// <summary>First address of the allocation that the range is part of.</summary>
    public required ulong AllocationBase { get; init; }

    /// <summary>Protection that the allocation was made with.</summary>
    public PageProtection AllocationProtection { get; init; }

    /// <summary>Protection of the pages now.</summary>
    public PageProtection Protection { get; init; }

    /// <summary>Whether there is memory behind the addresses.</summary>
    public RegionState State { get; init; }

    /// <summary>What the pages come from; <see cref="RegionType.None"/> when they are free.</summary>
    public RegionType Type { get; init; }

    /// <summary>Path of the file that is mapped (GetMappedFileName), as the kernel writes it; null for private memory or when not known.</summary>
    public string? MappedPath { get; init; }

    /// <summary>Whether an address lies in the range.</summary>
    public bool Contains(ulong address) => address - Base < Size;
}

/// <summary>Whether there is memory behind addresses. The values are those of MEM_* in winnt.h.</summary>
public enum RegionState
{
    /// <summary>Not known.</summary>
    None = 0,
    /// <summary>There is memory.</summary>
    Commit = 0x1000,
    /// <summary>Only the addresses are taken.</summary>
    Reserve = 0x2000,
    /// <summary>Nothing is there.</summary>
    Free = 0x10000,
}

/// <summary>What pages come from. The values are those of MEM_* in winnt.h.</summary>
public enum RegionType
{
    /// <summary>Nothing is there.</summary>
    None = 0,
    /// <summary>Memory of the process's own: code in it is unbacked.</summary>
    Private = 0x20000,
    /// <summary>A file or shared memory that is mapped as data: code in it is unbacked.</summary>
    Mapped = 0x40000,
    /// <summary>A file that is mapped as a program or library.</summary>
    Image = 0x1000000,
}
