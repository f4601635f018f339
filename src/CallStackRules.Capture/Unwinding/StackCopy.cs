using System.Buffers.Binary;

namespace CallStackRules.Capture.Unwinding;

/// <summary>A copy of the top of a thread's stack.</summary>
/// <param name="bytes">From the stack pointer upwards.</param>
/// <param name="start">The stack pointer.</param>
internal readonly ref struct StackCopy(ReadOnlySpan<byte> bytes, ulong start)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The address of the first byte.</summary>
    public ulong Start { get; } = start;

    /// <summary>The address behind the last byte.</summary>
    public ulong End => Start + (ulong)_bytes.Length;

    /// <summary>Reads 8 bytes; false outside the copy.</summary>
    public bool TryRead(ulong address, out ulong value)
    {
        ulong offset = address - Start;
        if (_bytes.Length < 8 || offset > (ulong)(_bytes.Length - 8))
        {
            value = 0;
            return false;
        }
        value = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[(int)offset..]);
        return true;
    }
}
