using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>A range of memory pages that an event or a thread's start points to.</summary>
public sealed class MemoryRegion : IClearable
{
    /// <summary>Address where the allocation begins.</summary>
    [EqlField("allocation_base")]
    public long? AllocationBase { get; set; }

    /// <summary>Protection the allocation was made with.</summary>
    [EqlField("allocation_protection")]
    public Text AllocationProtection { get; set; }

    /// <summary>Size of the allocation in bytes.</summary>
    [EqlField("allocation_size")]
    public long? AllocationSize { get; set; }

    /// <summary><c>PRIVATE</c>, <c>MAPPED</c> or <c>IMAGE</c>.</summary>
    [EqlField("allocation_type")]
    public Text AllocationType { get; set; }

    /// <summary>Address of the bytes that were recorded.</summary>
    [EqlField("bytes_address")]
    public long? BytesAddress { get; set; }

    /// <summary>Offset of the recorded bytes in the allocation.</summary>
    [EqlField("bytes_allocation_offset")]
    public long? BytesAllocationOffset { get; set; }

    /// <summary>The recorded bytes, compressed, in base64.</summary>
    [EqlField("bytes_compressed")]
    public Text BytesCompressed { get; set; }

    /// <summary>Whether bytes were recorded.</summary>
    [EqlField("bytes_compressed_present")]
    public bool? BytesCompressedPresent { get; set; }

    /// <summary>File that the region maps.</summary>
    [EqlField("mapped_path")]
    public Text MappedPath { get; set; }

    /// <summary>Whether the region looks like an executable file.</summary>
    [EqlField("memory_pe_detected")]
    public bool? MemoryPeDetected { get; set; }

    /// <summary>Address where the region begins.</summary>
    [EqlField("region_base")]
    public long? RegionBase { get; set; }

    /// <summary>Protection of the region's pages.</summary>
    [EqlField("region_protection")]
    public Text RegionProtection { get; set; }

    /// <summary>Size of the region in bytes.</summary>
    [EqlField("region_size")]
    public long? RegionSize { get; set; }

    /// <summary><c>COMMIT</c>, <c>RESERVE</c> or <c>FREE</c>.</summary>
    [EqlField("region_state")]
    public Text RegionState { get; set; }

    /// <summary>Number of bytes recorded from the region's start.</summary>
    [EqlField("region_start_bytes")]
    public long? RegionStartBytes { get; set; }

    /// <summary>Strings found in the region.</summary>
    [EqlField("strings")]
    public TextList Strings { get; } = new();

    /// <summary>Digests of the recorded bytes.</summary>
    [EqlField("hash")]
    public FileHashes Hash { get; } = new();

    /// <inheritdoc/>
    public void Clear()
    {
        AllocationBase = null;
        AllocationProtection = default;
        AllocationSize = null;
        AllocationType = default;
        BytesAddress = null;
        BytesAllocationOffset = null;
        BytesCompressed = default;
        BytesCompressedPresent = null;
        MappedPath = default;
        MemoryPeDetected = null;
        RegionBase = null;
        RegionProtection = default;
        RegionSize = null;
        RegionState = default;
        RegionStartBytes = null;
        Strings.Clear();
        Hash.Clear();
    }
}
