using CallStackRules.CallStacks;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Output;
using Spectre.Console;

namespace CallStackRules.Sensor.Tests.Output;

public class AlertViewTests
{
    private static readonly RuleInfo Rule = new()
    {
        Id = "3f0c6a52-0000-4000-8000-000000000001",
        Name = "CLR loaded from unbacked memory",
        Severity = RuleSeverity.High,
        Description = "Code that belongs to no file started the .NET runtime.",
        Techniques = ["T1055.001", "T1620"],
        SourcePath = "windows/execution/clr.eql",
        Query = "library where true",
    };

    [Fact]
    public void An_alert_shows_rule_process_tree_object_and_marked_stack()
    {
        EndpointEvent e = LibraryLoad();

        Assert.Equal(
            """
            ── HIGH  CLR loaded from unbacked memory ───────────────────────────────────────
              why      Code that belongs to no file started the .NET runtime.
              rule     windows/execution/clr.eql T1055.001 T1620
              when     2024-05-01 10:11:12.123Z on WIN10
              event    library load
              library  C:\Windows\Microsoft.NET\clr.dll
              process  explorer.exe (100)  C:\Windows\explorer.exe
                       └── cmd.exe (200)  cmd /c start
                           └── loader.exe (300)  C:\Temp\loader.exe
              command  loader.exe --now
              stack    0  c:\windows\system32\ntdll.dll!NtMapViewOfSection+0x14
                       1  c:\windows\microsoft.net\mscoreei.dll+0x2b3c
                       2  Unbacked+0x1f0000  ◀ unbacked, RWX
                       3  c:\windows\system32\amsi.dll+0x10  ◀ 4096 private bytes, from
                          evil.dll


            """.ReplaceLineEndings("\n"),
            Render(e));
    }

    [Fact]
    public void The_middle_of_a_deep_stack_is_left_out_but_its_unbacked_frames_are_not()
    {
        var e = new EndpointEvent();
        var ntdll = new ModuleInfo(@"c:\windows\system32\ntdll.dll");
        for (ulong i = 0; i < 100; i++)
            e.Thread.CallStack.Add(i == 50 ? ModuleInfo.Unbacked : ntdll, 0x1000 + i, i == 50 ? null : i);

        string[] lines = Render(e).Split('\n');

        string[] stack = lines[Array.FindIndex(lines, line => line.Contains("stack", StringComparison.Ordinal))..];
        Assert.Equal(12 + 1 + 1 + 1 + 4, stack.Count(line => line.Length > 0));
        Assert.EndsWith(" …  38 frames left out", stack[12], StringComparison.Ordinal);
        Assert.EndsWith("50  Unbacked+0x1032  ◀ unbacked", stack[13], StringComparison.Ordinal);
        Assert.EndsWith(" …  45 frames left out", stack[14], StringComparison.Ordinal);
        Assert.EndsWith(@"99  c:\windows\system32\ntdll.dll+0x63", stack[18], StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_text_neither_steers_the_terminal_nor_counts_as_markup()
    {
        EndpointEvent e = LibraryLoad();
        e.Process!.CommandLine = "evil [red]x[/] [/] \u001b]0;owned\u0007 \u202Egpj \r\n HIGH forged";
        e.Process.Name = "\u001b[2Jx.exe";
        e.Library.Path = "C:\\a\u009b1mb.dll";
        e.Host.Name = "host\u001b[31m";
        e.Thread.CallStack[1].SymbolInfo = "mod\u001b[1A!f";

        string text = Render(e);

        Assert.DoesNotContain(text, c => c is not '\n' && char.IsControl(c) || c is '\u202E');
        Assert.Contains(@"evil [red]x[/] [/] \u{1B}]0;owned\u{7} \u{202E}gpj \u{D}\u{A}", text, StringComparison.Ordinal);
        Assert.Contains(@"mod\u{1B}[1A!f", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_value_is_cut_and_says_so()
    {
        EndpointEvent e = LibraryLoad();
        e.Process!.CommandLine = new string('x', 32_000);

        Assert.Contains("31000 more", Render(e).ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_is_its_own_ancestor_does_not_hang_the_view()
    {
        EndpointEvent e = LibraryLoad();
        e.Process!.Parent!.Parent!.Parent = e.Process;

        Assert.Contains("loader.exe (300)", Render(e), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_without_anything_still_makes_a_readable_alert() =>
        Assert.StartsWith("── HIGH  CLR", Render(new EndpointEvent()), StringComparison.Ordinal);

    private static EndpointEvent LibraryLoad()
    {
        var e = new EndpointEvent { UtcTicks = new DateTime(2024, 5, 1, 10, 11, 12, 123).Ticks };
        e.Event.Category.Add("library");
        e.Event.Action = "load";
        e.Host.Name = "WIN10";
        e.Library.Path = @"C:\Windows\Microsoft.NET\clr.dll";
        var explorer = new ProcessInfo { Name = "explorer.exe", Pid = 100, Executable = @"C:\Windows\explorer.exe" };
        var cmd = new ProcessInfo { Name = "cmd.exe", Pid = 200, CommandLine = "cmd /c start", Parent = explorer };
        e.Process = new ProcessInfo { Name = "loader.exe", Pid = 300, Executable = @"C:\Temp\loader.exe", CommandLine = "loader.exe --now", Parent = cmd };

        CallStackFrame top = e.Thread.CallStack.Add(new ModuleInfo(@"c:\windows\system32\ntdll.dll"), 0x7ff, 0x9d1e4);
        top.SymbolName = "NtMapViewOfSection";
        top.SymbolOffset = 0x14;
        e.Thread.CallStack.Add(new ModuleInfo(@"c:\windows\microsoft.net\mscoreei.dll"), 0x7fe, 0x2b3c);
        e.Thread.CallStack.Add(ModuleInfo.Unbacked, 0x1f0000, null).Protection = "RWX";
        CallStackFrame stomped = e.Thread.CallStack.Add(new ModuleInfo(@"c:\windows\system32\amsi.dll"), 0x7fd, 0x10);
        stomped.AllocationPrivateBytes = 4096;
        stomped.ProtectionProvenance = "evil.dll";
        return e;
    }

    private static string Render(EndpointEvent e)
    {
        var text = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = Terminal.Open(text);
        console.Profile.Width = 80;
        new AlertView(console).Write(Rule, e);
        // Tables pad their lines to the width of their columns.
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd()));
    }
}
