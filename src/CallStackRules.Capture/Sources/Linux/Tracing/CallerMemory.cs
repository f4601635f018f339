using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Interop;

namespace CallStackRules.Capture.Sources.Linux.Tracing;

/// <summary>
/// The memory of a thread that made a call, looked at later: the copy of its stack, which is of the moment of the call, constants of mapped files, which stay as they are,
/// and for the rest the process as it is now. That may be gone, run another program, or have written something else there.
/// </summary>
/// <param name="pid">The process; 0 when it is not to be believed.</param>
/// <param name="space">The files it had mapped then.</param>
/// <param name="stackPointer">The address of the copy's first byte.</param>
/// <param name="stack">The copy.</param>
internal readonly ref struct CallerMemory(int pid, AddressSpace? space, ulong stackPointer, ReadOnlySpan<byte> stack)
{
    private const int PageSize = 4096;

    private readonly ReadOnlySpan<byte> _stack = stack;

    /// <summary>Reads a number of bytes.</summary>
    public bool TryRead(ulong address, Span<byte> into)
    {
        ReadOnlySpan<byte> copied = Copied(address);
        if (copied.Length >= into.Length)
        {
            copied[..into.Length].CopyTo(into);
            return true;
        }
        return LinuxSystem.ReadMemory(pid, address, into) == into.Length;
    }

    /// <summary>Reads a text up to its closing zero.</summary>
    /// <param name="address">Where it begins.</param>
    /// <param name="into">Receives it.</param>
    /// <param name="isReadLater">Set when it is what the process has there now.</param>
    /// <returns>Bytes of it, closing zero included; 0 when it cannot be read, or is longer than there is room.</returns>
    public int ReadText(ulong address, Span<byte> into, ref bool isReadLater)
    {
        ReadOnlySpan<byte> copied = Copied(address);
        int end = copied[..Math.Min(copied.Length, into.Length)].IndexOf((byte)0);
        if (end >= 0)
        {
            copied[..(end + 1)].CopyTo(into);
            return end + 1;
        }
        end = into[..(space?.ReadConstant(address, into) ?? 0)].IndexOf((byte)0);
        if (end >= 0)
            return end + 1;
        isReadLater = true;
        int length = 0;
        while (length < into.Length)
        {
            // Page by page: a text may be the last thing that is mapped.
            ulong place = address + (ulong)length;
            Span<byte> piece = into.Slice(length, Math.Min(into.Length - length, PageSize - (int)(place % PageSize)));
            if (address == 0 || LinuxSystem.ReadMemory(pid, place, piece) != piece.Length)
                return 0;
            end = piece.IndexOf((byte)0);
            if (end >= 0)
                return length + end + 1;
            length += piece.Length;
        }
        return 0;
    }

    private ReadOnlySpan<byte> Copied(ulong address)
    {
        ulong offset = address - stackPointer;
        return offset < (ulong)_stack.Length ? _stack[(int)offset..] : default;
    }
}
