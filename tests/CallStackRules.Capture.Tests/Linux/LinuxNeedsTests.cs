using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Capture.Sources.Linux.Tracing;

namespace CallStackRules.Capture.Tests.Linux;

public sealed class LinuxNeedsTests
{
    [Fact]
    public void Only_calls_that_some_rule_needs_are_captured_and_those_that_keep_the_model_right()
    {
        LinuxCaptureOptions options = LinuxNeeds.ToOptions(new CaptureNeeds(["network"]));

        Assert.Contains(CapturedCall.Connect, options.Calls);
        Assert.Contains(CapturedCall.Execute, options.Calls);
        Assert.DoesNotContain(CapturedCall.Open, options.Calls);
        Assert.DoesNotContain(CapturedCall.WriteMemory, options.Calls);
        Assert.False(options.WantsReading);
        Assert.False(options.ReportsForksAndExits);
    }

    [Fact]
    public void Rules_over_any_event_need_all_calls() =>
        Assert.Equal(Enum.GetValues<CapturedCall>().Order(), LinuxNeeds.ToOptions(CaptureNeeds.All).Calls.Order());
}
