using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw.Decoding;
using CallStackRules.Capture.Symbols;
using CallStackRules.Capture.Tests.Memory;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>Tables are bounded, and it is counted when one was full and what it knew was forgotten.</summary>
public sealed class FullTablesTests
{
    private readonly SourceStatistics _statistics = new();

    [Fact]
    public void Registry_keys_are_forgotten_and_counted()
    {
        var keys = new RegistryKeys(_statistics);
        for (ulong block = 1; block <= (256 * 1024) + 1; block++)
            keys.Add(block, "a");
        Expect("too many registry keys: all were forgotten");
    }

    [Fact]
    public void Files_are_forgotten_and_counted()
    {
        var names = new FileNames(_statistics);
        for (ulong file = 1; file <= (64 * 1024) + 1; file++)
            names.Add(file, "a");
        Expect("too many files: all were forgotten");
        Assert.True(names.Find(1).IsEmpty);
    }

    [Fact]
    public void Changes_of_protection_are_forgotten_and_counted()
    {
        var history = new ProtectionHistory(_statistics);
        for (ulong address = 1; address <= (16 * 1024) + 1; address++)
            history.Change(1, address, PageProtection.ReadOnly);
        Expect("too many changes of protection: all were forgotten");
    }

    [Fact]
    public void Modules_are_forgotten_and_counted()
    {
        var modules = new ModuleTable(_statistics);
        for (int i = 0; i <= ModuleTable.Capacity; i++)
            modules.Get($"{i}");
        Expect("too many paths of modules: all were forgotten");
    }

    [Fact]
    public void Exchanges_of_datagrams_are_forgotten_and_counted()
    {
        var flows = new DatagramFlows(_statistics);
        for (int i = 0; i <= DatagramFlows.Capacity; i++)
            flows.Begins(i, new DatagramEnd(1, 2), new DatagramEnd(3, 4), utcTicks: 0);
        Expect("too many exchanges of datagrams: all were forgotten");
    }

    [Fact]
    public void Answers_of_the_system_are_forgotten_and_counted()
    {
        using var cache = new FactCache(new ScriptedFacts(), _statistics, frequency: 1);
        for (ulong page = 0; page <= 16 * 1024; page++)
            cache.Region(new MemoryQuestion(1, 0, page << 12, 0));
        Expect("too many answers of the system: all were forgotten");
    }

    [Fact]
    public void Files_of_images_are_forgotten_and_counted()
    {
        var files = new ImageFiles(new ScriptedFacts(), _statistics);
        var module = new ModuleInfo("a.dll");
        for (uint timestamp = 0; timestamp <= 64 * 1024; timestamp++)
            files.Get(module, timestamp, 0, 0);
        Expect("too many files of images: all were forgotten");
    }

    private void Expect(string problem) => Assert.Equal([KeyValuePair.Create(problem, 1L)], _statistics.FieldProblems);
}
