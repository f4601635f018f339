using CallStackRules.CallStacks;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Modules;

/// <summary>The images that are mapped into a process of Windows, or into its kernel: address to module. An image that is mapped over others takes their place.</summary>
internal sealed class ImageMap
{
    /// <summary>Images that are kept; more than any process has, so that made-up ones cannot fill the memory.</summary>
    private const int Capacity = 16 * 1024;

    private Image[] _images = [];
    private int _last;

    /// <summary>How many images are mapped.</summary>
    public int Count { get; private set; }

    /// <summary>Maps an image. One without length, or that would reach beyond the last address, changes nothing.</summary>
    /// <param name="start">First address.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="module">What frames in it show.</param>
    /// <param name="file">Which file it is; null when nobody asks.</param>
    /// <returns>False when there is no room for another.</returns>
    public bool Add(ulong start, ulong size, ModuleInfo module, ImageFile? file = null)
    {
        if (size == 0 || start + size < start)
            return true;
        // Those it reaches into are gone, whatever the trace lost of it.
        int from = FirstEndingBehind(start);
        int to = from;
        while (to < Count && _images[to].Start < start + size)
            to++;
        if (Count - (to - from) == Capacity)
            return false;
        Replace(from, to, new Image(start, size, module, file));
        return true;
    }

    /// <summary>Unmaps the image that begins at an address.</summary>
    public void Remove(ulong start)
    {
        int index = FirstEndingBehind(start);
        if (index < Count && _images[index].Start == start)
        {
            Array.Copy(_images, index + 1, _images, index, Count - index - 1);
            _images[--Count] = default;
        }
    }

    /// <summary>The module that an address is in, and the address's distance from its start; null when it is in none.</summary>
    public ModuleInfo? Find(ulong address, out ulong rva)
    {
        // Neighbouring frames are often in the same module.
        if (_last >= Count || !_images[_last].Contains(address))
        {
            int index = FirstEndingBehind(address);
            if (index == Count || !_images[index].Contains(address))
            {
                rva = 0;
                return null;
            }
            _last = index;
        }
        rva = address - _images[_last].Start;
        return _images[_last].Module;
    }

    /// <summary>The file of the image that an address is in; null when it is in none, or its file is not known.</summary>
    public ImageFile? FindFile(ulong address) => Find(address, out _) is null ? null : _images[_last].File;

    /// <summary>How many times a module is mapped.</summary>
    public int CountOf(ModuleInfo module)
    {
        int count = 0;
        foreach (ref readonly Image image in _images.AsSpan(0, Count))
            count += image.Module == module ? 1 : 0;
        return count;
    }

    /// <summary>Unmaps all images.</summary>
    public void Clear()
    {
        Array.Clear(_images, 0, Count);
        Count = 0;
    }

    private int FirstEndingBehind(ulong address)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_images[middle].Start + _images[middle].Size <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private void Replace(int from, int to, in Image image)
    {
        int count = Count - (to - from) + 1;
        if (count > _images.Length)
            Array.Resize(ref _images, Math.Max(16, count * 2));
        Array.Copy(_images, to, _images, from + 1, Count - to);
        if (count < Count)
            Array.Clear(_images, count, Count - count);
        _images[from] = image;
        Count = count;
    }

    private readonly record struct Image(ulong Start, ulong Size, ModuleInfo Module, ImageFile? File)
    {
        public bool Contains(ulong address) => address - Start < Size;
    }
}
