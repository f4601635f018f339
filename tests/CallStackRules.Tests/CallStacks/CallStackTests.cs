using CallStackRules.CallStacks;
using CallStackRules.Events;

namespace CallStackRules.Tests.CallStacks;

public sealed class CallStackTests
{
    private static readonly ModuleInfo Ntdll = new(@"C:\Windows\System32\ntdll.dll");
    private static readonly ModuleInfo KernelBase = new(@"C:\Windows\System32\KernelBase.dll");
    private static readonly ModuleInfo Program = new(@"C:\Temp\Program.exe");

    private readonly EndpointEvent _event = new();

    private ThreadInfo Thread => _event.Thread;

    [Fact]
    public void The_summary_names_modules_in_lower_case_and_neighbours_once()
    {
        AddFrames(Ntdll, Ntdll, KernelBase, ModuleInfo.Unbacked, ModuleInfo.Unbacked, Program, Ntdll);

        Assert.Equal("ntdll.dll|kernelbase.dll|Unbacked|program.exe|ntdll.dll", Thread.CallStackSummary.ToString());
    }

    [Fact]
    public void Modules_of_one_name_in_two_places_are_neighbours_that_repeat()
    {
        AddFrames(Ntdll, new ModuleInfo(@"C:\Temp\ntdll.dll"));

        Assert.Equal("ntdll.dll", Thread.CallStackSummary.ToString());
    }

    [Fact]
    public void Without_a_stack_nothing_is_known()
    {
        Assert.True(Thread.CallStackSummary.IsMissing);
        Assert.Null(Thread.CallStackContainsUnbacked);
        Assert.True(Thread.FinalUserModule.IsMissing);
    }

    [Fact]
    public void Frames_of_which_only_a_symbol_is_known_have_no_summary()
    {
        Thread.CallStack.Add().SymbolInfo = "somewhere";

        Assert.True(Thread.CallStackSummary.IsMissing);
        Assert.Null(Thread.CallStackContainsUnbacked);
        Assert.True(Thread.FinalUserModule.IsMissing);
    }

    [Fact]
    public void Unbacked_code_is_seen_anywhere_on_the_stack()
    {
        AddFrames(Ntdll, Program);
        Assert.False(Thread.CallStackContainsUnbacked);

        AddFrames(ModuleInfo.Unbacked);
        Assert.True(Thread.CallStackContainsUnbacked);
        Assert.Equal("ntdll.dll|program.exe|Unbacked", Thread.CallStackSummary.ToString());
    }

    [Theory]
    [InlineData("Unbacked", "ntdll.dll kernelbase.dll Unbacked program.exe")]
    [InlineData("program.exe", "ntdll.dll kernelbase.dll program.exe Unbacked")]
    [InlineData("Undetermined", "ntdll.dll kernelbase.dll")]
    [InlineData("Unknown", "Unknown program.exe")]
    public void The_final_user_module_is_the_innermost_outside_the_platform(string expected, string modules)
    {
        foreach (string module in modules.Split(' '))
        {
            AddFrames(module switch
            {
                "Unbacked" => ModuleInfo.Unbacked,
                "Unknown" => ModuleInfo.Unknown,
                "program.exe" => Program,
                _ => new ModuleInfo(@"C:\Windows\System32\" + module),
            });
        }

        Assert.Equal(expected, Thread.FinalUserModule.Name.ToString());
    }

    [Fact]
    public void The_final_user_module_has_the_facts_of_its_frame_and_file()
    {
        var module = new ModuleInfo(@"C:\Temp\Plugin.DLL");
        module.Hash.Sha256 = "ab";
        module.CodeSignatures.Add().SubjectName = "Someone";
        AddFrames(Ntdll);
        CallStackFrame frame = Thread.CallStack.Add(module, address: 0x7ff0_1234, rva: 0x1234);
        frame.AllocationPrivateBytes = 4096;
        frame.Protection = "RWX";
        frame.ProtectionProvenance = "loader.exe";
        frame.ProtectionProvenancePath = @"c:\loader.exe";

        CallStackModule final = Thread.FinalUserModule;

        Assert.Equal("plugin.dll", final.Name.ToString());
        Assert.Equal(@"C:\Temp\Plugin.DLL", final.Path.ToString());
        Assert.Equal("ab", final.Hash.Sha256.ToString());
        Assert.Equal("Someone", final.CodeSignatures[0].SubjectName.ToString());
        Assert.Equal(1, final.CodeSignatures.Count);
        Assert.Equal(4096, final.AllocationPrivateBytes);
        Assert.Equal("RWX", final.Protection.ToString());
        Assert.Equal("loader.exe", final.ProtectionProvenance.ToString());
        Assert.Equal(@"c:\loader.exe", final.ProtectionProvenancePath.ToString());
    }

    [Fact]
    public void What_the_source_says_is_not_worked_out()
    {
        Thread.CallStackSummary = "a|b";
        Thread.CallStackContainsUnbacked = true;
        Thread.FinalUserModule.Name = "b";
        AddFrames(Ntdll, Program);

        Assert.Equal("a|b", Thread.CallStackSummary.ToString());
        Assert.True(Thread.CallStackContainsUnbacked);
        Assert.Equal("b", Thread.FinalUserModule.Name.ToString());
        Assert.True(Thread.FinalUserModule.Path.IsMissing);
    }

    [Fact]
    public void Symbols_are_written_after_the_path_of_their_module()
    {
        CallStackFrame named = Thread.CallStack.Add(Ntdll, address: null, rva: 0x9d234);
        named.SymbolName = "NtCreateFile";
        named.SymbolOffset = 0x14;

        Assert.Equal(@"C:\Windows\System32\ntdll.dll!NtCreateFile+0x14", named.SymbolInfo.ToString());
        Assert.Equal(@"C:\Windows\System32\ntdll.dll+0x2a", Thread.CallStack.Add(Ntdll, address: 0x7ffe_0000_002a, rva: 0x2a).SymbolInfo.ToString());
        Assert.Equal("Unbacked+0x1f0000", Thread.CallStack.Add(ModuleInfo.Unbacked, address: 0x1f0000, rva: null).SymbolInfo.ToString());
        Assert.Equal("Kernel+0xfffff80000001000", Thread.CallStack.Add(ModuleInfo.Kernel, address: 0xfffff800_00001000, rva: null).SymbolInfo.ToString());
        Assert.Equal("Unbacked", Thread.CallStack.Add(ModuleInfo.Unbacked, address: null, rva: null).SymbolInfo.ToString());
        Assert.True(Thread.CallStack.Add().SymbolInfo.IsMissing);
    }

    [Fact]
    public void A_frame_is_empty_after_its_stack_was_cleared()
    {
        CallStackFrame frame = Thread.CallStack.Add(Ntdll, address: 1, rva: 2);
        Assert.False(frame.SymbolInfo.IsMissing);

        _event.Clear();

        Assert.Equal(0, Thread.CallStack.Count);
        Assert.Same(frame, Thread.CallStack.Add());
        Assert.True(frame.SymbolInfo.IsMissing);
        Assert.True(frame.ModulePath.IsMissing);
        Assert.Null(frame.InstructionPointer);
    }

    [Fact]
    public void Frames_are_taken_back_for_the_content_they_were_said_to_be_and_no_other()
    {
        AddFrames(Ntdll, Program, KernelBase);
        Thread.CallStack.CanRestore(content: 7);
        _event.Clear();

        Assert.False(Thread.CallStack.TryRestore(content: 8));
        Assert.True(Thread.CallStack.TryRestore(content: 7));
        Assert.Equal("ntdll.dll|program.exe|kernelbase.dll", Thread.CallStackSummary.ToString());

        _event.Clear();
        AddFrames(Program);
        _event.Clear();
        Assert.False(Thread.CallStack.TryRestore(content: 7));
        Assert.False(Thread.CallStack.TryRestore(content: 0));
        Assert.Equal(0, Thread.CallStack.Count);
    }

    [Fact]
    public void Frames_that_were_left_are_empty_when_others_are_added_in_their_places()
    {
        AddFrames(Ntdll, Program, KernelBase);
        Thread.CallStack[2].Protection = "RWX";
        Thread.CallStack.CanRestore(content: 7);
        _event.Clear();
        AddFrames(Program);
        Thread.CallStack.CanRestore(content: 8);
        _event.Clear();
        Assert.True(Thread.CallStack.TryRestore(content: 8));
        Assert.Equal(1, Thread.CallStack.Count);

        Thread.CallStack.Add();
        Thread.CallStack.Add();

        Assert.Null(Thread.CallStack[1].Module);
        Assert.True(Thread.CallStack[2].Protection.IsMissing);
        _event.Clear();
        Assert.False(Thread.CallStack.TryRestore(content: 8));
    }

    [Fact]
    public void Symbols_of_frames_that_are_taken_back_are_looked_up_again()
    {
        var symbols = new CountedSymbols();
        Thread.CallStack.Add(Ntdll, address: 1, rva: 2).SetSymbolSource(symbols, address: 2, isReturnAddress: false);
        Thread.CallStack.CanRestore(content: 7);
        Assert.Equal(@"C:\Windows\System32\ntdll.dll!Symbol1+0x0", Thread.CallStack[0].SymbolInfo.ToString());
        _event.Clear();
        _event.Event.Action = _event.Buffer.Add("other text in the same place of the buffer, and long enough to cover it");
        Thread.CallStack.TryRestore(content: 7);

        Assert.Equal(@"C:\Windows\System32\ntdll.dll!Symbol2+0x0", Thread.CallStack[0].SymbolInfo.ToString());
    }

    [Fact]
    public void Working_out_facts_of_a_stack_allocates_nothing_once_warm()
    {
        long length = 0;
        for (int round = 0; round < 50; round++)
            length += Read();

        Assert.Equal(0, Allocations.Of(() => length += Read()));
        Assert.True(length > 0);

        long Read()
        {
            _event.Clear();
            Thread.CallStack.Add(Ntdll, address: null, rva: 1);
            Thread.CallStack.Add(ModuleInfo.Unbacked, address: 1, rva: null);
            return Thread.CallStackSummary.Length + Thread.FinalUserModule.Name.Length + Thread.CallStack[0].SymbolInfo.Length + Thread.CallStack[1].SymbolInfo.Length
                + (Thread.CallStackContainsUnbacked == true ? 1 : 0);
        }
    }

    private void AddFrames(params ReadOnlySpan<ModuleInfo> modules)
    {
        foreach (ModuleInfo module in modules)
            Thread.CallStack.Add(module, address: 0x1000, rva: module.IsPseudo ? null : 0x10);
    }

    private sealed class CountedSymbols : ISymbolSource
    {
        private int _count;

        public bool TryFindSymbol(ulong address, out string name, out ulong offset)
        {
            name = $"Symbol{++_count}";
            offset = 0;
            return true;
        }
    }
}
