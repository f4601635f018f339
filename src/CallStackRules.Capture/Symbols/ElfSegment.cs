namespace CallStackRules.Capture.Symbols;

/// <summary>A part of an ELF file that is loaded: a program header of type PT_LOAD.</summary>
/// <param name="FileOffset">p_offset: first byte in the file.</param>
/// <param name="Address">p_vaddr: virtual address of that byte, before the file is moved to where it is loaded.</param>
/// <param name="FileSize">p_filesz: bytes in the file.</param>
/// <param name="IsExecutable">PF_X.</param>
/// <param name="IsWritable">PF_W.</param>
public readonly record struct ElfSegment(ulong FileOffset, ulong Address, ulong FileSize, bool IsExecutable, bool IsWritable);
