namespace CallStackRules.Capture.Modules;

/// <summary>What the kernel calls a mapping.</summary>
public enum MemoryUse : byte
{
    /// <summary>Part of a file: <see cref="Mapping.File"/> says which.</summary>
    File,

    /// <summary>Memory without a file or a name: <c>//anon</c>, an empty name, <c>[anon:...]</c>, shared memory of <c>/dev/zero</c>.</summary>
    Anonymous,

    /// <summary><c>[heap]</c>.</summary>
    Heap,

    /// <summary><c>[stack]</c>, the stack of the first thread. Stacks of other threads are anonymous memory.</summary>
    Stack,

    /// <summary><c>[vdso]</c>; <see cref="Mapping.File"/> is <see cref="MappedFileTable.Vdso"/>.</summary>
    Vdso,

    /// <summary>Other memory of the kernel's making: <c>[vsyscall]</c>, <c>[uprobes]</c>.</summary>
    Kernel,
}
