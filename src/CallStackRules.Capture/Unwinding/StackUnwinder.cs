namespace CallStackRules.Capture.Unwinding;

/// <summary>
/// Finds the callers of a thread from its registers and a copy of its stack: by call frame information where the file has it, and by frame pointers elsewhere, as
/// in code that was compiled while the program ran.
/// </summary>
/// <remarks>Allocates nothing and always ends: each step leads to a higher address, and there are no more steps than frames.</remarks>
internal sealed class StackUnwinder
{
    /// <summary>Frames of signal handlers may lie on a stack of their own, below that of whom they interrupted; more than a few are made up.</summary>
    private const int MostSignalFrames = 8;

    private readonly UnwindRowTable _rows = new();

    /// <summary>Unwinds a stack.</summary>
    /// <param name="map">What is executable.</param>
    /// <param name="registers">The registers of the thread; changed.</param>
    /// <param name="stack">Its stack from the stack pointer upwards.</param>
    /// <param name="isStackFull">Whether the stack goes on behind the copy.</param>
    /// <param name="frames">Receives the frames, the innermost first.</param>
    /// <param name="count">How many there are.</param>
    public UnwindStatus Unwind<TMap>(TMap map, ref Registers registers, ReadOnlySpan<byte> stack, bool isStackFull, Span<UnwoundFrame> frames, out int count)
        where TMap : ICodeMap
    {
        var copy = new StackCopy(stack, registers[Registers.Rsp]);
        bool isReturnAddress = false;
        int signalFrames = 0;
        count = 0;
        while (true)
        {
            ulong address = registers[Registers.Rip];
            ulong place = isReturnAddress ? address - 1 : address;
            if (!map.TryFind(place, out CodeRange range))
            {
                // The thread itself runs somewhere, even where nobody knows what is there.
                if (count == 0)
                    frames[count++] = new UnwoundFrame(address, IsReturnAddress: false);
                return UnwindStatus.NoCode;
            }
            if (count == frames.Length)
                return UnwindStatus.FrameLimit;
            frames[count++] = new UnwoundFrame(address, isReturnAddress);

            Step step = Step.NoInformation;
            if (range.Image is { Frames: { } information } image)
            {
                ref readonly UnwindRow row = ref _rows.Get(image, information, image.ToVirtualAddress(range.FileOffset + (place - range.Start)));
                if (row.IsFound)
                {
                    step = ByInformation(row, information, copy, ref registers, ref signalFrames);
                    isReturnAddress = !row.IsSignalFrame;
                }
            }
            if (step == Step.NoInformation)
            {
                step = ByFramePointer(map, copy, ref registers, isInnermost: count == 1);
                isReturnAddress = true;
            }
            switch (step)
            {
                case Step.Done:
                    return UnwindStatus.Complete;
                case Step.Above:
                    return isStackFull ? UnwindStatus.Truncated : UnwindStatus.OutsideStack;
                case Step.Below:
                    return UnwindStatus.NotIncreasing;
                case Step.Malformed:
                    return UnwindStatus.BadInformation;
            }
        }
    }

    private static Step ByInformation(in UnwindRow row, CallFrameInformation information, in StackCopy copy, ref Registers registers, ref int signalFrames)
    {
        if (row.Rule[UnwindRow.ReturnAddress] == RegisterRule.Undefined)
            return Step.Done;
        ulong frame;
        if (row.IsFrameExpression)
        {
            if (!DwarfExpression.TryCompute(information.Bytes, row.FrameValue, null, registers, copy, out frame))
                return Step.Malformed;
        }
        else if (row.FrameRegister < Registers.Count)
        {
            frame = registers[row.FrameRegister] + (ulong)row.FrameValue;
        }
        else
        {
            return Step.Malformed;
        }
        if (frame <= registers[Registers.Rsp] && (!row.IsSignalFrame || ++signalFrames > MostSignalFrames))
            return Step.Below;
        Registers caller = registers;
        caller[Registers.Rsp] = frame;
        for (int i = 0; i < UnwindRow.KeptRegisters; i++)
        {
            RegisterRule rule = row.Rule[i];
            if (rule == RegisterRule.Same)
                continue;
            int register = UnwindRow.Kept[i];
            ulong value;
            switch (rule)
            {
                case RegisterRule.AtOffset:
                    if (!copy.TryRead(frame + (ulong)row.Value[i], out value))
                        return frame > copy.End - 8 ? Step.Above : Step.Below;
                    break;
                case RegisterRule.IsOffset:
                    value = frame + (ulong)row.Value[i];
                    break;
                case RegisterRule.InRegister:
                    if ((uint)row.Value[i] >= Registers.Count)
                        return Step.Malformed;
                    value = registers[row.Value[i]];
                    break;
                case RegisterRule.AtExpression:
                    if (!DwarfExpression.TryCompute(information.Bytes, row.Value[i], frame, registers, copy, out ulong at))
                        return Step.Malformed;
                    if (!copy.TryRead(at, out value))
                        return Step.Above;
                    break;
                case RegisterRule.IsExpression:
                    if (!DwarfExpression.TryCompute(information.Bytes, row.Value[i], frame, registers, copy, out value))
                        return Step.Malformed;
                    break;
                default:
                    value = 0;
                    break;
            }
            caller[register] = value;
        }
        registers = caller;
        return registers[Registers.Rip] == 0 ? Step.Done : Step.Caller;
    }

    private static Step ByFramePointer<TMap>(TMap map, in StackCopy copy, ref Registers registers, bool isInnermost)
        where TMap : ICodeMap
    {
        ulong pointer = registers[Registers.Rbp];
        if (pointer >= registers[Registers.Rsp] && copy.TryRead(pointer, out ulong callersPointer) && copy.TryRead(pointer + 8, out ulong address)
            && (!isInnermost || map.TryFind(address - 1, out _)))
        {
            registers[Registers.Rsp] = pointer + 16;
            registers[Registers.Rbp] = callersPointer;
            registers[Registers.Rip] = address;
            return address == 0 ? Step.Done : Step.Caller;
        }
        // Code that was called and has set up nothing yet, or never does, has its return address on top.
        if (isInnermost && copy.TryRead(registers[Registers.Rsp], out ulong top) && map.TryFind(top - 1, out _))
        {
            registers[Registers.Rsp] += 8;
            registers[Registers.Rip] = top;
            return Step.Caller;
        }
        if (pointer == 0)
            return Step.Done;
        return pointer < registers[Registers.Rsp] ? Step.Below : Step.Above;
    }

    private enum Step
    {
        NoInformation,
        Caller,
        Done,
        Above,
        Below,
        Malformed,
    }
}
