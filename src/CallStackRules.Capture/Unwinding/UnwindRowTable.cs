using System.Runtime.CompilerServices;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Unwinding;

/// <summary>Rows that were worked out, found by image and address. Each has one place, which the next row that belongs there takes over.</summary>
internal sealed class UnwindRowTable
{
    private const int Bits = 15;

    private readonly CompactRow[] _rows = new CompactRow[1 << Bits];

    /// <summary>Rows that had to be worked out.</summary>
    public long Misses { get; private set; }

    /// <summary>The row for an address of an image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly CompactRow Get(ElfImage image, ulong address)
    {
        ref CompactRow row = ref _rows[Place(image.Id, address)];
        if (row.Address != address || row.Image != image.Id)
            WorkOut(image, address, ref row);
        return ref row;
    }

    // Multiplying by 2^64 / golden ratio spreads addresses over the high bits.
    private static int Place(uint image, ulong address) => (int)(((address ^ ((ulong)image << 40)) * 0x9E3779B97F4A7C15) >> (64 - Bits));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WorkOut(ElfImage image, ulong address, ref CompactRow row)
    {
        Misses++;
        row = new CompactRow { Address = address, Image = image.Id };
        if (image.CallFrames is { } frames && frames.TryFindRow(address, out UnwindRow rules))
            row.Set(rules);
        else
            row.Kind = CompactRowKind.None;
    }
}
