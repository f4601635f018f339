using System.Buffers.Binary;
using System.Text;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Capture.Symbols;
using CallStackRules.Events;
using Xunit.Abstractions;

namespace CallStackRules.Capture.Tests.Linux;

/// <summary>Records that tracepoints write by themselves, made here as the kernel makes them, of a process that is gone.</summary>
public sealed class TracepointRecordsTests(ITestOutputHelper output)
{
    /// <summary>No system has so many processes.</summary>
    private const int Pid = int.MaxValue;
    private const int OurPid = 17;
    private const ulong StackPointer = 0x7ffc_0000_0000;
    private const int CurrentFolder = -100;
    private const int WriteOnly = 1;

    private readonly CaptureStatistics _statistics = new();

    [SkippableFact]
    public void A_call_on_return_has_its_result_the_arguments_of_the_registers_and_a_path_that_lies_on_the_stack()
    {
        byte[] written = Rewrite(Exit("openat", 5, "/etc/hostname"u8, CurrentFolder, StackPointer, WriteOnly));

        Assert.True(PerfSample.TryRead(written, out PerfSample sample));
        Assert.True(CaptureRecord.TryRead(sample.Raw, out CaptureRecord call));
        Assert.Equal("openat", call.Row.SystemCall);
        Assert.Equal(5, call.Result);
        Assert.Equal(CurrentFolder, (int)call.Argument(0));
        Assert.Equal(WriteOnly, call.Flags);
        Assert.Equal("/etc/hostname", Encoding.UTF8.GetString(call.First));
        Assert.Equal([101, unchecked((ulong)CurrentFolder), 106, StackPointer, 108, 112, 113, 114, 115], sample.Registers.ToArray());
        Assert.Equal("/etc/hostname\0", Encoding.UTF8.GetString(sample.Stack));
        Assert.Equal((Pid, Pid - 1, 42ul), (sample.Pid, sample.Tid, sample.Time));
    }

    [SkippableFact]
    public void A_call_whose_path_cannot_be_read_is_still_told()
    {
        byte[] written = Rewrite(Exit("openat", 5, default, CurrentFolder, 0x1000, 0));

        Assert.True(PerfSample.TryRead(written, out PerfSample sample));
        Assert.True(CaptureRecord.TryRead(sample.Raw, out CaptureRecord call));
        Assert.True(call.First.IsEmpty);
        Assert.Equal(5, call.Result);
    }

    [SkippableFact]
    public void A_path_among_the_constants_of_a_mapped_file_is_read_from_the_file_when_the_process_is_gone()
    {
        const string linker = "/lib64/ld-linux-x86-64.so.2";
        const string constant = "/etc/ld.so.cache";
        const ulong start = 0x7f00_0000_0000;
        Skip.IfNot(File.Exists(linker), "no dynamic linker to read");
        LinuxProcesses processes = Processes();
        byte[] bytes = File.ReadAllBytes(linker);
        ElfImage image = ElfImage.Read(bytes, out _)!;
        MappedFile file = processes.Files.GetOrAdd(0, 0, 0, Encoding.UTF8.GetBytes(linker));
        file.SetImage(image, refusal: null);
        ElfSegment code = image.Segments.ToArray().First(static segment => segment.IsExecutable);
        int place = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(constant + "\0"));
        ElfSegment constants = image.Segments.ToArray().First(segment => (ulong)place - segment.FileOffset < segment.FileSize);
        const MemoryProtection protection = MemoryProtection.Read | MemoryProtection.Execute;
        processes.GetOrRead(Pid).Space.Map(new Mapping(start, start + code.FileSize, code.FileOffset, protection, MemoryUse.File, file));
        ulong address = (ulong)place - constants.FileOffset + constants.Address - code.Address + start;

        byte[] written = Rewrite(Exit("openat", 3, default, CurrentFolder, address, 0), processes);

        Assert.True(PerfSample.TryRead(written, out PerfSample sample));
        Assert.True(CaptureRecord.TryRead(sample.Raw, out CaptureRecord call));
        Assert.Equal(constant, Encoding.UTF8.GetString(call.First));
    }

    [SkippableFact]
    public void A_path_that_is_read_from_the_process_counts_only_where_it_leads_to_a_file()
    {
        byte[] memory = GC.AllocateArray<byte>(64, pinned: true);
        ulong address = (ulong)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0);
        byte[] record = Exit("openat", 1_000_000, default, CurrentFolder, address, 0, Environment.ProcessId);

        "/etc/passwd\0"u8.CopyTo(memory);
        Assert.Equal("/etc/passwd", PathIn(Rewrite(record)));
        Assert.Equal(0, _statistics.TextsMissing);

        // What else a program may have there a moment later.
        "/etc/4711\0"u8.CopyTo(memory);
        Assert.Equal("", PathIn(Rewrite(record)));
        Assert.Equal(1, _statistics.TextsMissing);

        // On the stack it lay there when the call was made.
        Assert.Equal("/etc/4711", PathIn(Rewrite(Exit("openat", 1_000_000, "/etc/4711"u8, CurrentFolder, StackPointer, 0, Environment.ProcessId))));
    }

    [SkippableTheory]
    [InlineData("openat", -2, 0, 0)]
    [InlineData("mmap", 0x1000, 0, 3)]
    [InlineData("ptrace", 0, 1, 0)]
    [InlineData("connect", -111, 3, 0)]
    public void Calls_that_failed_or_do_not_matter_are_left_out(string call, long result, int first, int flags)
    {
        Assert.Empty(Rewrite(Exit(call, result, default, first, 0, flags)));
        Assert.Equal(0, _statistics.BadRecords + _statistics.TextsMissing);
    }

    [SkippableTheory]
    [InlineData("mmap", 0x1000, 0, 5)]
    [InlineData("ptrace", 0, 16, 0)]
    public void Calls_that_matter_are_told(string call, long result, int first, int flags) =>
        Assert.NotEmpty(Rewrite(Exit(call, result, default, first, 0, flags)));

    [SkippableFact]
    public void Files_opened_to_be_read_are_left_out_where_nobody_wants_them()
    {
        Assert.Empty(Rewrite(Exit("openat", 3, default, CurrentFolder, StackPointer, 0), wantsReading: false));
        Assert.NotEmpty(Rewrite(Exit("openat", 3, default, CurrentFolder, StackPointer, WriteOnly), wantsReading: false));
    }

    [SkippableFact]
    public void Our_own_calls_are_left_out() =>
        Assert.Empty(Rewrite(Exit("openat", 3, default, CurrentFolder, StackPointer, 0, OurPid)));

    [SkippableFact]
    public void An_address_of_the_internet_is_told_others_are_left_out_and_one_that_cannot_be_read_is_counted()
    {
        byte[] internet = [2, 0, 0x01, 0xbb, 192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] local = [1, 0, (byte)'/', (byte)'r', (byte)'u', (byte)'n', 0];
        const int inProgress = -115;

        byte[] written = Rewrite(Exit("connect", inProgress, internet, 3, StackPointer, 16));
        Assert.True(PerfSample.TryRead(written, out PerfSample sample));
        Assert.True(CaptureRecord.TryRead(sample.Raw, out CaptureRecord call));
        Assert.Equal([.. internet, .. new byte[12]], call.First.ToArray());
        Assert.Empty(Rewrite(Exit("connect", 0, local, 3, StackPointer, 7)));
        Assert.Equal(0, _statistics.TextsMissing);
        Assert.Empty(Rewrite(Exit("connect", 0, default, 3, 0x1000, 16)));
        Assert.Equal(1, _statistics.TextsMissing);
    }

    [SkippableFact]
    public void A_program_in_place_has_the_path_that_the_kernel_wrote_and_who_it_was_before()
    {
        byte[] raw = new byte[20 + 10];
        BinaryPrimitives.WriteUInt16LittleEndian(raw, CaptureTable.ExecutedRow);
        BinaryPrimitives.WriteUInt32LittleEndian(raw.AsSpan(8), (10u << 16) | 20);
        BinaryPrimitives.WriteInt32LittleEndian(raw.AsSpan(12), 4711);
        "/bin/true\0"u8.CopyTo(raw.AsSpan(20));

        byte[] written = Rewrite(Sample(raw, default, Pid));

        Assert.True(PerfSample.TryRead(written, out PerfSample sample));
        Assert.True(CaptureRecord.TryRead(sample.Raw, out CaptureRecord call));
        Assert.Equal(4711ul, call.Argument(0));
        Assert.Equal("/bin/true", Encoding.UTF8.GetString(call.First));
    }

    [SkippableFact]
    public void Records_of_other_kinds_stay_as_they_are()
    {
        byte[] fork = new byte[48];
        BinaryPrimitives.WriteUInt32LittleEndian(fork, (uint)PerfRecordType.Fork);

        Assert.Equal(fork, Rewrite(fork));
    }

    [SkippableFact]
    public void A_call_of_a_known_process_allocates_nothing()
    {
        LinuxProcesses processes = Processes();
        processes.GetOrRead(Pid);
        TracepointRecords records = Records(processes);
        byte[] record = Exit("openat", 5, "/etc/hostname"u8, CurrentFolder, StackPointer, WriteOnly);
        int told = 0;

        long bytes = Allocations.Of(() =>
        {
            told = 0;
            for (int i = 0; i < 100; i++)
            {
                ReadOnlySpan<byte> rewritten = record;
                told += records.TryRewrite(ref rewritten) ? 1 : 0;
            }
        });

        Assert.Equal(100, told);
        Assert.Equal(0, bytes);
    }

    [SkippableFact]
    public void Damaged_records_are_survived_and_what_cannot_be_one_is_counted()
    {
        int seed = RepeatableSamples.Seed;
        output.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        LinuxProcesses processes = Processes();
        byte[][] records = [.. CaptureTable.Rows.Select(static row => Exit(row.SystemCall, 3, "/etc/hostname"u8, 0, StackPointer, 5))];
        for (int i = 0; i < 50_000; i++)
        {
            byte[] record = [.. records[random.Next(records.Length)]];
            for (int change = random.Next(4); change >= 0; change--)
                record[random.Next(8, record.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)0xff;
            Rewrite(record[..(random.Next(4) == 0 ? random.Next(8, record.Length) : record.Length)], processes);
        }
        Assert.True(_statistics.BadRecords > 0);
    }

    /// <summary>The path of the event that a record becomes.</summary>
    private string PathIn(byte[] record)
    {
        var decoder = new LinuxDecoder(Processes(), _statistics, new BootClock(), new HostDescription(), stackBytes: 64);
        var e = new EndpointEvent();
        Assert.True(decoder.Decode(record, isOfModel: false, e));
        return e.File.Path.ToString();
    }

    private static byte[] Exit(string call, long result, ReadOnlySpan<byte> stack, long first, ulong second, long third, int pid = Pid)
    {
        byte[] raw = new byte[24];
        BinaryPrimitives.WriteUInt16LittleEndian(raw, (ushort)Array.FindIndex(CaptureTable.Rows, row => row.SystemCall == call));
        BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(16), result);
        return Sample(raw, stack, pid, (ulong)first, second, (ulong)third);
    }

    /// <summary>A sample with the registers bx dx si di bp sp ip r8 r9 r10 r12 to r15.</summary>
    private static byte[] Sample(byte[] raw, ReadOnlySpan<byte> stack, int pid, ulong first = 0, ulong second = 0, ulong third = 0)
    {
        const ulong abi64 = 2;
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write((uint)PerfRecordType.Sample);
        writer.Write(0);
        writer.Write(pid);
        writer.Write(pid - 1);
        writer.Write(42ul);
        int rest = 7 - ((raw.Length + 3) % 8);
        writer.Write(raw.Length + rest);
        writer.Write(raw);
        writer.Write(new byte[rest]);
        writer.Write(abi64);
        ulong[] registers = [101, third, second, first, 106, StackPointer, 108, 0, 0, 0, 112, 113, 114, 115];
        foreach (ulong register in registers)
            writer.Write(register);
        const int copied = 64;
        writer.Write((ulong)copied);
        writer.Write(stack);
        writer.Write(new byte[copied - stack.Length]);
        // A closing zero is copied, too.
        writer.Write(stack.IsEmpty ? 0 : (ulong)stack.Length + 1);
        return bytes.ToArray();
    }

    private static LinuxProcesses Processes()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The process model is for Linux.");
        return new LinuxProcesses(LinuxProcesses.CreateTable(), new CaptureStatistics(), new BootClock());
    }

    /// <summary>What comes of a record; empty when it is left out.</summary>
    private byte[] Rewrite(byte[] record, LinuxProcesses? processes = null, bool wantsReading = true)
    {
        ReadOnlySpan<byte> rewritten = record;
        return Records(processes ?? Processes(), wantsReading).TryRewrite(ref rewritten) ? rewritten.ToArray() : [];
    }

    /// <summary>Reads records in which tracepoints are numbered like their rows.</summary>
    private TracepointRecords Records(LinuxProcesses processes, bool wantsReading = true)
    {
        var layout = new TracepointLayout();
        for (int row = 0; row < CaptureTable.Rows.Length; row++)
            layout.Add(row, row);
        var options = new LinuxCaptureOptions { Calls = Enum.GetValues<CapturedCall>().ToHashSet(), WantsReading = wantsReading };
        return new TracepointRecords(layout, options, processes, _statistics, OurPid);
    }
}
