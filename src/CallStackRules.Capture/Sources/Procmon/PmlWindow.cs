namespace CallStackRules.Capture.Sources.Procmon;

/// <summary>A part of a log in memory that moves along with what is read. What was handed out is valid until the next read.</summary>
/// <param name="bytes">The log.</param>
/// <param name="size">Bytes held; more when one piece is longer.</param>
internal sealed class PmlWindow(PmlBytes bytes, int size)
{
    /// <summary>The longest piece that is read: an event with its stack and details is far shorter.</summary>
    public const int LongestPiece = 16 * 1024 * 1024;

    private byte[] _buffer = new byte[size];
    private long _start;
    private int _length;

    /// <summary>A piece of the log.</summary>
    /// <exception cref="InvalidDataException">The log does not have all of it, or it is longer than allowed.</exception>
    public ReadOnlySpan<byte> Read(long offset, long length)
    {
        if (offset < 0 || length < 0 || length > LongestPiece || offset > bytes.Length - length)
            throw bytes.Damage(offset, $"{length} bytes are expected here, but the file has {bytes.Length}; it is cut off or damaged.");
        if (offset < _start || offset + length > _start + _length)
            Move(offset, (int)length);
        return _buffer.AsSpan((int)(offset - _start), (int)length);
    }

    private void Move(long offset, int length)
    {
        if (length > _buffer.Length)
            _buffer = new byte[length];
        _start = offset;
        _length = bytes.Read(offset, _buffer);
        if (_length < length)
            throw bytes.Damage(offset, "the file has become shorter while it was read.");
    }
}
