using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Recordings;

/// <summary>Fills events from the bytes of blocks. Every length is checked before it is used.</summary>
/// <param name="statistics">Counts what there was no room for.</param>
internal sealed class RecordingReader(SourceStatistics statistics)
{
    private readonly EcsProcesses _processes = new();
    private readonly EcsCallStacks _callStacks = new(statistics);
    private readonly List<Text> _texts = [];
    private readonly Dictionary<int, Text> _textsByPlace = [];
    private readonly List<int> _frames = [];
    private RecordedField?[] _fields = [];
    private RecordedKind[] _kinds = [];
    private ReadOnlyMemory<byte> _block;
    private char[] _characters = [];
    private int _charactersUsed;
    private int _place;
    private int _numbersLeft = int.MaxValue;
    private long _lastTicks;

    /// <summary>Whether all of the block was read.</summary>
    public bool IsAtEnd => _place == _block.Length;

    /// <summary>Events of the block that are yet to be read.</summary>
    public int Remaining { get; private set; }

    /// <summary>Says which fields the numbers of a file mean. Those that this program does not have are passed over by their kind.</summary>
    /// <returns>How many those are.</returns>
    /// <exception cref="InvalidDataException">The file has values of a kind that is not known.</exception>
    public long UseFields(IReadOnlyList<(RecordedKind Kind, string Path)> fields)
    {
        Dictionary<string, RecordedField> known = RecordedField.All.ToDictionary(static field => field.Path, StringComparer.Ordinal);
        _kinds = [.. fields.Select(static field => field.Kind)];
        if (_kinds.Any(static kind => !Enum.IsDefined(kind)))
            throw new InvalidDataException("the table of fields at the beginning of the recording has a kind of value that this program does not know.");
        _fields = [.. fields.Select(field => known.TryGetValue(field.Path, out RecordedField? own) && own.Kind == field.Kind ? own : null)];
        return _fields.Count(static field => field is null);
    }

    /// <summary>Begins to read a block.</summary>
    public void Begin(ReadOnlyMemory<byte> block, int events)
    {
        _block = block;
        _place = 0;
        _lastTicks = 0;
        _texts.Clear();
        _textsByPlace.Clear();
        _frames.Clear();
        _charactersUsed = 0;
        // No text has more characters than bytes.
        if (_characters.Length < block.Length)
            _characters = new char[block.Length];
        Remaining = events;
    }

    /// <summary>Gives up what is left of the block.</summary>
    public void End()
    {
        Remaining = 0;
        _place = _block.Length;
    }

    /// <summary>Fills an event that is clear. Its texts are valid until the next block.</summary>
    /// <exception cref="InvalidDataException">The block makes no sense; what is left of it cannot be read.</exception>
    public void Read(EndpointEvent e)
    {
        _processes.Clear();
        _numbersLeft = int.MaxValue;
        ReadObject(e, RecordedField.Root.Prefix, 0);
        Remaining--;
        _callStacks.FindModules(e.Thread.CallStack);
        _callStacks.FindModules(e.ParentThread.CallStack);
        _callStacks.FindModules(e.TargetThread.CallStack);
    }

    /// <summary>Reads fields up to the end of an object; of one that nobody wants, past it.</summary>
    private void ReadObject(object? owner, string prefix, int depth)
    {
        if (depth > RecordingLayout.MostDepth)
            throw new InvalidDataException("its objects lie too deep in one another.");
        for (ulong number = ReadNumber(); number != 0; number = ReadNumber())
        {
            if (number > (ulong)_fields.Length)
                throw new InvalidDataException($"there is no field {number}.");
            RecordedField? field = owner is null ? null : _fields[number - 1];
            // The field's property is one of this object's class, and of no other.
            if (field is not null && field.Prefix != prefix)
                throw new InvalidDataException($"there is no field {number} in this object.");
            ReadValue(field, _kinds[number - 1], owner, depth);
        }
    }

    private void ReadValue(RecordedField? recorded, RecordedKind kind, object? root, int depth)
    {
        object? owner = recorded?.Field.MakeOwner(root!, _processes);
        switch (kind)
        {
            case RecordedKind.Text:
                Text text = ReadText();
                (recorded?.Field as EcsField<Text>)?.Property.Set(owner!, text);
                break;
            case RecordedKind.Texts:
                TextList? texts = (recorded?.Field as EcsField<TextList>)?.Property.Fill(owner!);
                for (int left = ReadCount(); left > 0; left--)
                {
                    Text item = ReadText();
                    texts?.Add(item);
                }
                break;
            case RecordedKind.Whole:
                long whole = ReadSigned();
                (recorded?.Field as EcsField<long?>)?.Property.Set(owner!, whole);
                break;
            case RecordedKind.Fraction:
                double fraction = BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));
                (recorded?.Field as EcsField<double?>)?.Property.Set(owner!, fraction);
                break;
            case RecordedKind.Boolean:
                bool boolean = Take(1)[0] != 0;
                (recorded?.Field as EcsField<bool?>)?.Property.Set(owner!, boolean);
                break;
            case RecordedKind.Time:
                _lastTicks = unchecked(_lastTicks + ReadSigned());
                if (owner is EndpointEvent e && _lastTicks >= 0 && _lastTicks <= DateTime.MaxValue.Ticks)
                    e.UtcTicks = _lastTicks;
                break;
            default:
                var items = (recorded?.Field as EcsListField)?.Property.Get(owner!) as IObjectList;
                for (int left = ReadCount(); left > 0; left--)
                    ReadItem(items, kind == RecordedKind.Frames, recorded?.Item?.Prefix ?? "", depth);
                break;
        }
    }

    private void ReadItem(IObjectList? items, bool isFrame, string prefix, int depth)
    {
        object? item = items?.Count < EcsReader.MostObjects ? items.AddItem() : null;
        if (!isFrame)
        {
            ReadObject(item, prefix, depth + 1);
            return;
        }
        ulong number = ReadNumber();
        if (number == 0)
        {
            _frames.Add(_place);
            ReadObject(item, prefix, depth + 1);
            return;
        }
        if (number > (ulong)_frames.Count)
            throw new InvalidDataException($"there is no frame {number} in it so far.");
        if (item is null)
            return;
        const int mostNumbersOfFrame = 256;
        int place = _place;
        _place = _frames[(int)number - 1];
        // A few bytes must not make for endless work.
        _numbersLeft = mostNumbersOfFrame;
        ReadObject(item, prefix, depth + 1);
        _numbersLeft = int.MaxValue;
        _place = place;
    }

    private Text ReadText()
    {
        ulong number = ReadNumber();
        if (number > 0)
            return number <= (ulong)_texts.Count ? _texts[(int)number - 1] : throw new InvalidDataException($"there is no text {number} in it so far.");
        int place = _place;
        ulong size = ReadNumber();
        bool isWide = (size & 1) != 0;
        int length = (int)Math.Min(size >> 1, int.MaxValue / 2);
        ReadOnlySpan<byte> bytes = Take(isWide ? length * sizeof(char) : length);
        // A frame that is read again has its texts already.
        if (_numbersLeft != int.MaxValue && _textsByPlace.TryGetValue(place, out Text known))
            return known;
        Span<char> room = _characters.AsSpan(_charactersUsed, length);
        if (isWide)
            MemoryMarshal.Cast<byte, char>(bytes).CopyTo(room);
        else
            Encoding.Latin1.GetChars(bytes, room);
        var text = new Text(_characters, _charactersUsed, length);
        _charactersUsed += length;
        _texts.Add(text);
        _textsByPlace[place] = text;
        return text;
    }

    private int ReadCount()
    {
        ulong count = ReadNumber();
        // Each takes at least a byte.
        return count <= (ulong)(_block.Length - _place) ? (int)count : throw new InvalidDataException("a list in it is longer than the block.");
    }

    private long ReadSigned()
    {
        ulong value = ReadNumber();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong ReadNumber()
    {
        if (_numbersLeft != int.MaxValue && --_numbersLeft < 0)
            throw new InvalidDataException("a frame in it has too many values.");
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw new InvalidDataException("a number in it does not end.");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _block.Length - _place)
            throw new InvalidDataException("it ends inside an event.");
        ReadOnlySpan<byte> bytes = _block.Span.Slice(_place, length);
        _place += length;
        return bytes;
    }
}
