using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Unwinding;

/// <summary>Rows that were worked out, by image and address; a new one takes the place of whatever was in its slot.</summary>
internal sealed class UnwindRowTable
{
    private const int Bits = 15;

    private readonly Slot[] _slots = new Slot[1 << Bits];

    /// <summary>The row for an address, worked out when it is not there. Allocates nothing.</summary>
    /// <param name="image">The file.</param>
    /// <param name="frames">Its unwind information.</param>
    /// <param name="address">The address as the file counts.</param>
    public ref readonly UnwindRow Get(ElfImage image, CallFrameInformation frames, ulong address)
    {
        // Fibonacci hashing: addresses of one file differ in low bits, files in their number.
        ulong hash = (address ^ ((ulong)image.Id << 40)) * 0x9e3779b97f4a7c15;
        ref Slot slot = ref _slots[hash >> (64 - Bits)];
        if (slot.Image != image.Id || slot.Address != address)
        {
            frames.Find(address, out slot.Row);
            slot.Image = image.Id;
            slot.Address = address;
        }
        return ref slot.Row;
    }

    private struct Slot
    {
        public int Image;
        public ulong Address;
        public UnwindRow Row;
    }
}
