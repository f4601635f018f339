using System.Runtime.CompilerServices;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Unwinding;

/// <summary>
/// Follows a stack from its innermost frame outwards, in a copy of the stack's bytes: by call frame information, and by frame pointers where there is none.
/// Allocates nothing once the images of a process are read. For one thread.
/// </summary>
/// <remarks>
/// Nothing that is read is believed: every address is checked against the copy, every frame must be above the one it called (but for what signals interrupted),
/// and the number of frames is bounded by the room for them.
/// </remarks>
public sealed class StackUnwinder
{
    // The default limit of a stack's size. What lies further above the copy than that is another stack.
    private const ulong MostStackBytes = 8 << 20;

    private readonly UnwindRowTable _rows = new();
    private readonly int _copySize;

    /// <summary>Creates an unwinder, with an empty table of rows of 768 KiB.</summary>
    /// <param name="copySize">Bytes that the kernel was asked to copy. A copy that is shorter ends where the stack ends.</param>
    public StackUnwinder(int copySize = 0) => _copySize = copySize;

    /// <summary>Why the last stack was <see cref="UnwindStatus.Broken"/>.</summary>
    public BrokenReason BrokenReason { get; private set; }

    /// <summary>What decided the last stack.</summary>
    internal UnwindEvidence Evidence { get; } = new();

    /// <summary>Rows of call frame information that had to be worked out because the table did not have them.</summary>
    public long RowMisses => _rows.Misses;

    /// <summary>Unwinds one stack.</summary>
    /// <param name="space">The process's mappings.</param>
    /// <param name="registers">The thread's registers; at the end, those of the outermost frame found.</param>
    /// <param name="stack">The bytes from rsp on, as many as were copied (dyn_size of a perf record).</param>
    /// <param name="frames">Room for the frames, innermost first.</param>
    /// <param name="count">How many frames were found.</param>
    public UnwindStatus Unwind(AddressSpace space, ref Registers registers, ReadOnlySpan<byte> stack, Span<UnwoundFrame> frames, out int count)
    {
        ArgumentNullException.ThrowIfNull(space);
        BrokenReason = BrokenReason.None;
        count = 0;
        Evidence.Begin(registers);
        var step = new Step(new StackCopy(stack, registers[Registers.Rsp]), stack.Length >= _copySize);
        while (count < frames.Length)
        {
            ulong address = registers[Registers.Rip];
            int index = space.IndexOf(step.IsReturnAddress ? address - 1 : address);
            bool isMapped = index >= 0 && space[index].IsExecutable;
            frames[count++] = new UnwoundFrame(address, isMapped ? index : -1, step.IsReturnAddress, step.Method);
            if (!isMapped)
                return Break(BrokenReason.NoMapping);
            if (!TryStep(space, space[index], ref registers, ref step, isInnermost: count == 1))
                return step.Status;
        }
        return UnwindStatus.FrameLimit;
    }

    private bool TryStep(AddressSpace space, in Mapping mapping, ref Registers registers, ref Step step, bool isInnermost)
    {
        ulong address = registers[Registers.Rip] - (step.IsReturnAddress ? 1u : 0);
        if (mapping.File?.Image is not { } image || !image.TryGetVirtualAddress(mapping.FileOffsetOf(address), out ulong virtualAddress))
            return TryStepWithoutRow(space, mapping, ref registers, ref step, isInnermost);
        ref readonly CompactRow row = ref _rows.Get(image, virtualAddress);
        switch (row.Kind)
        {
            case CompactRowKind.Plain:
                return TryStepPlain(row, ref registers, ref step);
            case CompactRowKind.Outermost:
                return End(ref step, UnwindStatus.Complete);
            case CompactRowKind.Complex:
                return TryStepComplex(image, virtualAddress, ref registers, ref step);
            default:
                return TryStepWithoutRow(space, mapping, ref registers, ref step, isInnermost);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryStepPlain(in CompactRow row, ref Registers registers, ref Step step)
    {
        ulong cfa = registers[row.CfaRegister] + (ulong)row.CfaOffset;
        if (row.CfaRegister == Registers.Rbp)
            Evidence.UseFramePointer(registers[Registers.Rbp]);
        else if (row.CfaRegister != Registers.Rsp)
            Evidence.GiveUp();
        if (cfa <= registers[Registers.Rsp])
            return Break(ref step, BrokenReason.CfaNotIncreasing);
        if (!step.Copy.TryRead(cfa - 8, out ulong returnAddress))
            return LeaveCopy(ref step, cfa - 8);
        Evidence.Read(cfa - 8, returnAddress);
        if (returnAddress == 0)
            return End(ref step, UnwindStatus.Complete);
        if (row.Rbp != 0)
            Evidence.LoadFramePointer(cfa - (8ul * row.Rbp));
        Load(row.Rbp, Registers.Rbp, cfa, ref registers, step.Copy);
        Load(row.Rbx, Registers.Rbx, cfa, ref registers, step.Copy);
        Load(row.R12, 12, cfa, ref registers, step.Copy);
        Load(row.R13, 13, cfa, ref registers, step.Copy);
        Load(row.R14, 14, cfa, ref registers, step.Copy);
        Load(row.R15, 15, cfa, ref registers, step.Copy);
        registers[Registers.Rsp] = cfa;
        registers[Registers.Rip] = returnAddress;
        (step.IsReturnAddress, step.Method) = (true, UnwindMethod.Cfi);
        return true;
    }

    // A register that was saved outside the copy keeps its value: most frames do not need it, and one that does breaks there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(byte slot, int register, ulong cfa, ref Registers registers, StackCopy copy)
    {
        if (slot != 0 && copy.TryRead(cfa - (8ul * slot), out ulong value))
            registers[register] = value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryStepComplex(ElfImage image, ulong address, ref Registers registers, ref Step step)
    {
        Evidence.GiveUp();
        if (image.CallFrames is not { } frames || !frames.TryFindRow(address, out UnwindRow row))
            return Break(ref step, BrokenReason.BadCallFrameInformation);
        ulong cfa = 0;
        if (row.CfaKind == RegisterRuleKind.Register)
            cfa = registers[row.CfaRegister] + (ulong)row.CfaOffset;
        else if (!DwarfExpression.TryEvaluate(frames.Frames.Slice((int)row.CfaOffset, row.CfaLength), registers, step.Copy, cfa: null, out cfa))
            return LeaveCopy(ref step, cfa);
        // vfork has taken its return address off the stack: its frame has no bytes left, which only the innermost may.
        ulong lowest = registers[Registers.Rsp] + (step.IsReturnAddress ? 1u : 0);
        if (!row.IsSignalFrame && cfa < lowest)
            return Break(ref step, BrokenReason.CfaNotIncreasing);
        // Rules speak of the registers of this frame, so the caller's are collected beside them.
        Registers caller = registers;
        caller[Registers.Rsp] = cfa;
        for (int register = 0; register < Registers.Count; register++)
        {
            if (TryApply(row.Rules[register], frames.Frames, registers, step.Copy, cfa, ref caller[register], out ulong missing) || register != Registers.Rip)
                continue;
            return LeaveCopy(ref step, missing);
        }
        registers = caller;
        if (row.Rules[Registers.Rip].Kind is RegisterRuleKind.Unspecified or RegisterRuleKind.SameValue)
            return Break(ref step, BrokenReason.BadCallFrameInformation);
        if (registers[Registers.Rip] == 0)
            return End(ref step, UnwindStatus.Complete);
        (step.IsReturnAddress, step.Method) = (!row.IsSignalFrame, UnwindMethod.Cfi);
        return true;
    }

    private static bool TryApply(RegisterRule rule, ReadOnlySpan<byte> frames, in Registers registers, StackCopy copy, ulong cfa, ref ulong value,
        out ulong missing)
    {
        missing = 0;
        ulong found;
        switch (rule.Kind)
        {
            case RegisterRuleKind.Offset:
                missing = cfa + (ulong)rule.Value;
                if (!copy.TryRead(missing, out found))
                    return false;
                break;
            case RegisterRuleKind.ValOffset:
                found = cfa + (ulong)rule.Value;
                break;
            case RegisterRuleKind.Register:
                found = registers[(int)rule.Value];
                break;
            case RegisterRuleKind.Expression or RegisterRuleKind.ValExpression:
                if (!DwarfExpression.TryEvaluate(frames.Slice((int)rule.Value, rule.Length), registers, copy, cfa, out found))
                {
                    missing = found;
                    return false;
                }
                missing = found;
                if (rule.Kind == RegisterRuleKind.Expression && !copy.TryRead(missing, out found))
                    return false;
                break;
            default:
                return true;
        }
        value = found;
        return true;
    }

    /// <summary>
    /// A step from code that nothing describes. Compilers of such code (.NET, V8, Go) keep frame pointers, but code that makes a system call itself is often a
    /// leaf that has set up no frame: Go's own stubs, shellcode. rbp is then the caller's, and following it would lose the caller. So for the innermost frame
    /// the top of the stack is asked first, and believed when the frame found so has a caller in turn.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryStepWithoutRow(AddressSpace space, in Mapping mapping, ref Registers registers, ref Step step, bool isInnermost)
    {
        ulong stackPointer = registers[Registers.Rsp];
        ulong framePointer = registers[Registers.Rbp];
        if (isInnermost)
            Evidence.GiveUp();
        Evidence.UseFramePointer(framePointer);
        bool hasStackTop = isInnermost && step.Copy.TryRead(stackPointer, out ulong top) && IsCode(space, top);
        if (hasStackTop && framePointer != stackPointer && HasCaller(space, registers, step.Copy))
            return StepByStackTop(ref registers, ref step);
        bool hasCaller = framePointer >= stackPointer && step.Copy.TryRead(framePointer + 8, out ulong returnAddress) && IsCode(space, returnAddress);
        if (hasCaller)
            return StepByFramePointer(ref registers, ref step);
        if (hasStackTop)
            return StepByStackTop(ref registers, ref step);
        return EndWithoutRow(mapping, registers, ref step);
    }

    private bool StepByFramePointer(ref Registers registers, ref Step step)
    {
        ulong framePointer = registers[Registers.Rbp];
        step.Copy.TryRead(framePointer, out registers[Registers.Rbp]);
        step.Copy.TryRead(framePointer + 8, out registers[Registers.Rip]);
        Evidence.Read(framePointer + 8, registers[Registers.Rip]);
        Evidence.LoadFramePointer(framePointer);
        registers[Registers.Rsp] = framePointer + 16;
        (step.IsReturnAddress, step.Method) = (true, UnwindMethod.FramePointer);
        return true;
    }

    private static bool StepByStackTop(ref Registers registers, ref Step step)
    {
        step.Copy.TryRead(registers[Registers.Rsp], out registers[Registers.Rip]);
        registers[Registers.Rsp] += 8;
        (step.IsReturnAddress, step.Method) = (true, UnwindMethod.StackTop);
        return true;
    }

    /// <summary>Says why there is no step by frame pointer: because the thread began here, because the copy ends, or because there is no frame.</summary>
    private bool EndWithoutRow(in Mapping mapping, in Registers registers, ref Step step)
    {
        ulong framePointer = registers[Registers.Rbp];
        bool isBacked = mapping.File is { IsDoubleMapped: false, Kind: not FileKind.Memfd };
        BrokenReason reason = isBacked ? BrokenReason.NoFramePointer : BrokenReason.AfterUnbacked;
        if (framePointer == 0)
            return isBacked ? End(ref step, UnwindStatus.Complete) : Break(ref step, reason);
        if (framePointer < registers[Registers.Rsp])
            return Break(ref step, reason);
        if (!step.Copy.TryRead(framePointer + 8, out ulong returnAddress))
            return step.IsBeyondCopy(framePointer + 8) ? End(ref step, UnwindStatus.Truncated) : Break(ref step, reason);
        Evidence.Read(framePointer + 8, returnAddress);
        if (returnAddress == 0 && isBacked)
            return End(ref step, UnwindStatus.Complete);
        return Break(ref step, isBacked ? BrokenReason.GarbageReturnAddress : reason);
    }

    /// <summary>Whether the frame that the top of the stack would return to has a caller itself, or needs none.</summary>
    private bool HasCaller(AddressSpace space, Registers registers, StackCopy copy)
    {
        var step = new Step(copy, isFull: true);
        StepByStackTop(ref registers, ref step);
        int index = space.IndexOf(registers[Registers.Rip] - 1);
        if (index < 0 || space[index].File is null)
            return false;
        bool hasCaller = TryStep(space, space[index], ref registers, ref step, isInnermost: false);
        BrokenReason = BrokenReason.None;
        return hasCaller ? IsCode(space, registers[Registers.Rip]) : step.Status == UnwindStatus.Complete;
    }

    private static bool IsCode(AddressSpace space, ulong returnAddress)
    {
        int index = space.IndexOf(returnAddress - 1);
        return index >= 0 && space[index].IsExecutable;
    }

    private bool LeaveCopy(ref Step step, ulong address)
    {
        if (step.IsBeyondCopy(address))
            return End(ref step, UnwindStatus.Truncated);
        return Break(ref step, address == 0 ? BrokenReason.BadCallFrameInformation : BrokenReason.OtherStack);
    }

    private static bool End(ref Step step, UnwindStatus status)
    {
        step.Status = status;
        return false;
    }

    private bool Break(ref Step step, BrokenReason reason)
    {
        step.Status = Break(reason);
        return false;
    }

    private UnwindStatus Break(BrokenReason reason)
    {
        BrokenReason = reason;
        return UnwindStatus.Broken;
    }

    /// <summary>What one step hands to the next.</summary>
    private ref struct Step(StackCopy copy, bool isFull)
    {
        public readonly StackCopy Copy = copy;
        public bool IsReturnAddress;
        public UnwindMethod Method;
        public UnwindStatus Status;

        /// <summary>Whether an address is on the same stack behind the copy, so that a longer copy would have had it.</summary>
        public readonly bool IsBeyondCopy(ulong address) => isFull && address > Copy.End - 8 && address - Copy.End + 8 < MostStackBytes;
    }
}
