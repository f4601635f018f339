using CallStackRules.Capture.Sources.Linux.Bpf;
using static CallStackRules.Capture.Sources.Linux.Bpf.BpfRegister;

namespace CallStackRules.Capture.Sources.Linux.Tracing;

/// <summary>Writes the eBPF programs of a row.</summary>
/// <remarks>
/// A call is captured on return, so that only calls that succeeded are seen, results are known, and what arguments point to has just been read by the kernel and
/// can be read again. The arguments are kept from entry to return in a map by thread. Only a call for another program is captured on entry. Programs return 1:
/// 0 would hide the tracepoint from others.
/// </remarks>
internal sealed class CapturePrograms(BpfMap rings, BpfMap scratch, BpfMap calls, int ourProcess)
{
    /// <summary>Bytes that programs may write in: a record with two copies.</summary>
    public const int ScratchSize = CaptureRecord.CopiesOffset + (2 * CaptureRecord.MostCopied) + CaptureRecord.MostCopiedOfListed + 64;

    /// <summary>Bytes kept of a call that has begun: its six arguments.</summary>
    public const int KeptSize = 48;

    private const int KeyOffset = -8;
    private const int KeptOffset = KeyOffset - KeptSize;
    private const int IndexOffset = KeptOffset - 8;

    // Where a tracepoint of a system call has its arguments and its result (tracefs, format).
    private const int EnterArguments = TraceFileSystem.FirstArgumentOffset;
    private const int ExitResult = 16;

    /// <summary>On entry: keeps the arguments of a call that matters.</summary>
    /// <param name="row">The call.</param>
    /// <param name="arguments">How many arguments it has.</param>
    /// <param name="anyOfFlags">Only calls with one of these flags matter; 0: all.</param>
    public ulong[] KeepArguments(CaptureRow row, int arguments, int anyOfFlags)
    {
        var program = new BpfAssembler();
        BeginWithThread(program);
        if (row.FirstArgument.Length > 0)
        {
            program.Load64(R1, R6, EnterArguments);
            foreach (int value in row.FirstArgument)
                program.JumpIfEqual(R1, value, "matters");
            program.Jump("out");
            program.Label("matters");
        }
        CopyArguments(program, arguments, R10, KeptOffset);
        if (row.FlagsAreIndirect)
        {
            int flags = KeptOffset + (8 * row.Flags);
            program.Load64(R3, R10, flags);
            program.Store64(R10, flags, 0);
            program.Move(R1, R10);
            program.Add(R1, flags);
            program.Move(R2, 8);
            program.Call(BpfHelper.ProbeReadUser);
        }
        if (anyOfFlags != 0)
        {
            program.Load64(R1, R10, KeptOffset + (8 * row.Flags));
            program.JumpIfAnySet(R1, anyOfFlags, "wanted");
            program.Jump("out");
            program.Label("wanted");
        }
        program.LoadMap(R1, calls.Descriptor);
        program.Move(R2, R10);
        program.Add(R2, KeyOffset);
        program.Move(R3, R10);
        program.Add(R3, KeptOffset);
        program.Move(R4, 0);
        program.Call(BpfHelper.MapUpdate);
        End(program);
        return program.Assemble();
    }

    /// <summary>On return: writes a record of a call whose arguments were kept.</summary>
    public ulong[] WriteOnReturn(int index)
    {
        CaptureRow row = CaptureTable.Rows[index];
        var program = new BpfAssembler();
        BeginWithThread(program);
        program.LoadMap(R1, calls.Descriptor);
        program.Move(R2, R10);
        program.Add(R2, KeyOffset);
        program.Call(BpfHelper.MapLookup);
        program.JumpIfEqual(R0, 0, "out");
        for (int i = 0; i < 6; i++)
        {
            program.Load64(R1, R0, 8 * i);
            program.Store64(R10, KeptOffset + (8 * i), R1);
        }
        program.LoadMap(R1, calls.Descriptor);
        program.Move(R2, R10);
        program.Add(R2, KeyOffset);
        program.Call(BpfHelper.MapDelete);
        program.Load64(R8, R6, ExitResult);
        if (row.HarmlessError != 0)
            program.JumpIfEqual(R8, row.HarmlessError, "happened");
        program.JumpIfSignedLess(R8, 0, "out");
        program.Label("happened");
        BeginRecord(program, index);
        program.Store64(R7, CaptureRecord.ReturnOffset, R8);
        for (int i = 0; i < 6; i++)
        {
            program.Load64(R1, R10, KeptOffset + (8 * i));
            program.Store64(R7, CaptureRecord.ArgumentsOffset + (8 * i), R1);
        }
        WriteRecord(program, row);
        return program.Assemble();
    }

    /// <summary>On entry: writes a record at once.</summary>
    public ulong[] WriteOnEntry(int index, int arguments)
    {
        CaptureRow row = CaptureTable.Rows[index];
        var program = new BpfAssembler();
        BeginWithThread(program);
        BeginRecord(program, index);
        program.Store64(R7, CaptureRecord.ReturnOffset, 0);
        CopyArguments(program, arguments, R7, CaptureRecord.ArgumentsOffset);
        WriteRecord(program, row);
        return program.Assemble();
    }

    /// <summary>When a program is in place: writes who it was before as the first argument. The stack that comes along is the new one, with arguments and environment.</summary>
    /// <param name="oldPidOffset">Where the tracepoint has the thread's number of before.</param>
    public ulong[] WriteExecuted(int oldPidOffset)
    {
        const int index = CaptureTable.ExecutedRow;
        var program = new BpfAssembler();
        BeginWithThread(program);
        BeginRecord(program, index);
        program.Store64(R7, CaptureRecord.ReturnOffset, 0);
        program.Load32(R1, R6, oldPidOffset);
        program.Store64(R7, CaptureRecord.ArgumentsOffset, R1);
        for (int i = 1; i < 6; i++)
            program.Store64(R7, CaptureRecord.ArgumentsOffset + (8 * i), 0);
        WriteRecord(program, CaptureTable.Rows[index]);
        return program.Assemble();
    }

    /// <summary>R6: the tracepoint's record. The thread as key on the stack. Our own calls end here.</summary>
    private void BeginWithThread(BpfAssembler program)
    {
        program.Move(R6, R1);
        program.Call(BpfHelper.GetCurrentPidTgid);
        program.Store64(R10, KeyOffset, R0);
        program.ShiftRight(R0, 32);
        program.JumpIfEqual(R0, ourProcess, "out");
    }

    /// <summary>R7: room for a record, with its row and user.</summary>
    private void BeginRecord(BpfAssembler program, int index)
    {
        program.Store32(R10, IndexOffset, 0);
        program.LoadMap(R1, scratch.Descriptor);
        program.Move(R2, R10);
        program.Add(R2, IndexOffset);
        program.Call(BpfHelper.MapLookup);
        program.JumpIfEqual(R0, 0, "out");
        program.Move(R7, R0);
        program.Store64(R7, CaptureRecord.RowOffset, 0);
        program.Store32(R7, CaptureRecord.RowOffset, index);
        program.Call(BpfHelper.GetCurrentUidGid);
        program.Store64(R7, CaptureRecord.UserOffset, R0);
        program.Store64(R7, CaptureRecord.FirstLengthOffset, 0);
    }

    /// <summary>Copies what arguments point to, hands the record over, and ends. R8 and R9: lengths of the copies.</summary>
    private void WriteRecord(BpfAssembler program, CaptureRow row)
    {
        program.Move(R8, 0);
        program.Move(R9, 0);
        if (row.CopiedKind == CopiedArgument.SocketAddress)
        {
            CopyAddress(program, row.Copied[0]);
        }
        else
        {
            if (row.Copied.Length > 0)
                CopyText(program, row.Copied[0], R8, CaptureRecord.FirstLengthOffset, "first");
            if (row.TextList >= 0)
                CopyList(program, row.TextList);
            if (row.Copied.Length > 1)
                CopyText(program, row.Copied[1], R9, CaptureRecord.SecondLengthOffset, "second");
        }
        program.Move(R5, R8);
        program.Add(R5, R9);
        program.Add(R5, CaptureRecord.CopiesOffset);
        program.Move(R1, R6);
        program.LoadMap(R2, rings.Descriptor);
        const ulong currentProcessor = 0xffffffff;
        program.LoadConstant(R3, currentProcessor);
        program.Move(R4, R7);
        program.Call(BpfHelper.PerfEventOutput);
        End(program);
    }

    /// <summary>Copies the arguments of a call on entry; those it does not have are 0.</summary>
    private static void CopyArguments(BpfAssembler program, int arguments, BpfRegister to, int offset)
    {
        for (int i = 0; i < 6; i++)
        {
            if (i >= arguments)
            {
                program.Store64(to, offset + (8 * i), 0);
                continue;
            }
            program.Load64(R1, R6, EnterArguments + (8 * i));
            program.Store64(to, offset + (8 * i), R1);
        }
    }

    private static void CopyText(BpfAssembler program, int argument, BpfRegister length, int lengthOffset, string name)
    {
        program.Move(R1, R7);
        // R8 is 0 while the first text is copied.
        program.Add(R1, R8);
        program.Add(R1, CaptureRecord.CopiesOffset);
        program.Move(R2, CaptureRecord.MostCopied);
        program.Load64(R3, R7, CaptureRecord.ArgumentsOffset + (8 * argument));
        program.Call(BpfHelper.ProbeReadUserString);
        program.JumpIfSignedLess(R0, 0, name + "-missing");
        program.JumpIfGreater(R0, CaptureRecord.MostCopied, name + "-missing");
        program.Move(length, R0);
        program.Store32(R7, lengthOffset, length);
        program.Label(name + "-missing");
    }

    /// <summary>Copies the texts of a list one behind the other. A text that cannot be read ends it.</summary>
    private static void CopyList(BpfAssembler program, int argument)
    {
        for (int i = 0; i < CaptureRecord.MostListed; i++)
        {
            program.Store64(R10, IndexOffset, 0);
            program.Move(R1, R10);
            program.Add(R1, IndexOffset);
            program.Move(R2, 8);
            program.Load64(R3, R7, CaptureRecord.ArgumentsOffset + (8 * argument));
            program.Add(R3, 8 * i);
            program.Call(BpfHelper.ProbeReadUser);
            program.Load64(R3, R10, IndexOffset);
            program.JumpIfEqual(R3, 0, "listed");
            program.Move(R1, R7);
            program.Add(R1, R8);
            program.Add(R1, R9);
            program.Add(R1, CaptureRecord.CopiesOffset);
            program.Move(R2, CaptureRecord.MostCopiedOfListed);
            program.Call(BpfHelper.ProbeReadUserString);
            program.JumpIfSignedLess(R0, 0, "listed");
            program.JumpIfGreater(R0, CaptureRecord.MostCopiedOfListed, "listed");
            program.Add(R9, R0);
            program.JumpIfGreater(R9, CaptureRecord.MostCopiedOfList - CaptureRecord.MostCopiedOfListed, "listed");
        }
        program.Label("listed");
        program.Store32(R7, CaptureRecord.SecondLengthOffset, R9);
    }

    private static void CopyAddress(BpfAssembler program, int argument)
    {
        const int internet = 2;
        const int internet6 = 10;
        program.Store64(R7, CaptureRecord.CopiesOffset, 0);
        program.Move(R1, R7);
        program.Add(R1, CaptureRecord.CopiesOffset);
        program.Move(R2, CaptureRecord.SocketAddressSize);
        program.Load64(R3, R7, CaptureRecord.ArgumentsOffset + (8 * argument));
        program.Call(BpfHelper.ProbeReadUser);
        program.Load16(R1, R7, CaptureRecord.CopiesOffset);
        program.JumpIfEqual(R1, internet, "internet");
        program.JumpIfNotEqual(R1, internet6, "out");
        program.Label("internet");
        program.Move(R8, CaptureRecord.SocketAddressSize);
        program.Store32(R7, CaptureRecord.FirstLengthOffset, R8);
    }

    private static void End(BpfAssembler program)
    {
        program.Label("out");
        program.Move(R0, 1);
        program.Exit();
    }
}
