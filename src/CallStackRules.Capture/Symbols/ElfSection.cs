using System.Buffers.Binary;

namespace CallStackRules.Capture.Symbols;

/// <summary>A section header.</summary>
/// <param name="Name">Offset of the name in the table of section names.</param>
/// <param name="Type">sh_type.</param>
/// <param name="Address">sh_addr: virtual address.</param>
/// <param name="Offset">sh_offset: first byte in the file.</param>
/// <param name="Size">sh_size: bytes in the file.</param>
/// <param name="Link">sh_link: for symbols, the section with their names.</param>
internal readonly record struct ElfSection(uint Name, uint Type, ulong Address, ulong Offset, ulong Size, uint Link)
{
    /// <summary>SHT_SYMTAB: all symbols.</summary>
    public const uint SymbolTable = 2;

    /// <summary>SHT_DYNSYM: the symbols that dynamic linking needs.</summary>
    public const uint DynamicSymbols = 11;

    // Elf64_Shdr: sh_name u32 at 0, sh_type u32 at 4, sh_addr u64 at 16, sh_offset u64 at 24, sh_size u64 at 32, sh_link u32 at 40.
    /// <summary>Reads a header of 64 bytes.</summary>
    public static ElfSection Read(ReadOnlySpan<byte> header) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(header), BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
        BinaryPrimitives.ReadUInt64LittleEndian(header[16..]), BinaryPrimitives.ReadUInt64LittleEndian(header[24..]),
        BinaryPrimitives.ReadUInt64LittleEndian(header[32..]), BinaryPrimitives.ReadUInt32LittleEndian(header[40..]));
}
