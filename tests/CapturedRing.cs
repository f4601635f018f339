using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Tracing;

namespace CallStackRules;

/// <summary>
/// Records of this kernel in a ring that never ends: what was captured once is read again and again, so that reading is measured without the machine's mood. Shared by
/// test projects that may see the internals of capture.
/// </summary>
internal sealed class CapturedRing : IDisposable
{
    private const int PageSize = 4096;
    private const int HeadOffset = 1024;
    private const int HeaderSize = 8;

    /// <summary>A type that the kernel does not have; readers pass over it.</summary>
    private const uint Filler = 0xffff;

    private static readonly LinuxCaptureOptions Everything = new() { Calls = Enum.GetValues<CapturedCall>().ToHashSet(), WantsReading = true };

    private readonly byte[] _memory;
    private readonly MemoryHandle _pin;
    private ulong _head;

    /// <summary>A ring that holds just these records.</summary>
    public CapturedRing(IReadOnlyList<byte[]> records)
    {
        int length = records.Sum(static record => record.Length);
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, PageSize));
        _memory = GC.AllocateArray<byte>(PageSize + size, pinned: true);
        Span<byte> rest = _memory.AsSpan(PageSize);
        foreach (byte[] record in records)
        {
            record.CopyTo(rest);
            rest = rest[record.Length..];
        }
        // A size has 16 bits and records are multiples of 8 bytes.
        const int longest = 0xfff8;
        while (!rest.IsEmpty)
        {
            int filler = rest.Length - longest is > 0 and < HeaderSize ? longest - HeaderSize : Math.Min(longest, rest.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(rest, Filler);
            BinaryPrimitives.WriteUInt16LittleEndian(rest[6..], (ushort)filler);
            rest = rest[filler..];
        }
        Ring = PerfRing.Over(_memory, out _pin);
    }

    /// <summary>The ring; empty until <see cref="Refill"/>.</summary>
    public PerfRing Ring { get; }

    /// <summary>Writes all records once more, as the kernel does.</summary>
    public void Refill()
    {
        _head += (ulong)(_memory.Length - PageSize);
        BinaryPrimitives.WriteUInt64LittleEndian(_memory.AsSpan(HeadOffset), _head);
    }

    /// <summary>Captures everything while a program runs to its end.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="pid">Its number.</param>
    /// <param name="stackBytes">Bytes of a stack that are copied at most.</param>
    /// <returns>The records in the order of time, each with whether it tells of processes and mappings.</returns>
    /// <exception cref="Capture.Sources.CaptureException">The kernel refuses.</exception>
    public static List<(byte[] Record, bool IsOfModel)> Capture(string program, string[] arguments, out int pid, int stackBytes = 24 * 1024)
    {
        using CaptureSession session = CaptureSession.Start(Everything with { StackBytes = stackBytes });
        // By tracepoints, records are others.
        return session.Weakness is { } weakness ? throw new Capture.Sources.CaptureException(weakness) : Capture(session, program, arguments, out pid);
    }

    /// <summary>Captures everything by tracepoints alone while a program runs to its end.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="tracepoints">What reads the records.</param>
    /// <param name="stackBytes">Bytes of a stack that are copied at most.</param>
    /// <returns>The records in the order of time, each with whether it tells of processes and mappings.</returns>
    /// <exception cref="Capture.Sources.CaptureException">The kernel refuses.</exception>
    public static List<(byte[] Record, bool IsOfModel)> CaptureTracepoints(string program, string[] arguments, out TracepointLayout tracepoints, int stackBytes)
    {
        using CaptureSession session = CaptureSession.Start(Everything with { StackBytes = stackBytes, LoadsPrograms = false });
        session.FollowCalls();
        tracepoints = session.Tracepoints!;
        return Capture(session, program, arguments, out _);
    }

    public void Dispose()
    {
        Ring.Dispose();
        _pin.Dispose();
    }

    private static List<(byte[] Record, bool IsOfModel)> Capture(CaptureSession session, string program, string[] arguments, out int pid)
    {
        using (Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!)
        {
            pid = process.Id;
            process.StandardInput.Close();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
        session.Stop();
        var merger = new RingMerger(session.Rings);
        merger.Look();
        var records = new List<(byte[], bool)>();
        while (merger.TryNext(ulong.MaxValue, out ReadOnlySpan<byte> record))
            records.Add((record.ToArray(), merger.Current!.IsOfModel));
        return records;
    }
}
