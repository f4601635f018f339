using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Capture.Sources.Linux.Hashing;
using CallStackRules.Capture.Sources.Linux.Tracing;

namespace CallStackRules.Capture.Tests.Linux;

public sealed class LinuxNeedsTests
{
    [Fact]
    public void Only_calls_that_some_rule_needs_are_captured_and_those_that_keep_the_model_right()
    {
        LinuxCaptureOptions options = LinuxNeeds.ToOptions(new CaptureNeeds(["network"], fields: []));

        Assert.Contains(CapturedCall.Connect, options.Calls);
        Assert.Contains(CapturedCall.Execute, options.Calls);
        Assert.DoesNotContain(CapturedCall.Open, options.Calls);
        Assert.DoesNotContain(CapturedCall.WriteMemory, options.Calls);
        Assert.False(options.WantsReading);
        Assert.False(options.ReportsForksAndExits);
    }

    [Fact]
    public void Files_are_hashed_as_some_rule_reads_it_and_not_at_all_otherwise()
    {
        LinuxCaptureOptions none = LinuxNeeds.ToOptions(new CaptureNeeds(["process"], ["process.name", "file.hash.sha256"]));
        LinuxCaptureOptions programs = LinuxNeeds.ToOptions(new CaptureNeeds(["process"], ["process.parent.hash.sha256", "Target.process.hash.md5"]));
        LinuxCaptureOptions libraries = LinuxNeeds.ToOptions(new CaptureNeeds(["library"], ["dll.hash.sha1"]));

        Assert.Equal((HashKinds.None, false, false), (none.Hashes, none.HashesPrograms, none.HashesLibraries));
        Assert.Equal((HashKinds.Sha256 | HashKinds.Md5, true, false), (programs.Hashes, programs.HashesPrograms, programs.HashesLibraries));
        Assert.Equal((HashKinds.Sha1, false, true), (libraries.Hashes, libraries.HashesPrograms, libraries.HashesLibraries));
    }

    [Fact]
    public void Rules_over_any_event_need_all_calls() =>
        Assert.Equal(Enum.GetValues<CapturedCall>().Order(), LinuxNeeds.ToOptions(CaptureNeeds.All).Calls.Order());
}
