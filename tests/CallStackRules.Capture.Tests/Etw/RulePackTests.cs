using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Rules.Tests;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>Each rule for Windows is held to traces of its own examples, read as traces of Windows are.</summary>
public sealed class RulePackTests
{
    private const string Symbols = "names of functions";
    private const string CallSite = "the bytes at a call";
    private const string PrivatePages = "pages of an image that were written to";
    private const string PageProtection = "the protection of a page";
    private const string Signature = "the signature of a file";
    private const string VersionResource = "the name that a file was built with";
    private const string Content = "the content of a file";

    /// <summary>Examples that a trace alone does not show, and what is missing. This list may only become shorter.</summary>
    private static readonly Dictionary<(string File, string Why), string> NotShown = new()
    {
        [("windows/command-and-control/executable-file-written-from-unbacked-memory.eql", "a program under a harmless name, through urlmon")] = Content,
        [("windows/defense-evasion/call-through-a-jump-gadget.eql", "the return address is a jmp [rbx]")] = CallSite,
        [("windows/defense-evasion/call-through-a-jump-gadget.eql", "no call precedes a return address")] = CallSite,
        [("windows/defense-evasion/copy-of-ntdll-loaded-from-an-unusual-path.eql", "a copy under another name")] = VersionResource,
        [("windows/defense-evasion/copy-of-ntdll-loaded-from-an-unusual-path.eql", "a copy in the system folder under another name")] = VersionResource,
        [("windows/defense-evasion/library-loaded-from-a-stomped-module.eql", "an overwritten library loads WinHTTP")] = PrivatePages,
        [("windows/defense-evasion/library-loaded-from-a-stomped-module.eql", "the runtime is loaded from one")] = PrivatePages,
        [("windows/defense-evasion/library-loaded-through-a-thread-pool-callback.eql", "an unsigned library by a timer")] = Signature,
        [("windows/defense-evasion/memory-call-through-a-callback.eql", "memory is made executable from a work item")] = Symbols,
        [("windows/defense-evasion/memory-call-through-a-callback.eql", "executable memory through a window enumeration callback")] = Symbols,
        [("windows/defense-evasion/memory-or-thread-call-from-a-stomped-module.eql", "an overwritten library allocates executable memory")] = PrivatePages,
        [("windows/defense-evasion/memory-or-thread-call-from-a-stomped-module.eql", "it opens another process")] = PrivatePages,
        [("windows/defense-evasion/network-library-loaded-with-a-cut-call-stack.eql", "nothing called LoadLibrary")] = Symbols,
        [("windows/defense-evasion/network-library-loaded-with-a-cut-call-stack.eql", "a forged return address into kernel32.dll")] = Symbols,
        [("windows/defense-evasion/process-created-from-a-stomped-module.eql", "code in an overwritten library starts a shell")] = PrivatePages,
        [("windows/defense-evasion/process-created-from-a-stomped-module.eql", "further out on the stack")] = PrivatePages,
        [("windows/defense-evasion/process-created-from-writable-executable-memory.eql", "shellcode in a page that can be written")] = PageProtection,
        [("windows/defense-evasion/process-created-from-writable-executable-memory.eql", "a system library whose code can be written")] = PageProtection,
        [("windows/defense-evasion/system-call-library-made-writable.eql", "an unsigned loader patches event tracing")] = Signature,
        [("windows/execution/excel-add-in-started-a-child-process.eql", "an add-in from mail starts a shell")] = Symbols,
        [("windows/execution/excel-add-in-started-a-child-process.eql", "an add-in starts what it dropped")] = Symbols,
        [("windows/execution/excel-add-in-started-a-child-process.eql", "an installed add-in starts a shell")] = Symbols,
        [("windows/execution/macro-wrote-an-executable-file.eql", "a download under a harmless name")] = Content,
        [("windows/execution/system-utility-started-from-unbacked-memory.eql", "a renamed shell, by ShellExecute, from a thread that starts in unbacked memory")] = VersionResource,
        [("windows/initial-access/script-host-or-shell-started-by-an-office-application.eql", "Excel starts a renamed PowerShell; no stack")] = VersionResource,
    };

    public static TheoryData<string> Files => new(Pack.Files);

    [Theory]
    [MemberData(nameof(Files))]
    public void A_rule_finds_its_examples_in_traces_of_them(string file)
    {
        const string missed = "must match: ";
        string[] notFound =
        [
            .. new ExampleFile(Pack.ExamplesOf(file)).Disagreements(() => e => IsFound(e, file))
                .Where(line => line.StartsWith(missed, StringComparison.Ordinal)).Select(line => line[missed.Length..]),
        ];

        Assert.Equal(NotShown.Keys.Where(example => example.File == file).Select(example => example.Why).Order(StringComparer.Ordinal), notFound.Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public void No_rule_finds_anything_in_a_recorded_trace_of_a_harmless_program()
    {
        var engine = new RuleEngine<EndpointEvent>(Pack.Rules);
        var e = new EndpointEvent();
        using var source = new EtwFileSource([EtlSamples.Program], new ProcessTable());
        while (source.TryRead(e))
            Assert.Empty(Pack.Push(engine, e).Select(rule => rule.Name));
    }

    /// <summary>Whether the rule finds an event after it went through a trace.</summary>
    private static bool IsFound(EndpointEvent example, string file)
    {
        using var folder = new TemporaryFolder();
        if (ExampleTrace.Save(example, folder.Path) is not { } trace)
            return false;
        var engine = new RuleEngine<EndpointEvent>(Pack.Rules);
        var e = new EndpointEvent();
        using var source = new EtwFileSource([trace], new ProcessTable());
        bool isFound = false;
        while (source.TryRead(e))
            isFound |= Pack.Push(engine, e).Any(rule => rule.SourcePath == file);
        Assert.Empty(source.Statistics.FieldProblems);
        return isFound;
    }
}
