using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Capture.Sources.Linux.Hashing;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Rules;

namespace CallStackRules.Capture.Tests.Linux;

public sealed class LinuxNeedsTests
{
    [Fact]
    public void Only_calls_that_some_rule_needs_are_captured_and_those_that_keep_the_model_right()
    {
        LinuxCaptureOptions options = LinuxNeeds.ToOptions(new CaptureNeeds([new RuleEvent("network", null)], fields: []));

        Assert.Contains(CapturedCall.Connect, options.Calls);
        Assert.Contains(CapturedCall.Accept, options.Calls);
        Assert.Contains(CapturedCall.Execute, options.Calls);
        Assert.DoesNotContain(CapturedCall.Open, options.Calls);
        Assert.DoesNotContain(CapturedCall.WriteMemory, options.Calls);
        Assert.False(options.WantsReading);
        Assert.False(options.ReportsForksAndExits);
    }

    [Fact]
    public void Of_a_category_only_the_calls_are_captured_whose_actions_some_rule_names()
    {
        LinuxCaptureOptions programs = LinuxNeeds.ToOptions(new CaptureNeeds([new RuleEvent("process", "exec")], fields: []));
        LinuxCaptureOptions files = LinuxNeeds.ToOptions(new CaptureNeeds([new RuleEvent("file", "rename"), new RuleEvent("file", "creation")], fields: []));

        Assert.Empty(programs.Calls.Intersect([CapturedCall.Open, CapturedCall.Trace, CapturedCall.CreateMemoryFile, CapturedCall.SetCapabilities, CapturedCall.Connect]));
        Assert.False(programs.ReportsForksAndExits);
        Assert.Contains(CapturedCall.Open, files.Calls);
        Assert.Contains(CapturedCall.Rename, files.Calls);
        Assert.DoesNotContain(CapturedCall.Unlink, files.Calls);
        Assert.False(files.WantsReading);
        LinuxCaptureOptions connections = LinuxNeeds.ToOptions(new CaptureNeeds([new RuleEvent("network", "connection_attempted")], fields: []));
        Assert.DoesNotContain(CapturedCall.Accept, connections.Calls);
    }

    [Fact]
    public void Files_are_hashed_as_some_rule_reads_it_and_not_at_all_otherwise()
    {
        LinuxCaptureOptions none = LinuxNeeds.ToOptions(new CaptureNeeds([new RuleEvent("process", null)], ["process.name", "file.hash.sha256"]));
        LinuxCaptureOptions programs = LinuxNeeds.ToOptions(new CaptureNeeds([new RuleEvent("process", null)], ["process.parent.hash.sha256", "Target.process.hash.md5"]));
        LinuxCaptureOptions libraries = LinuxNeeds.ToOptions(new CaptureNeeds([new RuleEvent("library", null)], ["dll.hash.sha1"]));

        Assert.Equal((HashKinds.None, false, false), (none.Hashes, none.HashesPrograms, none.HashesLibraries));
        Assert.Equal((HashKinds.Sha256 | HashKinds.Md5, true, false), (programs.Hashes, programs.HashesPrograms, programs.HashesLibraries));
        Assert.Equal((HashKinds.Sha1, false, true), (libraries.Hashes, libraries.HashesPrograms, libraries.HashesLibraries));
    }

    [Fact]
    public void Rules_over_any_event_need_all_calls() =>
        Assert.Equal(Enum.GetValues<CapturedCall>().Order(), LinuxNeeds.ToOptions(CaptureNeeds.All).Calls.Order());
}
