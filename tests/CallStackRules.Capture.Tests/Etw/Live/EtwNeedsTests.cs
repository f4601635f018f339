using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw.Live;
using static Microsoft.Diagnostics.Tracing.Parsers.KernelTraceEventParser;

namespace CallStackRules.Capture.Tests.Etw.Live;

public class EtwNeedsTests
{
    [Fact]
    public void Processes_and_images_are_captured_whatever_the_rules_need_but_without_stacks()
    {
        EtwPlan plan = EtwNeeds.Plan(new CaptureNeeds([]));
        Assert.Equal(KernelGroups.Process | KernelGroups.ImageLoad, plan.Kernel);
        Assert.Empty(plan.KernelStacks);
        EtwProvider only = Assert.Single(plan.Providers);
        Assert.Equal((EtwNeeds.KernelProcess, 0x50ul), (only.Id, only.Keywords));
        Assert.Empty(only.StackEvents);
    }

    [Theory]
    [InlineData("process", KernelGroups.None, "1", "")]
    [InlineData("library", KernelGroups.None, "5", "")]
    [InlineData("driver", KernelGroups.None, "5", "")]
    [InlineData("file", KernelGroups.FileOperations | KernelGroups.FileResults | KernelGroups.DiskFileNames, "", "")]
    [InlineData("registry", KernelGroups.Registry, "", "")]
    [InlineData("network", KernelGroups.None, "", "Microsoft-Windows-Kernel-Network Microsoft-Windows-DNS-Client")]
    [InlineData("dns", KernelGroups.None, "", "Microsoft-Windows-DNS-Client")]
    [InlineData("api", KernelGroups.VirtualAlloc, "3", "Microsoft-Windows-Kernel-Audit-API-Calls Microsoft-Windows-Threat-Intelligence")]
    public void Only_what_some_rule_needs_is_enabled(string category, KernelGroups groups, string processStacks, string providers)
    {
        EtwPlan plan = EtwNeeds.Plan(new CaptureNeeds([category]));
        Assert.Equal(KernelGroups.Process | KernelGroups.ImageLoad | groups, plan.Kernel);
        Assert.Equal(processStacks, string.Join(' ', plan.Providers[0].StackEvents));
        Assert.Equal(providers, string.Join(' ', plan.Providers.Skip(1).Select(provider => provider.Name)));
        Assert.Equal(category is "file" or "registry" or "api", plan.KernelStacks.Count > 0);
    }

    [Fact]
    public void A_rule_for_any_event_enables_everything_and_only_threat_intelligence_may_be_refused()
    {
        EtwPlan plan = EtwNeeds.Plan(CaptureNeeds.All);
        Assert.Equal(5, plan.Providers.Count);
        Assert.Equal([EtwNeeds.ThreatIntelligence], plan.Providers.Where(provider => provider.IsOptional).Select(provider => provider.Id));
        Assert.Equal([1, 5, 3], plan.Providers[0].StackEvents);
        Assert.Equal(plan.KernelStacks.Count, plan.KernelStacks.Distinct().Count());
        // Reads, closes, listings and queries of files, opens and queries of keys: too many, and no rule asks for their stacks.
        Assert.DoesNotContain(plan.KernelStacks, id => id.Class == EtwNeeds.FileIo && id.Type is 65 or 66 or 67 or 72 or 74 or 76);
        Assert.DoesNotContain(plan.KernelStacks, id => id.Class == EtwNeeds.Registry && id.Type is 11 or 13 or 16 or 17 or 18);
    }

    [Fact]
    public void The_list_of_stacks_has_24_bytes_an_entry()
    {
        byte[] bytes = ClassicEventId.ToBytes([new ClassicEventId(EtwNeeds.FileIo, 64), new ClassicEventId(EtwNeeds.Registry, 14)]);
        Assert.Equal(48, bytes.Length);
        Assert.Equal(EtwNeeds.Registry, new Guid(bytes.AsSpan(24, 16)));
        Assert.Equal([14, 0, 0, 0, 0, 0, 0, 0], bytes[40..]);
    }

    [Theory]
    [InlineData(KernelGroups.Process, Keywords.Process)]
    [InlineData(KernelGroups.ImageLoad, Keywords.ImageLoad)]
    [InlineData(KernelGroups.DiskFileNames, Keywords.DiskFileIO)]
    [InlineData(KernelGroups.VirtualAlloc, Keywords.VirtualAlloc)]
    [InlineData(KernelGroups.Registry, Keywords.Registry)]
    [InlineData(KernelGroups.FileResults, Keywords.FileIO)]
    [InlineData(KernelGroups.FileOperations, Keywords.FileIOInit)]
    public void Groups_have_the_values_that_TraceEvent_gives_them(KernelGroups group, Keywords keyword) => Assert.Equal((uint)keyword, (uint)group);
}
