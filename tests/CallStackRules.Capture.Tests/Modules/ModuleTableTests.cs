using System.Globalization;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources;

namespace CallStackRules.Capture.Tests.Modules;

public class ModuleTableTests
{
    [Fact]
    public void One_file_in_several_spellings_is_one_module_with_a_lower_case_path()
    {
        var modules = new ModuleTable(new SourceStatistics());
        ModuleInfo module = modules.Get(@"C:\Windows\SYSTEM32\NTDLL.DLL");
        Assert.Same(module, modules.Get(@"C:\Windows\System32\ntdll.dll"));
        Assert.Equal((@"c:\windows\system32\ntdll.dll", "ntdll.dll", true), (module.Path.ToString(), module.Name.ToString(), module.IsPlatform));
        Assert.NotSame(module, modules.Get(@"C:\Temp\ntdll.dll"));
        Assert.Equal(2, modules.Count);
    }

    [Fact]
    public void Made_up_paths_do_not_fill_the_memory_and_modules_handed_out_stay_valid()
    {
        var modules = new ModuleTable(new SourceStatistics());
        ModuleInfo first = modules.Get(@"C:\first.dll");
        for (int i = 0; i <= ModuleTable.Capacity; i++)
            modules.Get(i.ToString(CultureInfo.InvariantCulture));
        Assert.InRange(modules.Count, 1, ModuleTable.Capacity);
        Assert.Equal("first.dll", first.Name.ToString());
        Assert.Equal(@"c:\first.dll", modules.Get(@"C:\first.dll").Path.ToString());
    }

    [Fact]
    public void A_known_spelling_is_found_without_allocating()
    {
        var modules = new ModuleTable(new SourceStatistics());
        modules.Get(@"C:\Windows\a.dll");
        Assert.Equal(0, Allocations.Of(() => modules.Get(@"C:\Windows\a.dll")));
    }

    [Fact]
    public void One_path_on_two_machines_is_two_modules()
    {
        var modules = new ModuleTable(new SourceStatistics());
        ModuleInfo first = modules.Get(@"C:\a.dll", machine: 1);
        Assert.NotSame(first, modules.Get(@"C:\a.dll", machine: 2));
        Assert.Same(first, modules.Get(@"C:\A.dll", machine: 1));
    }

    [Fact]
    public void Modules_that_there_is_room_for_are_first_seen_without_allocating()
    {
        string[] paths = [.. Enumerable.Range(0, 200).Select(static i => $@"C:\Windows\System32\{i}.DLL")];
        var modules = new ModuleTable(new SourceStatistics(), prepared: 200);
        modules.Get(paths[0]).CodeSignatures.Add();
        int next = 1;

        Assert.Equal(0, Allocations.Of(() => modules.Get(paths[next++]).CodeSignatures.Add()));
        Assert.Equal(next, modules.Count);
    }
}
