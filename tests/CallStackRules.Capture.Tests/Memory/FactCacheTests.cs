using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Sources;

namespace CallStackRules.Capture.Tests.Memory;

public class FactCacheTests
{
    private const long OneSecond = 10_000_000;

    private static readonly MemoryQuestion Question = new(100, 1, 0x1000, 638_000_000_000_000_000);
    private static readonly RegionFacts Allocation = new() { Base = 0x1000, Size = 0x2000, AllocationBase = 0x1000 };

    [Fact]
    public void A_page_is_asked_about_once_a_second()
    {
        var system = new ScriptedFacts { RegionAnswer = Allocation };
        using var cache = new FactCache(system, new SourceStatistics(), OneSecond);
        Assert.Same(Allocation, cache.Region(Question));
        system.RegionAnswer = null;
        Assert.Same(Allocation, cache.Region(Question with { Address = 0x1FFF, Time = Question.Time + OneSecond }));
        Assert.Equal(1, cache.Asked);
        Assert.Null(cache.Region(Question with { Time = Question.Time + (2 * OneSecond) }));
        Assert.Null(cache.Region(Question with { ProcessId = 101 }));
        Assert.Null(cache.Region(Question with { Address = 0x2000 }));
        Assert.Equal(4, cache.Asked);
    }

    [Fact]
    public void An_allocation_is_counted_once_for_all_of_its_pages()
    {
        using var cache = new FactCache(new ScriptedFacts { RegionAnswer = Allocation, PrivateBytesAnswer = 4096 }, new SourceStatistics(), OneSecond);
        Assert.Equal(4096, cache.PrivateBytes(Question));
        Assert.Equal(4096, cache.PrivateBytes(Question with { Address = 0x2010 }));
        Assert.Equal(3, cache.Asked);
    }

    [Fact]
    public void Bytes_of_one_place_are_copied_once_a_second()
    {
        var system = new ScriptedFacts { BytesAnswer = [1, 2, 3] };
        using var cache = new FactCache(system, new SourceStatistics(), OneSecond);
        var bytes = new byte[64];
        Assert.Equal(3, cache.Read(Question, bytes));
        system.BytesAnswer = [9];
        Array.Clear(bytes);
        Assert.Equal(3, cache.Read(Question, bytes));
        Assert.Equal([1, 2, 3], bytes[..3]);
        Assert.Equal(1, cache.Asked);
        Assert.Equal(1, cache.Read(Question with { Time = Question.Time + (2 * OneSecond) }, bytes));
    }

    [Fact]
    public void What_is_not_known_is_not_asked_again_at_once()
    {
        using var cache = new FactCache(new ScriptedFacts(), new SourceStatistics(), OneSecond);
        for (int i = 0; i < 3; i++)
        {
            Assert.Null(cache.Region(Question));
            Assert.Equal(0, cache.Read(Question, new byte[1]));
        }
        Assert.Equal(2, cache.Asked);
    }

    [Fact]
    public void Ever_new_pages_do_not_fill_the_memory()
    {
        using var cache = new FactCache(new ScriptedFacts(), new SourceStatistics(), OneSecond);
        var room = new byte[1];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (uint page = 0; page < 1_000_000; page++)
        {
            cache.Region(Question with { Address = (ulong)page << 12 });
            cache.Read(Question with { Address = (ulong)page << 12 }, room);
        }
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64 << 20);
    }

    [Fact]
    public void Repeated_questions_allocate_nothing()
    {
        using var cache = new FactCache(new ScriptedFacts { RegionAnswer = Allocation, PrivateBytesAnswer = 1, BytesAnswer = [1] }, new SourceStatistics(), OneSecond);
        var room = new byte[64];
        void Ask()
        {
            cache.Region(Question);
            cache.PrivateBytes(Question);
            cache.Read(Question, room);
        }
        Ask();
        Assert.Equal(0, Allocations.Of(Ask));
    }

    [Theory]
    [InlineData(0u, "trusted", true, true)]
    [InlineData(0x800B0101u, "errorExpired", true, false)]
    [InlineData(0x80096010u, "errorBadDigest", true, false)]
    [InlineData(0x80070002u, "errorCode_endpoint: 0x80070002", true, false)]
    [InlineData(0x800B0100u, null, false, false)]
    public void Outcomes_of_signature_checks_have_the_words_of_rules(uint result, string? status, bool exists, bool trusted) =>
        Assert.Equal((status, exists, trusted), (AuthenticodeStatus.Facts(result, "x").Status, AuthenticodeStatus.Facts(result, "x").Exists, AuthenticodeStatus.Facts(result, "x").Trusted));

    [Fact]
    public void Facts_of_a_file_go_to_the_module_that_stacks_share()
    {
        var module = new ModuleInfo(@"C:\a.dll");
        var facts = new FileFacts { Sha256 = "ab", Signature = new SignatureFacts(true, true, "trusted", "Some Maker") };
        facts.CopyTo(module);
        facts.CopyTo(module);
        Assert.Equal(("ab", 1, "Some Maker"), (module.Hash.Sha256.ToString(), module.CodeSignatures.Count, module.CodeSignatures[0].SubjectName.ToString()));
    }
}
