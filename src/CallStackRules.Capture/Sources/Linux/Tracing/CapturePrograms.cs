using CallStackRules.Capture.Sources.Linux.Bpf;
using static CallStackRules.Capture.Sources.Linux.Bpf.BpfRegister;

namespace CallStackRules.Capture.Sources.Linux.Tracing;

/// <summary>Writes the eBPF programs of a row.</summary>
/// <remarks>
/// A call is captured on return, so that only calls that succeeded are seen, results are known, and what arguments point to has just been read by the kernel and
/// can be read again. The arguments are still in the registers that the thread entered the kernel with, which the kernel changes only for the result. Only a call for
/// another program is captured on entry. Programs return 1: 0 would hide the tracepoint from others. Calls of the 32-bit table have other numbers and registers, and pass
/// no tracepoint but those of all calls: there a program looks which table it is, and goes on with another for the call.
/// </remarks>
internal sealed class CapturePrograms(BpfMap rings, BpfMap scratch, int ourProcess)
{
    /// <summary>Bytes that programs may write in: a record with two copies.</summary>
    public const int ScratchSize = CaptureRecord.CopiesOffset + (2 * CaptureRecord.MostCopied) + CaptureRecord.MostCopiedOfListed + 64;

    private const int IndexOffset = -8;

    // Where a tracepoint of a system call has its arguments and its result (tracefs, format).
    private const int EnterArguments = TraceFileSystem.FirstArgumentOffset;
    private const int ExitResult = 16;

    // Where struct pt_regs (arch/x86/include/asm/ptrace.h) has the arguments of a system call: di si dx r10 r8 r9.
    private static readonly int[] ArgumentRegisters = [112, 104, 96, 56, 72, 64];

    // The same of a call of the 32-bit table: bx cx dx si di bp; and ax and orig_ax, which hold the result and the call's number.
    private static readonly int[] CompatRegisters = [40, 88, 96, 104, 112, 32];
    private const int ResultRegister = 80;
    private const int NumberRegister = 120;

    // struct task_struct begins with struct thread_info: u64 flags, u64 syscall_work, u32 status (arch/x86/include/asm/thread_info.h, since Linux 5.11).
    private const int StatusOfTask = 16;
    private const int TaskIsInCompatCall = 2;

    /// <summary>On return: writes a record of a call that matters.</summary>
    /// <param name="index">The row.</param>
    /// <param name="arguments">How many arguments the call has.</param>
    /// <param name="anyOfFlags">Only calls with one of these flags matter; 0: all.</param>
    public ulong[] WriteOnReturn(int index, int arguments, int anyOfFlags)
    {
        CaptureRow row = CaptureTable.Rows[index];
        var program = new BpfAssembler();
        Begin(program);
        program.Load64(R8, R6, ExitResult);
        RequireSuccess(program, row);
        LoadRegisters(program, R9);
        program.Load64(R1, R9, ArgumentRegisters[0]);
        RequireFirstArgument(program, row);
        if (anyOfFlags != 0 && !row.FlagsAreIndirect)
        {
            program.Load64(R1, R9, ArgumentRegisters[row.Flags]);
            RequireFlags(program, anyOfFlags);
        }
        BeginRecord(program, index);
        program.Store64(R7, CaptureRecord.ReturnOffset, R8);
        CopyArguments(program, arguments, R9, static i => ArgumentRegisters[i]);
        if (row.FlagsAreIndirect)
            ReadFlags(program, CaptureRecord.ArgumentsOffset + (8 * row.Flags), anyOfFlags);
        WriteRecord(program, row);
        return program.Assemble();
    }

    /// <summary>On entry: writes a record at once.</summary>
    public ulong[] WriteOnEntry(int index, int arguments)
    {
        CaptureRow row = CaptureTable.Rows[index];
        var program = new BpfAssembler();
        Begin(program);
        BeginRecord(program, index);
        program.Store64(R7, CaptureRecord.ReturnOffset, 0);
        CopyArguments(program, arguments, R6, static i => EnterArguments + (8 * i));
        WriteRecord(program, row);
        return program.Assemble();
    }

    /// <summary>
    /// Where all calls pass: goes on with the program for the call's number when the call is of the 32-bit table. All other calls end here, after a few instructions.
    /// </summary>
    /// <param name="byNumber">Programs that <see cref="WriteCompat"/> wrote.</param>
    public ulong[] WriteCompatEntrance(BpfMap byNumber)
    {
        var program = new BpfAssembler();
        program.Move(R6, R1);
        program.Call(BpfHelper.GetCurrentTask);
        program.Load32(R1, R0, StatusOfTask);
        program.And(R1, TaskIsInCompatCall);
        program.JumpIfEqual(R1, 0, "out");
        program.Move(R1, R0);
        program.Call(BpfHelper.TaskRegisters);
        program.Load32(R3, R0, NumberRegister);
        GoOn(program, byNumber);
        End(program);
        return program.Assemble();
    }

    /// <summary>Goes on with the program for the socket call that socketcall names.</summary>
    /// <param name="bySocketCall">Programs that <see cref="WriteCompat"/> wrote.</param>
    public ulong[] WriteSocketEntrance(BpfMap bySocketCall)
    {
        var program = new BpfAssembler();
        program.Move(R6, R1);
        LoadRegisters(program, R9);
        program.Load32(R3, R9, CompatRegisters[0]);
        GoOn(program, bySocketCall);
        End(program);
        return program.Assemble();
    }

    /// <summary>Writes a record of a call of the 32-bit table: on entry or on return, as its row says.</summary>
    /// <param name="index">The row.</param>
    /// <param name="place">Where the arguments are.</param>
    /// <param name="anyOfFlags">Only calls with one of these flags matter; 0: all.</param>
    public ulong[] WriteCompat(int index, CompatArguments place, int anyOfFlags)
    {
        CaptureRow row = CaptureTable.Rows[index];
        var program = new BpfAssembler();
        Begin(program);
        LoadRegisters(program, R9);
        program.Move(R8, 0);
        if (!row.IsCapturedOnEntry)
        {
            program.Load64(R8, R9, ResultRegister);
            RequireSuccess(program, row);
        }
        BeginRecord(program, index);
        program.Store32(R7, CaptureRecord.FlagsOffset, CaptureRecord.CompatFlag);
        program.Store64(R7, CaptureRecord.ReturnOffset, R8);
        CopyCompatArguments(program, place);
        program.Load64(R1, R7, CaptureRecord.ArgumentsOffset);
        RequireFirstArgument(program, row);
        if (row.FlagsAreIndirect)
        {
            ReadFlags(program, CaptureRecord.ArgumentsOffset + (8 * row.Flags), anyOfFlags);
        }
        else if (anyOfFlags != 0)
        {
            program.Load64(R1, R7, CaptureRecord.ArgumentsOffset + (8 * row.Flags));
            RequireFlags(program, anyOfFlags);
        }
        WriteRecord(program, row, pointerSize: 4);
        return program.Assemble();
    }

    /// <summary>Where requests through io_uring pass: goes on with the program for the operation.</summary>
    /// <param name="byOperation">Programs that <see cref="WriteRequest"/> wrote.</param>
    public ulong[] WriteRequestEntrance(BpfMap byOperation)
    {
        var program = new BpfAssembler();
        program.Move(R6, R1);
        program.Store64(R10, IndexOffset, 0);
        program.Load64(R3, R6, 0);
        program.Add(R3, RingRequests.OperationOffset);
        program.Move(R1, R10);
        program.Add(R1, IndexOffset);
        program.Move(R2, 1);
        program.Call(BpfHelper.ProbeReadKernel);
        program.Load64(R3, R10, IndexOffset);
        GoOn(program, byOperation);
        End(program);
        return program.Assemble();
    }

    /// <summary>Writes a record of a request through io_uring, as of the system call that does the same.</summary>
    /// <param name="index">The row.</param>
    /// <param name="fields">Where the request has the arguments.</param>
    /// <param name="anyOfFlags">Only requests with one of these flags matter; 0: all.</param>
    public ulong[] WriteRequest(int index, RingField[] fields, int anyOfFlags)
    {
        CaptureRow row = CaptureTable.Rows[index];
        var program = new BpfAssembler();
        Begin(program);
        BeginRecord(program, index);
        program.Store32(R7, CaptureRecord.FlagsOffset, CaptureRecord.RequestFlag);
        program.Store64(R7, CaptureRecord.ReturnOffset, -1);
        program.Load64(R8, R6, 0);
        for (int i = 0; i < ArgumentRegisters.Length; i++)
            program.Store64(R7, CaptureRecord.ArgumentsOffset + (8 * i), 0);
        foreach (RingField field in fields)
        {
            program.Move(R3, R8);
            program.Add(R3, field.Offset);
            ReadArgument(field.Argument, field.Size);
            if (row.CopiedKind != CopiedArgument.Text || !row.Copied.Contains(field.Argument))
                continue;
            // struct filename begins with the address of the text, which the kernel has copied already.
            program.Load64(R3, R7, CaptureRecord.ArgumentsOffset + (8 * field.Argument));
            ReadArgument(field.Argument, 8);
        }
        if (anyOfFlags != 0)
        {
            program.Load64(R1, R7, CaptureRecord.ArgumentsOffset + (8 * row.Flags));
            RequireFlags(program, anyOfFlags);
        }
        WriteRecord(program, row, textReader: BpfHelper.ProbeReadKernelString);
        return program.Assemble();

        void ReadArgument(int argument, int size)
        {
            program.Move(R1, R7);
            program.Add(R1, CaptureRecord.ArgumentsOffset + (8 * argument));
            program.Move(R2, size);
            program.Call(BpfHelper.ProbeReadKernel);
        }
    }

    /// <summary>When a program is in place: writes who it was before as the first argument. The stack that comes along is the new one, with arguments and environment.</summary>
    /// <param name="oldPidOffset">Where the tracepoint has the thread's number of before.</param>
    public ulong[] WriteExecuted(int oldPidOffset)
    {
        const int index = CaptureTable.ExecutedRow;
        var program = new BpfAssembler();
        Begin(program);
        BeginRecord(program, index);
        program.Store64(R7, CaptureRecord.ReturnOffset, 0);
        program.Load32(R1, R6, oldPidOffset);
        program.Store64(R7, CaptureRecord.ArgumentsOffset, R1);
        for (int i = 1; i < 6; i++)
            program.Store64(R7, CaptureRecord.ArgumentsOffset + (8 * i), 0);
        WriteRecord(program, CaptureTable.Rows[index]);
        return program.Assemble();
    }

    /// <summary>R6: the tracepoint's record. Our own calls end here.</summary>
    private void Begin(BpfAssembler program)
    {
        program.Move(R6, R1);
        program.Call(BpfHelper.GetCurrentPidTgid);
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
        program.Move(R1, R7);
        program.Add(R1, CaptureRecord.NameOffset);
        program.Move(R2, CaptureRecord.NameSize);
        program.Call(BpfHelper.GetCurrentName);
    }

    /// <summary>Copies what arguments point to, hands the record over, and ends. R8 and R9: lengths of the copies.</summary>
    private void WriteRecord(BpfAssembler program, CaptureRow row, int pointerSize = 8, BpfHelper textReader = BpfHelper.ProbeReadUserString)
    {
        program.Move(R8, 0);
        program.Move(R9, 0);
        if (row.CopiedKind == CopiedArgument.SocketAddress)
        {
            CopyAddress(program, row.Copied[0], row.IsCopiedOptional);
        }
        else if (row.CopiedKind == CopiedArgument.Capabilities)
        {
            CopyCapabilities(program, row.Copied[0]);
        }
        else
        {
            if (row.Copied.Length > 0)
                CopyText(program, row.Copied[0], R8, CaptureRecord.FirstLengthOffset, "first", textReader);
            if (row.TextList >= 0)
                CopyList(program, row.TextList, pointerSize);
            if (row.Copied.Length > 1)
                CopyText(program, row.Copied[1], R9, CaptureRecord.SecondLengthOffset, "second", textReader);
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

    /// <summary>Copies the arguments of a call; those it does not have are 0.</summary>
    private static void CopyArguments(BpfAssembler program, int arguments, BpfRegister from, Func<int, int> offsetOf)
    {
        for (int i = 0; i < ArgumentRegisters.Length; i++)
        {
            int place = CaptureRecord.ArgumentsOffset + (8 * i);
            if (i >= arguments)
            {
                program.Store64(R7, place, 0);
                continue;
            }
            program.Load64(R1, from, offsetOf(i));
            program.Store64(R7, place, R1);
        }
    }

    /// <summary>The arguments of a call of the 32-bit table, each as 64 bits. R9: the registers.</summary>
    private static void CopyCompatArguments(BpfAssembler program, CompatArguments place)
    {
        if (place is CompatArguments.Memory or CompatArguments.SocketMemory)
        {
            // Where they cannot be read, the call would have failed; they are left at 0.
            program.Move(R1, R7);
            program.Add(R1, CaptureRecord.CopiesOffset);
            program.Move(R2, CompatRegisters.Length * 4);
            program.Load32(R3, R9, CompatRegisters[place == CompatArguments.Memory ? 0 : 1]);
            program.Call(BpfHelper.ProbeReadUser);
        }
        for (int i = 0; i < CompatRegisters.Length; i++)
        {
            if (place is CompatArguments.Memory or CompatArguments.SocketMemory)
                program.Load32(R1, R7, CaptureRecord.CopiesOffset + (4 * i));
            else
                program.Load32(R1, R9, CompatRegisters[i]);
            if (place == CompatArguments.Halves)
            {
                // The number that stands for "unchanged" has all bits set, too.
                program.And(R1, ushort.MaxValue);
                program.JumpIfNotEqual(R1, ushort.MaxValue, $"number-{i}");
                program.LoadConstant(R1, uint.MaxValue);
                program.Label($"number-{i}");
            }
            program.Store64(R7, CaptureRecord.ArgumentsOffset + (8 * i), R1);
        }
    }

    /// <summary>Goes on with the program that has the number in R3, or with what follows when there is none.</summary>
    private static void GoOn(BpfAssembler program, BpfMap programs)
    {
        program.Move(R1, R6);
        program.LoadMap(R2, programs.Descriptor);
        program.Call(BpfHelper.TailCall);
    }

    /// <summary>Loads where the registers are that the thread entered the kernel with.</summary>
    private static void LoadRegisters(BpfAssembler program, BpfRegister to)
    {
        program.Call(BpfHelper.GetCurrentTask);
        program.Move(R1, R0);
        program.Call(BpfHelper.TaskRegisters);
        program.Move(to, R0);
    }

    /// <summary>Ends the program when the call failed. R8: its result.</summary>
    private static void RequireSuccess(BpfAssembler program, CaptureRow row)
    {
        if (row.HarmlessError != 0)
            program.JumpIfEqual(R8, row.HarmlessError, "happened");
        program.JumpIfSignedLess(R8, 0, "out");
        program.Label("happened");
    }

    /// <summary>Ends the program when the first argument, which is in R1, says that the call does not matter. R8: its result.</summary>
    private static void RequireFirstArgument(BpfAssembler program, CaptureRow row)
    {
        if (row.MustDiffer)
            program.JumpIfEqual(R1, R8, "out");
        if (row.FirstArgument.Length == 0)
            return;
        foreach (int value in row.FirstArgument)
            program.JumpIfEqual(R1, value, "matters");
        program.Jump("out");
        program.Label("matters");
    }

    /// <summary>Ends the program unless R1 has one of these flags.</summary>
    private static void RequireFlags(BpfAssembler program, int anyOfFlags)
    {
        program.JumpIfAnySet(R1, anyOfFlags, "wanted");
        program.Jump("out");
        program.Label("wanted");
    }

    /// <summary>Replaces the argument that points to the flags by the flags.</summary>
    private static void ReadFlags(BpfAssembler program, int place, int anyOfFlags)
    {
        program.Load64(R3, R7, place);
        program.Store64(R7, place, 0);
        program.Move(R1, R7);
        program.Add(R1, place);
        program.Move(R2, 8);
        program.Call(BpfHelper.ProbeReadUser);
        if (anyOfFlags == 0)
            return;
        program.Load64(R1, R7, place);
        RequireFlags(program, anyOfFlags);
    }

    private static void CopyText(BpfAssembler program, int argument, BpfRegister length, int lengthOffset, string name, BpfHelper reader)
    {
        program.Move(R1, R7);
        // R8 is 0 while the first text is copied.
        program.Add(R1, R8);
        program.Add(R1, CaptureRecord.CopiesOffset);
        program.Move(R2, CaptureRecord.MostCopied);
        program.Load64(R3, R7, CaptureRecord.ArgumentsOffset + (8 * argument));
        program.Call(reader);
        program.JumpIfSignedLess(R0, 0, name + "-missing");
        program.JumpIfGreater(R0, CaptureRecord.MostCopied, name + "-missing");
        program.Move(length, R0);
        program.Store32(R7, lengthOffset, length);
        program.Label(name + "-missing");
    }

    /// <summary>Copies the texts of a list one behind the other. A text that cannot be read ends it.</summary>
    private static void CopyList(BpfAssembler program, int argument, int pointerSize)
    {
        for (int i = 0; i < CaptureRecord.MostListed; i++)
        {
            program.Store64(R10, IndexOffset, 0);
            program.Move(R1, R10);
            program.Add(R1, IndexOffset);
            program.Move(R2, pointerSize);
            program.Load64(R3, R7, CaptureRecord.ArgumentsOffset + (8 * argument));
            program.Add(R3, pointerSize * i);
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

    private static void CopyAddress(BpfAssembler program, int argument, bool isOptional)
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
        if (isOptional)
            program.JumpIfEqual(R1, 0, "no-address");
        program.JumpIfNotEqual(R1, internet6, "out");
        program.Label("internet");
        program.Move(R8, CaptureRecord.SocketAddressSize);
        program.Store32(R7, CaptureRecord.FirstLengthOffset, R8);
        program.Label("no-address");
    }

    private static void CopyCapabilities(BpfAssembler program, int argument)
    {
        program.Move(R1, R7);
        program.Add(R1, CaptureRecord.CopiesOffset);
        program.Move(R2, CaptureRecord.CapabilitiesSize);
        program.Load64(R3, R7, CaptureRecord.ArgumentsOffset + (8 * argument));
        program.Call(BpfHelper.ProbeReadUser);
        program.JumpIfSignedLess(R0, 0, "capabilities-missing");
        program.Move(R8, CaptureRecord.CapabilitiesSize);
        program.Store32(R7, CaptureRecord.FirstLengthOffset, R8);
        program.Label("capabilities-missing");
    }

    private static void End(BpfAssembler program)
    {
        program.Label("out");
        program.Move(R0, 1);
        program.Exit();
    }
}
