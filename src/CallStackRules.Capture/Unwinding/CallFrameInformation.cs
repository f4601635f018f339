using System.Buffers.Binary;

namespace CallStackRules.Capture.Unwinding;

/// <summary>
/// Call frame information of an ELF file (<c>.eh_frame</c>), with the sorted table that finds an entry by address (<c>.eh_frame_hdr</c>). Formats: LSB Core,
/// Exception Frames; instructions: DWARF 5, 6.4.2.
/// </summary>
internal sealed class CallFrameInformation
{
    // Encodings of addresses: the lower half says the size, the upper half what they count from.
    private const byte FromHere = 0x10;
    private const byte Signed4 = 0x0b;
    private const byte FromTableSigned4 = 0x3b;
    private const byte FromHereSigned4 = FromHere | Signed4;
    private const byte Unsigned4 = 0x03;
    private const int TableHeaderSize = 12;
    private const int EntrySize = 8;
    private const int MostRememberedRows = 8;

    private readonly byte[] _table;
    private readonly ulong _tableAddress;
    private readonly byte[] _frames;
    private readonly ulong _framesAddress;
    private readonly int _count;

    /// <summary>Reads nothing yet: rows are worked out when they are asked for.</summary>
    /// <param name="table">The bytes of <c>.eh_frame_hdr</c>, which <see cref="FindFrames"/> accepted.</param>
    /// <param name="tableAddress">Where the file says they lie.</param>
    /// <param name="frames">The bytes of <c>.eh_frame</c>.</param>
    /// <param name="framesAddress">Where the file says they lie.</param>
    public CallFrameInformation(byte[] table, ulong tableAddress, byte[] frames, ulong framesAddress)
    {
        _table = table;
        _tableAddress = tableAddress;
        _frames = frames;
        _framesAddress = framesAddress;
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(8));
        _count = (int)Math.Min(count, (uint)(table.Length - TableHeaderSize) / EntrySize);
    }

    /// <summary>The bytes that expressions of rows are in.</summary>
    public ReadOnlySpan<byte> Bytes => _frames;

    /// <summary>Where <c>.eh_frame</c> lies; null when the table is not of the form that all linkers for this machine write.</summary>
    public static ulong? FindFrames(ReadOnlySpan<byte> table, ulong tableAddress)
    {
        if (table.Length < TableHeaderSize || table[0] != 1 || table[1] != FromHereSigned4 || table[2] != Unsigned4 || table[3] != FromTableSigned4)
            return null;
        return tableAddress + 4 + (ulong)BinaryPrimitives.ReadInt32LittleEndian(table[4..]);
    }

    /// <summary>Works out the row for an address.</summary>
    /// <param name="address">As the file counts.</param>
    /// <param name="row">Receives the row; <see cref="UnwindRow.IsFound"/> says whether there is one.</param>
    public void Find(ulong address, out UnwindRow row)
    {
        row = default;
        if (FindEntry(address) is not { } entry || !TryReadEntry(entry, out Entry fde) || address < fde.Start || address - fde.Start >= fde.Length)
            return;
        if (!TryReadCommon(fde.Common, out Common common) || common.ReturnRegister != Registers.Rip)
            return;
        UnwindRow initial = NewRow();
        UnwindRow result = initial;
        if (!Run(common.Instructions, common.End, common, fde.Start, ulong.MaxValue, initial, ref result))
            return;
        initial = result;
        if (!Run(fde.Instructions, fde.End, common, fde.Start, address, initial, ref result))
            return;
        result.IsFound = true;
        result.IsSignalFrame = common.IsSignalFrame;
        row = result;
    }

    private static UnwindRow NewRow()
    {
        UnwindRow row = default;
        // Unless something else is said, the return address is what the call pushed.
        row.Rule[UnwindRow.ReturnAddress] = RegisterRule.AtOffset;
        row.Value[UnwindRow.ReturnAddress] = -8;
        return row;
    }

    /// <summary>The place in <c>.eh_frame</c> of the last entry that begins at or before an address.</summary>
    private int? FindEntry(ulong address)
    {
        long wanted = (long)(address - _tableAddress);
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (BinaryPrimitives.ReadInt32LittleEndian(_table.AsSpan(TableHeaderSize + (middle * EntrySize))) <= wanted)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == 0)
            return null;
        int offset = BinaryPrimitives.ReadInt32LittleEndian(_table.AsSpan(TableHeaderSize + ((low - 1) * EntrySize) + 4));
        ulong place = _tableAddress + (ulong)offset - _framesAddress;
        return place < (ulong)_frames.Length ? (int)place : null;
    }

    private bool TryReadEntry(int place, out Entry entry)
    {
        entry = default;
        if (!TryReadLength(ref place, out int end))
            return false;
        var reader = new DwarfReader(_frames, place, end);
        long common = place - (long)reader.UInt32();
        if (reader.HasFailed || common < 0 || common >= place || !TryReadCommon((int)common, out Common parsed))
            return false;
        ulong start = ReadAddress(ref reader, parsed.AddressEncoding);
        ulong length = ReadAddress(ref reader, (byte)(parsed.AddressEncoding & 0x0f));
        if (parsed.HasAugmentation)
            reader.Skip(reader.Unsigned());
        entry = new Entry((int)common, start, length, reader.Place, end);
        return !reader.HasFailed;
    }

    private bool TryReadCommon(int place, out Common common)
    {
        common = default;
        if (!TryReadLength(ref place, out int end))
            return false;
        var reader = new DwarfReader(_frames, place, end);
        if (reader.UInt32() != 0)
            return false;
        byte version = reader.Byte();
        int augmentation = reader.Place;
        while (!reader.HasFailed && reader.Byte() != 0)
        {
        }
        int augmentationEnd = reader.Place - 1;
        ulong codeAlignment = reader.Unsigned();
        long dataAlignment = reader.Signed();
        ulong returnRegister = version == 1 ? reader.Byte() : reader.Unsigned();
        byte encoding = 0;
        bool isSignal = false;
        bool hasAugmentation = augmentationEnd > augmentation && _frames[augmentation] == 'z';
        if (augmentationEnd > augmentation && !hasAugmentation)
            return false;
        if (hasAugmentation)
        {
            ulong size = reader.Unsigned();
            int data = reader.Place;
            for (int i = augmentation + 1; i < augmentationEnd && !reader.HasFailed; i++)
            {
                switch (_frames[i])
                {
                    case (byte)'R':
                        encoding = reader.Byte();
                        break;
                    case (byte)'P':
                        ReadAddress(ref reader, reader.Byte());
                        break;
                    case (byte)'L':
                        reader.Byte();
                        break;
                    case (byte)'S':
                        isSignal = true;
                        break;
                }
            }
            reader.MoveTo(data + (long)Math.Min(size, int.MaxValue));
        }
        common = new Common(codeAlignment, dataAlignment, returnRegister, encoding, hasAugmentation, isSignal, reader.Place, end);
        return !reader.HasFailed;
    }

    /// <summary>Reads the length that every entry begins with.</summary>
    private bool TryReadLength(ref int place, out int end)
    {
        var reader = new DwarfReader(_frames, place, _frames.Length);
        uint length = reader.UInt32();
        end = 0;
        // 0 ends the list; 0xffffffff announces a 64-bit length, which no linker writes here.
        if (reader.HasFailed || length is 0 or uint.MaxValue || length > (uint)(_frames.Length - reader.Place))
            return false;
        place = reader.Place;
        end = place + (int)length;
        return true;
    }

    private ulong ReadAddress(ref DwarfReader reader, byte encoding)
    {
        ulong here = _framesAddress + (ulong)reader.Place;
        ulong value = (encoding & 0x0f) switch
        {
            0x00 or 0x04 or 0x0c => reader.UInt64(),
            0x01 => reader.Unsigned(),
            0x02 => reader.UInt16(),
            0x03 => reader.UInt32(),
            0x09 => (ulong)reader.Signed(),
            0x0a => (ulong)(short)reader.UInt16(),
            _ => (ulong)(int)reader.UInt32(),
        };
        return (encoding & 0x70) == FromHere ? value + here : value;
    }

    /// <summary>Runs instructions until the row for an address stands.</summary>
    private bool Run(int place, int end, in Common common, ulong start, ulong address, in UnwindRow initial, ref UnwindRow row)
    {
        var reader = new DwarfReader(_frames, place, end);
        ulong current = start;
        Span<UnwindRow> remembered = stackalloc UnwindRow[MostRememberedRows];
        int depth = 0;
        while (!reader.IsAtEnd)
        {
            byte operation = reader.Byte();
            ulong low = operation & 0x3fu;
            switch (operation >> 6)
            {
                case 1: // DW_CFA_advance_loc
                    current += low * common.CodeAlignment;
                    if (current > address)
                        return true;
                    continue;
                case 2: // DW_CFA_offset
                    Set(ref row, low, RegisterRule.AtOffset, (long)reader.Unsigned() * common.DataAlignment);
                    continue;
                case 3: // DW_CFA_restore
                    Restore(ref row, low, initial);
                    continue;
            }
            switch (operation)
            {
                case 0x00: // DW_CFA_nop
                    break;
                case 0x01: // DW_CFA_set_loc
                    current = ReadAddress(ref reader, common.AddressEncoding);
                    break;
                case 0x02: // DW_CFA_advance_loc1
                    current += reader.Byte() * common.CodeAlignment;
                    break;
                case 0x03: // DW_CFA_advance_loc2
                    current += reader.UInt16() * common.CodeAlignment;
                    break;
                case 0x04: // DW_CFA_advance_loc4
                    current += reader.UInt32() * common.CodeAlignment;
                    break;
                case 0x05: // DW_CFA_offset_extended
                    Set(ref row, reader.Unsigned(), RegisterRule.AtOffset, (long)reader.Unsigned() * common.DataAlignment);
                    break;
                case 0x06: // DW_CFA_restore_extended
                    Restore(ref row, reader.Unsigned(), initial);
                    break;
                case 0x07: // DW_CFA_undefined
                    Set(ref row, reader.Unsigned(), RegisterRule.Undefined, 0);
                    break;
                case 0x08: // DW_CFA_same_value
                    Set(ref row, reader.Unsigned(), RegisterRule.Same, 0);
                    break;
                case 0x09: // DW_CFA_register
                    Set(ref row, reader.Unsigned(), RegisterRule.InRegister, (long)reader.Unsigned());
                    break;
                case 0x0a: // DW_CFA_remember_state
                    if (depth == MostRememberedRows)
                        return false;
                    remembered[depth++] = row;
                    break;
                case 0x0b: // DW_CFA_restore_state
                    if (depth == 0)
                        return false;
                    row = remembered[--depth];
                    break;
                case 0x0c: // DW_CFA_def_cfa
                    SetFrame(ref row, reader.Unsigned(), (long)reader.Unsigned());
                    break;
                case 0x0d: // DW_CFA_def_cfa_register
                    SetFrame(ref row, reader.Unsigned(), row.FrameValue);
                    break;
                case 0x0e: // DW_CFA_def_cfa_offset
                    SetFrame(ref row, row.FrameRegister, (long)reader.Unsigned());
                    break;
                case 0x0f: // DW_CFA_def_cfa_expression
                    row.IsFrameExpression = true;
                    row.FrameValue = reader.Place;
                    reader.Skip(reader.Unsigned());
                    break;
                case 0x10: // DW_CFA_expression
                    SetExpression(ref row, ref reader, RegisterRule.AtExpression);
                    break;
                case 0x11: // DW_CFA_offset_extended_sf
                    Set(ref row, reader.Unsigned(), RegisterRule.AtOffset, reader.Signed() * common.DataAlignment);
                    break;
                case 0x12: // DW_CFA_def_cfa_sf
                    SetFrame(ref row, reader.Unsigned(), reader.Signed() * common.DataAlignment);
                    break;
                case 0x13: // DW_CFA_def_cfa_offset_sf
                    SetFrame(ref row, row.FrameRegister, reader.Signed() * common.DataAlignment);
                    break;
                case 0x14: // DW_CFA_val_offset
                    Set(ref row, reader.Unsigned(), RegisterRule.IsOffset, (long)reader.Unsigned() * common.DataAlignment);
                    break;
                case 0x15: // DW_CFA_val_offset_sf
                    Set(ref row, reader.Unsigned(), RegisterRule.IsOffset, reader.Signed() * common.DataAlignment);
                    break;
                case 0x16: // DW_CFA_val_expression
                    SetExpression(ref row, ref reader, RegisterRule.IsExpression);
                    break;
                case 0x2e: // DW_CFA_GNU_args_size: of interest when exceptions are thrown
                    reader.Unsigned();
                    break;
                case 0x2f: // DW_CFA_GNU_negative_offset_extended
                    Set(ref row, reader.Unsigned(), RegisterRule.AtOffset, -((long)reader.Unsigned() * common.DataAlignment));
                    break;
                default:
                    return false;
            }
            if (current > address)
                return true;
        }
        return !reader.HasFailed;
    }

    private static void SetFrame(ref UnwindRow row, ulong register, long offset)
    {
        row.IsFrameExpression = false;
        row.FrameRegister = (byte)Math.Min(register, byte.MaxValue);
        row.FrameValue = (int)offset;
    }

    private static void SetExpression(ref UnwindRow row, ref DwarfReader reader, RegisterRule rule)
    {
        ulong register = reader.Unsigned();
        Set(ref row, register, rule, reader.Place);
        reader.Skip(reader.Unsigned());
    }

    private static void Set(ref UnwindRow row, ulong register, RegisterRule rule, long value)
    {
        int index = UnwindRow.IndexOf(register);
        if (index < 0)
            return;
        row.Rule[index] = rule;
        row.Value[index] = (int)value;
    }

    private static void Restore(ref UnwindRow row, ulong register, in UnwindRow initial)
    {
        int index = UnwindRow.IndexOf(register);
        if (index < 0)
            return;
        row.Rule[index] = initial.Rule[index];
        row.Value[index] = initial.Value[index];
    }

    private readonly record struct Entry(int Common, ulong Start, ulong Length, int Instructions, int End);

    private readonly record struct Common(
        ulong CodeAlignment, long DataAlignment, ulong ReturnRegister, byte AddressEncoding, bool HasAugmentation, bool IsSignalFrame, int Instructions, int End);
}
