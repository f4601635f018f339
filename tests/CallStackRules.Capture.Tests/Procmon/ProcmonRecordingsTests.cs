using System.IO.Compression;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Procmon;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Procmon;

/// <summary>Real logs of a desktop, where they are at hand beside the repository.</summary>
public class ProcmonRecordingsTests
{
    [SkippableTheory]
    [InlineData("CompressedLogFileUTC64ProcessPML", "[Process, 3400]")]
    [InlineData("CompressedLogfileTests64bitUTCPML", "[Process, 253] [Registry, 46030] [FileSystem, 6795] [Network, 136]")]
    public void Every_event_of_a_log_is_read(string name, string classes)
    {
        string file = Recording(name);
        using var log = new PmlLog(file);
        var byClass = new SortedDictionary<PmlClass, int>();
        for (uint i = 0; i < log.Header.EventCount; i++)
        {
            PmlClass kind = log.Read(i).Class;
            byClass[kind] = byClass.GetValueOrDefault(kind) + 1;
        }
        Assert.Equal(classes, string.Join(' ', byClass));

        using var source = new ProcmonSource([file], new ProcessTable());
        var e = new EndpointEvent();
        while (source.TryRead(e))
        {
            Assert.NotNull(e.UtcTicks);
            Assert.NotNull(e.Process);
            Assert.False(e.Event.Action.IsMissing && e.Api.Name.IsMissing);
        }
        Assert.Equal(log.Header.EventCount, source.Statistics.Events);
        Assert.Equal(source.Statistics.Events, source.Statistics.Used + source.Statistics.Unused.Values.Sum());
        Assert.Empty(source.Statistics.FieldProblems);
        Assert.Empty(source.Statistics.Warnings);
    }

    /// <summary>
    /// Frames of processes without a usable list of modules are unknown, and do not count. Of the small log 63 of 47,101 frames, 0.13 %, lie in no module: each is code that a
    /// runtime compiled.
    /// </summary>
    [SkippableTheory]
    [InlineData("CompressedLogFileUTC64ProcessPML", 0.0014)]
    [InlineData("CompressedLogfileTests64bitUTCPML", 0.001)]
    public void User_frames_lie_in_modules_except_code_that_a_runtime_compiled(string name, double mostCompiled)
    {
        long inModules = 0, compiled = 0, unknown = 0;
        var e = new EndpointEvent();
        using var source = new ProcmonSource([Recording(name)], new ProcessTable());
        while (source.TryRead(e))
        {
            Count(e.Thread.CallStack);
            Count(e.ParentThread.CallStack);
        }
        Assert.True(inModules > 0);
        Assert.True(compiled <= (inModules + compiled) * mostCompiled, $"{inModules} frames in modules, {compiled} in compiled code, {unknown} unknown");

        void Count(CallStack stack)
        {
            for (int i = 0; i < stack.Count; i++)
            {
                unknown += stack[i].Module == ModuleInfo.Unknown ? 1 : 0;
                inModules += stack[i].Module is { IsPseudo: false } ? 1 : 0;
                if (stack[i].Module != ModuleInfo.Unbacked)
                    continue;
                compiled++;
                // PowerShell's stacks often end in what .NET compiled, before the runtime shows.
                Assert.True(e.Process!.Name.Span is "PowerShell.exe" || stack.Summary.Span.IndexOf("chakra.dll") >= 0 || stack[i].ProtectionProvenance.Span is "clr.dll", stack.Summary.ToString());
            }
        }
    }

    [SkippableFact]
    public void A_program_that_asks_to_be_elevated_is_made_by_the_service_that_elevates()
    {
        var e = new EndpointEvent();
        using var source = new ProcmonSource([Recording("CompressedLogFileUTC64ProcessPML")], new ProcessTable());
        int elevated = 0;
        while (source.TryRead(e))
        {
            if (e.Event.Action.Span is not "start" || e.ParentThread.CallStackSummary.Span.IndexOf("|appinfo.dll|") < 0)
                continue;
            Assert.StartsWith("ntdll.dll|kernelbase.dll|kernel32.dll|appinfo.dll|", e.ParentThread.CallStackSummary.ToString(), StringComparison.Ordinal);
            Assert.Equal("appinfo.dll", e.ParentThread.FinalUserModule.Name.ToString());
            elevated += e.Process!.Parent!.Real.Name.Span is "svchost.exe" ? 1 : 0;
        }
        Assert.True(elevated > 0);
    }

    [SkippableFact]
    public void A_log_is_read_the_same_whether_it_is_compressed_or_not()
    {
        string file = Recording("CompressedLogFileUTC64ProcessPML");
        using var folder = new TemporaryFolder();
        string plain = Path.Combine(folder.Path, "plain");
        string gzip = Path.Combine(folder.Path, "gzip");
        using (var source = new ZLibStream(File.OpenRead(file), CompressionMode.Decompress))
        using (FileStream target = File.Create(plain))
            source.CopyTo(target);
        using (FileStream source = File.OpenRead(plain))
        using (var target = new GZipStream(File.Create(gzip), CompressionLevel.Fastest))
            source.CopyTo(target);
        Assert.Equal([3400L, 3400, 3400], ((string[])[file, plain, gzip]).Select(EventsOf));
        Assert.All([file, plain, gzip], path => Assert.True(ProcmonSource.IsLog(path)));

        static long EventsOf(string path)
        {
            using var source = new ProcmonSource([path], new ProcessTable());
            var e = new EndpointEvent();
            while (source.TryRead(e))
                _ = e.Event.Action;
            return source.Statistics.Events;
        }
    }

    internal static string Recording(string name)
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "CallStackRules.sln")))
            directory = directory.Parent;
        string file = Path.Combine(directory?.Parent?.FullName ?? "", "shared", "data", "procmon", name);
        Skip.IfNot(File.Exists(file), $"The recording is not there: {file}");
        return file;
    }
}
