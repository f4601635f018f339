using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Symbols;

/// <summary>The bytes of an ELF file, copied out piece by piece.</summary>
/// <remarks>
/// The file belongs to whom we watch and can shrink at any time. Mapping it would mean a SIGBUS on the next touch, so it is never mapped: every piece is read
/// into memory of our own, and a file that gives less than asked for has no such piece.
/// </remarks>
internal sealed class ElfBytes
{
    private readonly SafeFileHandle? _file;
    private readonly byte[]? _bytes;
    private readonly ImageBudget? _budget;

    /// <summary>The bytes of an open file, which this owns from now on.</summary>
    public ElfBytes(SafeFileHandle file, ImageBudget? budget) => (_file, _budget) = (file, budget);

    /// <summary>Bytes in memory.</summary>
    public ElfBytes(byte[] bytes) => _bytes = bytes;

    /// <summary>A copy of a piece; null when the file does not have all of it, or it is longer than allowed.</summary>
    /// <param name="offset">Offset in the file.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="most">Most bytes allowed.</param>
    public byte[]? Read(ulong offset, ulong length, int most)
    {
        if (length > (ulong)most || offset > long.MaxValue - length || offset + length > (ulong)Length())
            return null;
        if (_bytes is not null)
            return _bytes.AsSpan((int)offset, (int)length).ToArray();
        var piece = new byte[(int)length];
        if (!TryFill(piece, (long)offset))
            return null;
        _budget?.Charge(piece.Length);
        return piece;
    }

    /// <summary>Copies a piece; false when the file does not have all of it.</summary>
    /// <param name="offset">Offset in the file.</param>
    /// <param name="piece">Receives it.</param>
    public bool TryRead(ulong offset, Span<byte> piece)
    {
        if (offset > long.MaxValue - (ulong)piece.Length)
            return false;
        if (_bytes is null)
            return TryFill(piece, (long)offset);
        if (offset + (ulong)piece.Length > (ulong)_bytes.Length)
            return false;
        _bytes.AsSpan((int)offset, piece.Length).CopyTo(piece);
        return true;
    }

    private long Length()
    {
        try
        {
            return _bytes?.Length ?? RandomAccess.GetLength(_file!);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private bool TryFill(Span<byte> piece, long offset)
    {
        try
        {
            while (!piece.IsEmpty)
            {
                int read = RandomAccess.Read(_file!, piece, offset);
                if (read == 0)
                    return false;
                piece = piece[read..];
                offset += read;
            }
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
