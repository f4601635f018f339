using System.Buffers.Binary;
using System.Text;
using CallStackRules.Capture.Sources.Linux.Interop;

namespace CallStackRules.Capture.Sources.Linux.Processes;

/// <summary>
/// The stack a program begins with: number of arguments, their addresses, 0, addresses of the environment, 0, and pairs of numbers that the kernel tells it, up to 0
/// (System V ABI for AMD64, figure 3.9). The texts lie behind. Of a 32-bit program all numbers and addresses have 4 bytes (System V ABI for Intel386, figure 2.3).
/// </summary>
internal sealed class InitialStack
{
    private const int MostArguments = 4096;
    private const int MostCharacters = 128 * 1024;
    private const int LongestText = 32 * 1024;

    /// <summary>The kernel lets arguments and environment have some megabytes of text; this is room for the addresses of 256 Ki of them.</summary>
    private const int MostAddressBytes = 2 * 1024 * 1024;
    private const int PageSize = 4096;

    // Kinds of the pairs, include/uapi/linux/auxvec.h.
    private const ulong KindUser = 11;
    private const ulong KindEffectiveUser = 12;
    private const ulong KindGroup = 13;
    private const ulong KindEffectiveGroup = 14;

    private readonly byte[] _text = new byte[LongestText];
    private byte[] _longer = [];
    private int _wordSize;

    /// <summary>The arguments, the program's name first.</summary>
    public List<string> Arguments { get; } = [];

    /// <summary>How many arguments there are, even where not all could be read; null when that could not be read either.</summary>
    public int? ArgumentCount { get; private set; }

    /// <summary>Variables of the environment that say what the loader loads, as <c>NAME=value</c>.</summary>
    public List<string> LoaderVariables { get; } = [];

    /// <summary>Real and effective user and group; null when the stack does not say.</summary>
    public (uint User, uint EffectiveUser, uint Group, uint EffectiveGroup)? Credentials { get; private set; }

    /// <summary>Whether arguments are missing because they could not be read, or are too many.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Reads a stack.</summary>
    /// <param name="stack">A copy, from the stack pointer upwards; it may end early.</param>
    /// <param name="stackPointer">The address of its first byte.</param>
    /// <param name="pid">The process, to read what the copy does not hold.</param>
    /// <param name="wordSize">Bytes of a number: 8, or of a 32-bit program 4.</param>
    public void Read(ReadOnlySpan<byte> stack, ulong stackPointer, int pid, int wordSize = 8)
    {
        _wordSize = wordSize;
        Arguments.Clear();
        ArgumentCount = null;
        LoaderVariables.Clear();
        Credentials = null;
        IsIncomplete = false;
        if (stack.Length < _wordSize)
        {
            IsIncomplete = true;
            return;
        }
        // Who has very many arguments or variables must not hide what stands behind them.
        if (!HoldsAllAddresses(stack))
            stack = ReadOn(stack, stackPointer, pid);
        ulong count = Word(stack, 0);
        ArgumentCount = (int)Math.Min(count, int.MaxValue);
        int place = _wordSize;
        int characters = 0;
        for (ulong i = 0; i < count; i++, place += _wordSize)
        {
            if (i == MostArguments || place + _wordSize > stack.Length || characters > MostCharacters || ReadText(stack, stackPointer, Word(stack, place), pid) is not { } text)
            {
                IsIncomplete = true;
                break;
            }
            characters += text.Length;
            Arguments.Add(text);
        }
        // Where arguments were left out, what follows is still at its place.
        if (count > (ulong)(stack.Length / _wordSize))
            return;
        place = ((int)count + 2) * _wordSize;
        ReadEnvironment(stack, stackPointer, pid, ref place);
        ReadCredentials(stack, place);
    }

    /// <summary>Whether the addresses of arguments and environment, and the pairs behind them, all end in what was copied.</summary>
    private bool HoldsAllAddresses(ReadOnlySpan<byte> stack)
    {
        ulong count = Word(stack, 0);
        if (count > (ulong)(stack.Length / _wordSize))
            return false;
        int place = ((int)count + 2) * _wordSize;
        while (place + _wordSize <= stack.Length && Word(stack, place) != 0)
            place += _wordSize;
        for (place += _wordSize; place + (2 * _wordSize) <= stack.Length; place += 2 * _wordSize)
        {
            if (Word(stack, place) == 0)
                return true;
        }
        return false;
    }

    /// <summary>Reads from the process what follows a copy, page by page, up to where it can be read or the addresses end.</summary>
    private ReadOnlySpan<byte> ReadOn(ReadOnlySpan<byte> stack, ulong stackPointer, int pid)
    {
        int length = stack.Length;
        int nextLook = length * 2;
        Reserve(length + PageSize);
        stack.CopyTo(_longer);
        while (length < MostAddressBytes)
        {
            Reserve(length + PageSize);
            ulong address = stackPointer + (ulong)length;
            int toPageEnd = PageSize - (int)(address % PageSize);
            int read = LinuxSystem.ReadMemory(pid, address, _longer.AsSpan(length, toPageEnd));
            if (read <= 0)
                break;
            length += read;
            if (length < nextLook)
                continue;
            if (HoldsAllAddresses(_longer.AsSpan(0, length)))
                break;
            nextLook = length * 2;
        }
        return _longer.AsSpan(0, length);
    }

    private void Reserve(int length)
    {
        if (_longer.Length < length)
            Array.Resize(ref _longer, Math.Max(length, _longer.Length * 2));
    }

    private ulong Word(ReadOnlySpan<byte> stack, int place) =>
        _wordSize == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(stack[place..]) : BinaryPrimitives.ReadUInt32LittleEndian(stack[place..]);

    private void ReadEnvironment(ReadOnlySpan<byte> stack, ulong stackPointer, int pid, ref int place)
    {
        for (; place + _wordSize <= stack.Length && Word(stack, place) is not 0 and var address; place += _wordSize)
        {
            ulong offset = address - stackPointer;
            // Only a look at the first letters: most variables are of no interest.
            if (offset <= (ulong)(stack.Length - 3))
            {
                if (!stack[(int)offset..].StartsWith("LD_"u8))
                    continue;
            }
            else
            {
                Span<byte> letters = _text.AsSpan(0, 3);
                if (LinuxSystem.ReadMemory(pid, address, letters) != 3 || !letters.SequenceEqual("LD_"u8))
                    continue;
            }
            if (ReadText(stack, stackPointer, address, pid) is { } variable)
                LoaderVariables.Add(variable);
        }
        place += _wordSize;
    }

    private void ReadCredentials(ReadOnlySpan<byte> stack, int place)
    {
        (uint User, uint EffectiveUser, uint Group, uint EffectiveGroup) found = default;
        int seen = 0;
        for (; place + (2 * _wordSize) <= stack.Length && Word(stack, place) is not 0 and var kind; place += 2 * _wordSize)
        {
            uint value = (uint)Word(stack, place + _wordSize);
            seen++;
            switch (kind)
            {
                case KindUser:
                    found.User = value;
                    break;
                case KindEffectiveUser:
                    found.EffectiveUser = value;
                    break;
                case KindGroup:
                    found.Group = value;
                    break;
                case KindEffectiveGroup:
                    found.EffectiveGroup = value;
                    break;
                default:
                    seen--;
                    break;
            }
        }
        if (seen >= 4)
            Credentials = found;
    }

    private string? ReadText(ReadOnlySpan<byte> stack, ulong stackPointer, ulong address, int pid)
    {
        ulong offset = address - stackPointer;
        if (offset < (ulong)stack.Length)
        {
            ReadOnlySpan<byte> rest = stack[(int)offset..];
            int end = rest.IndexOf((byte)0);
            if (end >= 0)
                return Encoding.UTF8.GetString(rest[..end]);
        }
        // Behind the copy; the process may be gone, or have changed it.
        int read = LinuxSystem.ReadMemory(pid, address, _text);
        if (read <= 0)
        {
            // Near the end of the stack a whole piece cannot be read.
            int toPageEnd = PageSize - (int)(address % PageSize);
            read = LinuxSystem.ReadMemory(pid, address, _text.AsSpan(0, toPageEnd));
            if (read <= 0)
                return null;
        }
        int length = _text.AsSpan(0, read).IndexOf((byte)0);
        return Encoding.UTF8.GetString(_text.AsSpan(0, length < 0 ? read : length));
    }
}
