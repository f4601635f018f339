using System.Buffers.Binary;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;

namespace CallStackRules.Capture.Sources.Linux.Tracing;

/// <summary>
/// Makes of what a tracepoint writes by itself the record that a program at it would have written (<see cref="CapturePrograms"/>), so that all behind knows one kind only.
/// What does not matter is left out here, and what arguments point to is read from the process, which has gone on meanwhile: best effort.
/// </summary>
/// <remarks>
/// Behind the common beginning (<see cref="TracepointLayout"/>), the record of a call's entry has its arguments at 16, that of its return the result at 16; on return, the
/// arguments are still in the registers.
/// </remarks>
internal sealed class TracepointRecords
{
    // Of bx dx si di bp sp ip r8 r9 r10 r12 r13 r14 r15, the order of the mask.
    private const int RegisterCount = 14;
    private static readonly int[] UnwoundRegisters = [0, 3, 4, 5, 6, 10, 11, 12, 13];
    private static readonly int[] ArgumentRegisters = [3, 2, 1, 9, 7, 8];
    private const int StackPointer = 5;

    private const int ValuesOffset = 16;
    private const int ArgumentCount = 6;

    // Header, pid, tid, time; u32 size of what follows; abi and registers; size of the stack, the stack, valid bytes.
    private const int RawOffset = 8 + 16 + sizeof(uint);
    private const int MostRaw = CaptureRecord.CopiesOffset + CaptureRecord.MostCopied + CaptureRecord.MostCopiedOfList + CaptureRecord.MostCopied;
    private const int BehindRaw = sizeof(ulong) + (Unwinding.Registers.PerfCount * sizeof(ulong)) + (3 * sizeof(ulong));
    private const int MostStack = ushort.MaxValue;

    private readonly TracepointLayout _layout;
    private readonly int[] _flagsThatMatter;
    private readonly LinuxProcesses _processes;
    private readonly CaptureStatistics _statistics;
    private readonly int _ourProcess;
    private readonly byte[] _record = new byte[RawOffset + MostRaw + BehindRaw + MostStack];

    /// <summary>Prepares to read what tracepoints write.</summary>
    /// <param name="layout">Which tracepoints there are.</param>
    /// <param name="options">What is captured.</param>
    /// <param name="processes">The processes, as the records before left them.</param>
    /// <param name="statistics">Counts what cannot be read.</param>
    /// <param name="ourProcess">The process whose calls are left out.</param>
    public TracepointRecords(TracepointLayout layout, LinuxCaptureOptions options, LinuxProcesses processes, CaptureStatistics statistics, int ourProcess)
    {
        _layout = layout;
        _flagsThatMatter = [.. CaptureTable.Rows.Select(options.FlagsThatMatter)];
        _processes = processes;
        _statistics = statistics;
        _ourProcess = ourProcess;
    }

    /// <summary>Rewrites the record of a call; others stay as they are.</summary>
    /// <param name="record">The record; replaced by what a program would have written, valid until the next call.</param>
    /// <returns>Whether the record matters.</returns>
    public bool TryRewrite(ref ReadOnlySpan<byte> record)
    {
        if (PerfRecords.TypeOf(record) != PerfRecordType.Sample)
            return true;
        if (!PerfSample.TryRead(record, out PerfSample sample, RegisterCount) || sample.Raw.Length < TracepointLayout.CommonSize
            || _layout.RowOf(BinaryPrimitives.ReadUInt16LittleEndian(sample.Raw)) is not (>= 0 and var index))
        {
            _statistics.BadRecords++;
            return false;
        }
        if (sample.Pid == _ourProcess)
            return false;
        CaptureRow row = CaptureTable.Rows[index];
        Span<byte> call = _record.AsSpan(RawOffset, MostRaw);
        call[..CaptureRecord.CopiesOffset].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(call[CaptureRecord.RowOffset..], index);
        if (!TryWriteValues(sample, row, call))
            return false;
        // Whoever asks for a program has its memory by the time this is read.
        int processWithMemory = row.IsCapturedOnEntry ? 0 : sample.Pid;
        var memory = new CallerMemory(processWithMemory, _processes.Find(sample.Pid)?.Space, sample.Registers.IsEmpty ? 0 : sample.Registers[StackPointer], sample.Stack);
        if (!Matters(index, memory, call) || !TryCopy(sample, row, memory, call, out int length))
            return false;
        record = Finish(record, sample, length);
        return true;
    }

    /// <summary>The result and the arguments.</summary>
    /// <returns>False when they are not in the record, or the call failed.</returns>
    private bool TryWriteValues(in PerfSample sample, CaptureRow row, Span<byte> call)
    {
        ReadOnlySpan<byte> raw = sample.Raw;
        if (row.Call == CapturedCall.Executed)
        {
            if (raw.Length < _layout.OldPidOffset + sizeof(int))
                return IsBad();
            BinaryPrimitives.WriteUInt64LittleEndian(call[CaptureRecord.ArgumentsOffset..], BinaryPrimitives.ReadUInt32LittleEndian(raw[_layout.OldPidOffset..]));
            return true;
        }
        if (raw.Length < ValuesOffset + sizeof(ulong))
            return IsBad();
        if (row.IsCapturedOnEntry)
        {
            ReadOnlySpan<byte> arguments = raw[ValuesOffset..];
            arguments[..(Math.Min(arguments.Length, ArgumentCount * sizeof(ulong)) & ~7)].CopyTo(call[CaptureRecord.ArgumentsOffset..]);
            return true;
        }
        long result = BinaryPrimitives.ReadInt64LittleEndian(raw[ValuesOffset..]);
        BinaryPrimitives.WriteInt64LittleEndian(call[CaptureRecord.ReturnOffset..], result);
        if (result < 0 && (row.HarmlessError == 0 || result != row.HarmlessError))
            return false;
        if (sample.Registers.IsEmpty)
            return IsBad();
        for (int i = 0; i < ArgumentCount; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(call[(CaptureRecord.ArgumentsOffset + (sizeof(ulong) * i))..], sample.Registers[ArgumentRegisters[i]]);
        return true;
    }

    private bool IsBad()
    {
        _statistics.BadRecords++;
        return false;
    }

    /// <summary>Whether the call is one of those that are captured, by its flags and its first argument.</summary>
    private bool Matters(int index, in CallerMemory memory, Span<byte> call)
    {
        CaptureRow row = CaptureTable.Rows[index];
        if (row.FirstArgument.Length > 0 && !row.FirstArgument.AsSpan().Contains((int)BinaryPrimitives.ReadUInt64LittleEndian(call[CaptureRecord.ArgumentsOffset..])))
            return false;
        if (row.MustDiffer && ArgumentOf(call, 0) == BinaryPrimitives.ReadUInt64LittleEndian(call[CaptureRecord.ReturnOffset..]))
            return false;
        if (row.Flags < 0)
            return true;
        Span<byte> flags = call.Slice(CaptureRecord.ArgumentsOffset + (sizeof(ulong) * row.Flags), sizeof(ulong));
        if (row.FlagsAreIndirect && !memory.TryRead(BinaryPrimitives.ReadUInt64LittleEndian(flags), flags))
        {
            _statistics.TextsMissing++;
            flags.Clear();
        }
        return _flagsThatMatter[index] == 0 || (BinaryPrimitives.ReadUInt64LittleEndian(flags) & (ulong)_flagsThatMatter[index]) != 0;
    }

    /// <summary>Copies what arguments point to.</summary>
    /// <returns>False when it is not known whether the call matters.</returns>
    private bool TryCopy(in PerfSample sample, CaptureRow row, in CallerMemory memory, Span<byte> call, out int length)
    {
        length = CaptureRecord.CopiesOffset;
        int first = 0;
        int second = 0;
        bool isReadLater = false;
        switch (row)
        {
            case { Call: CapturedCall.Executed }:
                first = CopyPath(sample.Raw, call[length..]);
                break;
            case { Call: CapturedCall.SetUser or CapturedCall.SetGroup }:
                WriteUser(sample.Tid, call);
                break;
            case { CopiedKind: CopiedArgument.SocketAddress }:
                if (row.IsCopiedOptional && ArgumentOf(call, row.Copied[0]) == 0)
                    break;
                first = CopyAddress(memory, row, call);
                if (first == 0)
                    return false;
                break;
            case { CopiedKind: CopiedArgument.Capabilities }:
                first = memory.TryRead(ArgumentOf(call, row.Copied[0]), call.Slice(length, CaptureRecord.CapabilitiesSize)) ? CaptureRecord.CapabilitiesSize : 0;
                break;
            default:
                if (row.Copied.Length > 0)
                    first = memory.ReadText(ArgumentOf(call, row.Copied[0]), call.Slice(length, CaptureRecord.MostCopied), ref isReadLater);
                if (row.TextList >= 0)
                    second = CopyList(memory, ArgumentOf(call, row.TextList), call[(length + first)..], ref isReadLater);
                else if (row.Copied.Length > 1)
                    second = memory.ReadText(ArgumentOf(call, row.Copied[1]), call.Slice(length + first, CaptureRecord.MostCopied), ref isReadLater);
                break;
        }
        call[CaptureRecord.FlagsOffset] = isReadLater ? (byte)CaptureRecord.ReadLaterFlag : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(call[CaptureRecord.FirstLengthOffset..], first);
        BinaryPrimitives.WriteInt32LittleEndian(call[CaptureRecord.SecondLengthOffset..], second);
        length += first + second;
        return true;
    }

    private static ulong ArgumentOf(ReadOnlySpan<byte> call, int argument) =>
        BinaryPrimitives.ReadUInt64LittleEndian(call[(CaptureRecord.ArgumentsOffset + (sizeof(ulong) * argument))..]);

    /// <summary>The path of a program, which the kernel itself wrote.</summary>
    private int CopyPath(ReadOnlySpan<byte> raw, Span<byte> into)
    {
        if (raw.Length < _layout.PathPlaceOffset + sizeof(uint))
            return 0;
        uint place = BinaryPrimitives.ReadUInt32LittleEndian(raw[_layout.PathPlaceOffset..]);
        int start = (int)(place & 0xffff);
        int length = (int)(place >> 16);
        if (length > CaptureRecord.MostCopied || start > raw.Length || length > raw.Length - start)
            return 0;
        raw.Slice(start, length).CopyTo(into);
        return length;
    }

    /// <summary>Whose rights the thread has now, which a program would have been told.</summary>
    private void WriteUser(int tid, Span<byte> call)
    {
        (uint user, _, uint group, _) = ProcStatus.ReadIds(_processes.Proc.Read(tid, "status"u8)) ?? (CaptureRecord.UnknownId, 0, CaptureRecord.UnknownId, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(call[CaptureRecord.UserOffset..], user);
        BinaryPrimitives.WriteUInt32LittleEndian(call[(CaptureRecord.UserOffset + sizeof(uint))..], group);
    }

    private int CopyAddress(in CallerMemory memory, CaptureRow row, Span<byte> call)
    {
        const int internet = 2;
        const int internet6 = 10;
        const int internetSize = 16;
        ulong address = ArgumentOf(call, row.Copied[0]);
        Span<byte> into = call.Slice(CaptureRecord.CopiesOffset, CaptureRecord.SocketAddressSize);
        into.Clear();
        if (!memory.TryRead(address, into[..sizeof(ushort)]))
        {
            _statistics.TextsMissing++;
            return 0;
        }
        int size = BinaryPrimitives.ReadUInt16LittleEndian(into) switch
        {
            internet => internetSize,
            internet6 => CaptureRecord.SocketAddressSize,
            _ => 0,
        };
        if (size == 0)
            return 0;
        if (memory.TryRead(address, into[..size]))
            return CaptureRecord.SocketAddressSize;
        _statistics.TextsMissing++;
        return 0;
    }

    /// <summary>Copies the texts of a list one behind the other. A text that cannot be read ends it.</summary>
    private static int CopyList(in CallerMemory memory, ulong list, Span<byte> into, ref bool isReadLater)
    {
        int length = 0;
        Span<byte> pointer = stackalloc byte[sizeof(ulong)];
        for (int i = 0; i < CaptureRecord.MostListed && length <= CaptureRecord.MostCopiedOfList - CaptureRecord.MostCopiedOfListed; i++)
        {
            if (!memory.TryRead(list + (ulong)(i * sizeof(ulong)), pointer))
                break;
            int text = memory.ReadText(BinaryPrimitives.ReadUInt64LittleEndian(pointer), into.Slice(length, CaptureRecord.MostCopiedOfListed), ref isReadLater);
            if (text == 0)
                break;
            length += text;
        }
        return length;
    }

    /// <summary>Puts the rest of a sample around the call.</summary>
    private ReadOnlySpan<byte> Finish(ReadOnlySpan<byte> record, scoped in PerfSample sample, int length)
    {
        // The kernel, too, fills up to a multiple of 8 together with the size.
        int raw = ((length + sizeof(uint) + 7) & ~7) - sizeof(uint);
        _record.AsSpan(RawOffset + length, raw - length).Clear();
        record[..(RawOffset - sizeof(uint))].CopyTo(_record);
        BinaryPrimitives.WriteInt32LittleEndian(_record.AsSpan(RawOffset - sizeof(uint)), raw);
        int place = RawOffset + raw;
        Append(ref place, sample.Registers.IsEmpty ? 0 : sample.Abi);
        if (!sample.Registers.IsEmpty)
        {
            foreach (int register in UnwoundRegisters)
                Append(ref place, sample.Registers[register]);
        }
        // A stack that went on is told by no byte of the copy being left over.
        int copied = sample.Stack.Length + (sample.IsStackFull || sample.Stack.IsEmpty ? 0 : sizeof(ulong));
        Append(ref place, (ulong)copied);
        if (copied > 0)
        {
            sample.Stack.CopyTo(_record.AsSpan(place));
            place += copied;
            Append(ref place, (ulong)sample.Stack.Length);
        }
        return _record.AsSpan(0, place);
    }

    private void Append(ref int place, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_record.AsSpan(place), value);
        place += sizeof(ulong);
    }
}
