using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Tests.Memory;

/// <summary>How a live system is asked; the calls themselves are a table here.</summary>
public sealed class LiveFactsTests
{
    private static readonly MemoryQuestion Question = new(100, 638_000_000_000_000_000, 0x2000, 638_000_000_010_000_000);

    [Fact]
    public void A_process_is_opened_once_and_another_with_its_number_is_another()
    {
        var calls = new Calls();
        using (var facts = Facts(calls))
        {
            facts.Read(Question, new byte[4]);
            facts.Region(Question with { Address = 0x5000 });
            facts.Region(Question with { ProcessStart = Question.ProcessStart + 1 });
            facts.Region(Question with { ProcessStart = 0 });

            Assert.Equal([(100, Question.ProcessStart), (100, Question.ProcessStart + 1), (100, 0)], calls.Opened);
            Assert.Equal(3, calls.Open);
        }
        Assert.Equal(0, calls.Open);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public void A_process_is_known_by_its_start_although_the_clock_was_set_since(int secondsSet)
    {
        long set = secondsSet * TimeSpan.TicksPerSecond;
        var calls = new Calls { Clock = TraceClock.SystemTime with { UtcTicks = TraceClock.SystemTime.UtcTicks + set } };
        using LiveFacts facts = Facts(calls);

        facts.Region(Question);

        Assert.Equal((Question.ProcessStart + Math.Min(set, 0), Question.ProcessStart + Math.Max(set, 0)), calls.LastStart);
    }

    [Fact]
    public void Of_a_process_that_is_gone_nothing_is_known()
    {
        using var facts = Facts(new Calls { IsGone = true });

        Assert.Null(facts.Region(Question));
        Assert.Null(facts.PrivateBytes(Question));
        Assert.Equal(0, facts.Read(Question, new byte[4]));
    }

    [Fact]
    public void No_more_processes_are_kept_open_than_there_is_room_for()
    {
        var calls = new Calls();
        using var facts = Facts(calls);
        for (int process = 0; process < 3 * LiveFacts.MostProcesses; process++)
        {
            facts.Region(Question with { ProcessId = process });
            Assert.InRange(calls.Open, 1, LiveFacts.MostProcesses);
        }
    }

    [Fact]
    public void Private_bytes_are_those_of_all_code_of_the_allocation_and_of_nothing_else()
    {
        var calls = new Calls
        {
            Regions =
            [
                Region(0x1000, 0x1000, 0x1000, PageProtection.ReadOnly),
                Region(0x2000, 0x3000, 0x1000, PageProtection.ExecuteRead),
                Region(0x5000, 0x2000, 0x1000, PageProtection.ExecuteReadWrite),
                Region(0x7000, 0x1000, 0x7000, PageProtection.ExecuteRead),
            ],
        };
        using var facts = Facts(calls);

        Assert.Equal(5 * 4096, facts.PrivateBytes(Question with { Address = 0x5010 }));
        Assert.Equal([(0x2000ul, 3), (0x5000ul, 2)], calls.Counted);
        Assert.Null(facts.PrivateBytes(Question with { Address = 0x9000 }));
    }

    [Fact]
    public void Made_up_regions_are_looked_at_to_a_bound()
    {
        // Each region is as long as there are addresses left, and the last ends where the first began.
        var calls = new Calls { Regions = [Region(0x1000, ulong.MaxValue - 0xFFF, 0x1000, PageProtection.ExecuteRead)] };
        using var facts = Facts(calls);

        Assert.InRange(facts.PrivateBytes(Question)!.Value, 0, 256L * 16 * 1024 * 4096);
        Assert.InRange(calls.Counted.Count, 0, 256);
        Assert.All(calls.Counted, static counted => Assert.InRange(counted.Pages, 0, 16 * 1024));
    }

    [Fact]
    public void Drives_that_there_are_and_the_folder_of_Windows_are_known()
    {
        using var facts = Facts(new Calls());

        Assert.Equal([new Volume(@"\SystemRoot", @"C:\Windows"), new Volume(@"\Device\HarddiskVolume3", "C:")], facts.Volumes);
    }

    [Fact]
    public void The_drive_of_a_device_is_found_among_those_there_are_now()
    {
        using LiveFacts facts = Facts(new Calls());

        Assert.Equal("C:", facts.DriveOf(@"\Device\HARDDISKVolume3"));
        Assert.Null(facts.DriveOf(@"\Device\CdRom0"));
    }

    [Theory]
    [InlineData(@"\Device\Mup\server\share\x.dll")]
    [InlineData(@"\\server\share\x.dll")]
    [InlineData("x.dll")]
    [InlineData("")]
    public void A_file_that_may_be_another_machines_is_not_looked_at(string path)
    {
        using var facts = Facts(new Calls());

        Assert.Null(facts.File(path));
        Assert.Null(facts.Header(new FileQuestion(path, Question.Time)));
    }

    private static LiveFacts Facts(Calls calls) =>
        new(calls, TraceClock.SystemTime, new FileLooks(new SourceStatistics(), new CaptureStatistics(), static () => true, calls.CheckSignature));

    private static RegionFacts Region(ulong start, ulong size, ulong allocation, PageProtection protection) =>
        new() { Base = start, Size = size, AllocationBase = allocation, Protection = protection };

    /// <summary>A system with one drive, whose processes have the same regions and private pages only.</summary>
    private sealed class Calls : ISystemCalls, IProcessMemory
    {
        public RegionFacts[] Regions { get; init; } = [];

        public bool IsGone { get; init; }

        public TraceClock Clock { get; init; } = TraceClock.SystemTime;

        public (long Earliest, long Latest) LastStart { get; private set; }

        public List<(int Process, long Start)> Opened { get; } = [];

        public List<(ulong Address, int Pages)> Counted { get; } = [];

        /// <summary>Processes that are open now.</summary>
        public int Open { get; private set; }

        public string WindowsFolder => @"C:\Windows";

        public string DeviceOf(string drive) => drive == "C:" ? @"\Device\HarddiskVolume3" : "";

        public SignatureFacts? CheckSignature(string path, SafeFileHandle file) => throw new InvalidOperationException("Nothing is to be looked at.");

        public RegionFacts? Region(ulong address) => Array.Find(Regions, region => region.Contains(address));

        public int PrivatePages(ulong address, int count)
        {
            Counted.Add((address, count));
            return count;
        }

        public int Read(ulong address, Span<byte> bytes) => bytes.Length;

        public void Dispose() => Open--;

        IProcessMemory? ISystemCalls.Open(int process, long earliest, long latest)
        {
            LastStart = (earliest, latest);
            if (IsGone)
                return null;
            Opened.Add((process, earliest));
            Open++;
            return this;
        }
    }
}
