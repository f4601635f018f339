using CallStackRules.Capture.Sources.Linux.Decoding;

namespace CallStackRules.Capture.Sources.Linux.Processes;

/// <summary>A thread asked for another program: its call stack, kept until the program is in place, when that stack is gone.</summary>
internal sealed class PendingExecution
{
    /// <summary>Its process; null when this is not in use.</summary>
    public LinuxProcess? Process { get; set; }

    /// <summary>What another thread of the process asked for before; null when none did.</summary>
    public PendingExecution? Next { get; set; }

    /// <summary>The thread.</summary>
    public int Tid { get; set; }

    /// <summary>When, in nanoseconds of CLOCK_MONOTONIC.</summary>
    public ulong Time { get; set; }

    /// <summary>Whether the thread had left its stack.</summary>
    public bool HasLeftStack { get; set; }

    /// <summary>Whether 64-bit code asked by the table of calls for 32-bit programs.</summary>
    public bool IsForeignCall { get; set; }

    /// <summary>The path that was asked for.</summary>
    public string Path { get; set; } = "";

    /// <summary>The arguments that were given, as far as they were copied.</summary>
    public List<string> Arguments { get; } = [];

    /// <summary>Whether the program was held and rules have seen it. Its interpreter or loader is held after it.</summary>
    public bool IsJudged { get; set; }

    /// <summary>The stack.</summary>
    public StackFacts Stack { get; } = new();
}
