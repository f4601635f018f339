using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Live;
using CallStackRules.Rules;
using Microsoft.Diagnostics.Tracing.Session;
using static Microsoft.Diagnostics.Tracing.Parsers.KernelTraceEventParser;

namespace CallStackRules.Capture.Tests.Etw.Live;

public class EtwNeedsTests
{
    [Fact]
    public void Processes_and_images_are_captured_whatever_the_rules_need_but_without_stacks()
    {
        EtwPlan plan = EtwNeeds.Plan(new CaptureNeeds([], fields: []));
        Assert.Equal(KernelGroups.Process | KernelGroups.ImageLoad, plan.Kernel);
        Assert.Empty(plan.KernelStacks);
        EtwProvider only = Assert.Single(plan.Providers);
        Assert.Equal((EtwNeeds.KernelProcess, 0x50ul), (only.Id, only.Keywords));
        Assert.Empty(only.StackEvents);
    }

    [Theory]
    [InlineData("process", KernelGroups.None, "1", "", "")]
    [InlineData("library", KernelGroups.None, "5", "", "")]
    [InlineData("driver", KernelGroups.None, "5", "", "")]
    [InlineData("file", KernelGroups.None, "", "edd08927: 12 26 27 30", "")]
    [InlineData("registry", KernelGroups.Registry, "", "70eb4f03: ", "ae53722e: 10 12 14 15")]
    [InlineData("network", KernelGroups.Network, "", "1c95126e: ", "")]
    [InlineData("dns", KernelGroups.None, "", "1c95126e: ", "")]
    [InlineData("api", KernelGroups.None, "3", "e02a841c: 2 4 5 6, 8c416c79: 1001 1002 1003, f4e1897c: 1 2 3 4 5 6 7 8 12 13 14 15 16 17 18", "")]
    public void Only_what_some_rule_needs_is_enabled(string category, KernelGroups groups, string processStacks, string providers, string kernelStacks)
    {
        EtwPlan plan = EtwNeeds.Plan(new CaptureNeeds([new RuleEvent(category, null)], fields: []));
        Assert.Equal(KernelGroups.Process | KernelGroups.ImageLoad | groups, plan.Kernel);
        Assert.Equal(processStacks, string.Join(' ', plan.Providers[0].StackEvents));
        Assert.Equal(providers, string.Join(", ", plan.Providers.Skip(1).Select(provider => $"{provider.Id.ToString()[..8]}: {string.Join(' ', provider.StackEvents)}")));
        Assert.Equal(kernelStacks, string.Join(", ", plan.KernelStacks.GroupBy(id => id.Class).Select(group => $"{group.Key.ToString()[..8]}: {string.Join(' ', group.Select(id => id.Type))}")));
    }

    [Fact]
    public void Whatever_is_enabled_with_its_stack_is_decoded()
    {
        EtwPlan plan = EtwNeeds.Plan(CaptureNeeds.All);
        Assert.All(plan.KernelStacks, id => Assert.True(EtwProviders.CanHaveLaterStack(
            EtwProviders.KindOf(new RawEvent { Provider = id.Class, Opcode = id.Type }), RawEventFlags.Classic)));
        Assert.All(plan.Providers, provider => Assert.All(provider.StackEvents, id =>
            Assert.NotEqual(EtwKind.None, EtwProviders.KindOf(new RawEvent { Provider = provider.Id, Id = (ushort)id }))));
    }

    [Fact]
    public void TraceEvent_is_asked_for_the_stacks_of_the_plan_and_where_there_are_none_for_none()
    {
        Assert.Equal([1, 5], new EtwProvider(EtwNeeds.KernelProcess, 0, [1, 5]).ToOptions().EventIDStacksToEnable);

        TraceEventProviderOptions none = new EtwProvider(EtwNeeds.KernelProcess, 0, []).ToOptions();
        Assert.Null(none.EventIDStacksToEnable);
        Assert.False(none.StacksEnabled);
    }

    [Fact]
    public void The_list_of_stacks_has_24_bytes_an_entry()
    {
        byte[] bytes = ClassicEventId.ToBytes([new ClassicEventId(EtwNeeds.KernelFile, 64), new ClassicEventId(EtwNeeds.Registry, 14)]);
        Assert.Equal(48, bytes.Length);
        Assert.Equal(EtwNeeds.Registry, new Guid(bytes.AsSpan(24, 16)));
        Assert.Equal([14, 0, 0, 0, 0, 0, 0, 0], bytes[40..]);
    }

    [Theory]
    [InlineData(KernelGroups.Process, Keywords.Process)]
    [InlineData(KernelGroups.ImageLoad, Keywords.ImageLoad)]
    [InlineData(KernelGroups.Network, Keywords.NetworkTCPIP)]
    [InlineData(KernelGroups.Registry, Keywords.Registry)]
    public void Groups_have_the_values_that_TraceEvent_gives_them(KernelGroups group, Keywords keyword) => Assert.Equal((uint)keyword, (uint)group);
}
