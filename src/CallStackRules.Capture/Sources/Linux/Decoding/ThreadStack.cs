using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <summary>
/// Whether a thread has turned its stack pointer away from its stack, as a chain of return addresses does that lies elsewhere. Told by what is known anyway: where the
/// stack of a program's first thread is, and which memory is executable. Of the stacks of other threads only the program knows.
/// </summary>
internal static class ThreadStack
{
    /// <summary>Bytes below a first stack in which the kernel maps nothing else (MIN_GAP of arch/x86/mm/mmap.c).</summary>
    private const ulong BytesBelow = 128 << 20;

    /// <summary>Bytes above where a program begins: its arguments and environment, for which the kernel has a limit of 6 MiB (fs/exec.c).</summary>
    private const ulong BytesAbove = 6 << 20;

    /// <summary>Whether the thread that made a call is on another stack than its own.</summary>
    /// <param name="sample">The call.</param>
    /// <param name="process">Its process.</param>
    public static bool IsLeft(in PerfSample sample, LinuxProcess process)
    {
        if (sample.Abi != PerfSample.Abi64 || sample.Registers.IsEmpty)
            return false;
        ulong pointer = sample.Registers[Registers.PerfStackPointer];
        if (sample.Tid == sample.Pid && process.StackTop != 0)
        {
            bool isLeft = pointer > process.StackTop + BytesAbove || pointer < process.StackTop - BytesBelow;
            if (!isLeft || !process.IsStackInherited)
            {
                process.IsStackInherited = false;
                // Go runs its functions on stacks that it keeps in its heap.
                return isLeft && process.Program?.Image?.IsGo != true;
            }
            // It was forked by another thread, or began on memory that was given to it: where that ends is not known.
            process.StackTop = 0;
        }
        int index = process.Space.IndexOf(pointer);
        return index >= 0 && process.Space[index].Use is not (MemoryUse.Stack or MemoryUse.Kernel);
    }
}
