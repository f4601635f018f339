using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace CallStackRules.Capture.Unwinding;

/// <summary>A copy of the part of a thread's stack that begins at an address.</summary>
internal readonly ref struct StackCopy(ReadOnlySpan<byte> bytes, ulong start)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly ulong _start = start;

    /// <summary>Address behind the last byte.</summary>
    public ulong End => _start + (ulong)_bytes.Length;

    /// <summary>Reads 8 bytes; false when not all of them were copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ulong address, out ulong value)
    {
        ulong offset = address - _start;
        if (offset < (ulong)_bytes.Length)
            return BinaryPrimitives.TryReadUInt64LittleEndian(_bytes[(int)offset..], out value);
        value = 0;
        return false;
    }

    /// <summary>Reads 1 to 8 bytes as an unsigned number.</summary>
    public bool TryRead(ulong address, int size, out ulong value)
    {
        value = 0;
        ulong offset = address - _start;
        if (offset >= (ulong)_bytes.Length || size is < 1 or > 8 || (ulong)_bytes.Length - offset < (ulong)size)
            return false;
        for (int i = size - 1; i >= 0; i--)
            value = (value << 8) | _bytes[(int)offset + i];
        return true;
    }
}
