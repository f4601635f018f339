using System.Buffers.Binary;

namespace CallStackRules.Capture.Sources.Linux.Interop;

/// <summary>What statx(2) says of a file, as far as capture asks.</summary>
/// <param name="BirthNanoseconds">When it was created, in nanoseconds since 1970; 0 when the file system does not say.</param>
internal readonly record struct FileTimes(long BirthNanoseconds)
{
    // struct statx: stx_mask at 0; stx_btime {s64 seconds, u32 nanoseconds} at 80.
    private const uint BirthMask = 0x800;

    public static FileTimes Read(ReadOnlySpan<byte> statx) =>
        (BinaryPrimitives.ReadUInt32LittleEndian(statx) & BirthMask) == 0
            ? default
            : new FileTimes((BinaryPrimitives.ReadInt64LittleEndian(statx[80..]) * 1_000_000_000) + BinaryPrimitives.ReadUInt32LittleEndian(statx[88..]));
}
