using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Tests.Memory;

public class FactCacheTests
{
    private static readonly MemoryQuestion Question = new(100, 1, 0x1000, 638_000_000_000_000_000);

    [Fact]
    public void A_page_is_asked_about_once_a_second()
    {
        var system = new ScriptedFacts { PageAnswer = false };
        using var cache = new FactCache(system);
        Assert.False(cache.IsPagePrivate(Question));
        system.PageAnswer = true;
        Assert.False(cache.IsPagePrivate(Question with { Address = 0x1FFF, UtcTicks = Question.UtcTicks + TimeSpan.TicksPerSecond }));
        Assert.Equal(1, cache.Asked);
        Assert.True(cache.IsPagePrivate(Question with { UtcTicks = Question.UtcTicks + (2 * TimeSpan.TicksPerSecond) }));
        Assert.True(cache.IsPagePrivate(Question with { ProcessId = 101 }));
        Assert.True(cache.IsPagePrivate(Question with { Address = 0x2000 }));
        Assert.Equal(4, cache.Asked);
    }

    [Fact]
    public void What_is_not_known_is_not_asked_again_at_once()
    {
        using var cache = new FactCache(new ScriptedFacts());
        for (int i = 0; i < 3; i++)
        {
            Assert.Null(cache.Region(Question));
            Assert.Null(cache.Symbols("a"));
        }
        Assert.Equal(2, cache.Asked);
    }

    [Fact]
    public void Ever_new_pages_do_not_fill_the_memory()
    {
        using var cache = new FactCache(new ScriptedFacts());
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (uint page = 0; page < 1_000_000; page++)
            cache.Region(Question with { Address = (ulong)page << 12 });
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 8 << 20);
    }

    [Fact]
    public void Repeated_questions_allocate_nothing()
    {
        using var cache = new FactCache(new ScriptedFacts { SymbolsAnswer = new PeExports([]) });
        void Ask()
        {
            cache.Region(Question);
            cache.IsPagePrivate(Question);
            cache.Symbols("a");
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
