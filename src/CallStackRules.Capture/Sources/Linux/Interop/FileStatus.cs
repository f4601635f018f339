using System.Buffers.Binary;
using CallStackRules.Capture.Modules;

namespace CallStackRules.Capture.Sources.Linux.Interop;

/// <summary>What statx(2) says of a file, as far as capture asks.</summary>
/// <param name="Identity">Which file it is.</param>
/// <param name="IsRegular">Whether it is a file and no folder, pipe or device.</param>
/// <param name="Size">Bytes of its content.</param>
/// <param name="ChangedNanoseconds">When its content or anything else of it was last changed, in nanoseconds since 1970. Unlike the time of writing, nobody can set it.</param>
/// <param name="BirthNanoseconds">When it was created, in nanoseconds since 1970; 0 when the file system does not say.</param>
internal readonly record struct FileStatus(FileIdentity Identity, bool IsRegular, long Size, long ChangedNanoseconds, long BirthNanoseconds)
{
    // struct statx: stx_mask at 0; u16 stx_mode at 28; u64 stx_ino at 32; u64 stx_size at 40; stx_btime at 80 and stx_ctime at 96, {s64 seconds, u32 nanoseconds};
    // u32 stx_dev_major at 136, u32 stx_dev_minor at 140.
    private const uint BirthMask = 0x800;
    private const int TypeOfFile = 0xf000;
    private const int RegularFile = 0x8000;

    public static FileStatus Read(ReadOnlySpan<byte> statx) => new(
        new FileIdentity(
            BinaryPrimitives.ReadUInt32LittleEndian(statx[136..]), BinaryPrimitives.ReadUInt32LittleEndian(statx[140..]), BinaryPrimitives.ReadUInt64LittleEndian(statx[32..])),
        (BinaryPrimitives.ReadUInt16LittleEndian(statx[28..]) & TypeOfFile) == RegularFile,
        BinaryPrimitives.ReadInt64LittleEndian(statx[40..]),
        NanosecondsAt(statx[96..]),
        (BinaryPrimitives.ReadUInt32LittleEndian(statx) & BirthMask) == 0 ? 0 : NanosecondsAt(statx[80..]));

    private static long NanosecondsAt(ReadOnlySpan<byte> time) => (BinaryPrimitives.ReadInt64LittleEndian(time) * 1_000_000_000) + BinaryPrimitives.ReadUInt32LittleEndian(time[8..]);
}
