using CallStackRules.CallStacks;
using CallStackRules.Capture.Sources.Etw.Decoding;
using CsCheck;
using static CallStackRules.Capture.Tests.Etw.Writing.WrittenTrace;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>Who made memory what it is, by the calls that were told.</summary>
public sealed class ProtectionOriginsTests
{
    private static readonly ModuleInfo Runtime = new(@"c:\r\clr.dll");
    private static readonly ModuleInfo Other = new(@"c:\a\other.dll");

    [Fact]
    public void The_last_to_change_a_page_is_named_and_the_pages_around_it_keep_theirs()
    {
        var origins = new ProtectionOrigins();
        origins.Set(0x10000, 0x4000, Runtime);
        origins.Set(0x11010, 1, Other);

        Assert.Equal([null, Runtime, Other, Runtime, null], ((ulong[])[0xFFFF, 0x10FFF, 0x11FFF, 0x12000, 0x14000]).Select(origins.Find));
        origins.Set(0x10000, 0x2000, module: null);
        Assert.Equal([null, null, Runtime], ((ulong[])[0x10000, 0x11000, 0x12000]).Select(origins.Find));
    }

    [Fact]
    public void Any_calls_give_what_a_table_of_pages_would()
    {
        const int pages = 32;
        ModuleInfo?[] modules = [null, Runtime, Other];
        Gen.Select(Gen.Int[0, pages - 1], Gen.Int[1, 8], Gen.Int[0, 2]).Array[1, 40].Check(calls =>
        {
            var origins = new ProtectionOrigins();
            var table = new ModuleInfo?[pages + 8];
            foreach ((int page, int count, int module) in calls)
            {
                origins.Set((ulong)page << 12, (ulong)count << 12, modules[module]);
                table.AsSpan(page, count).Fill(modules[module]);
            }
            for (int page = 0; page < table.Length; page++)
                Assert.Equal(table[page], origins.Find(((ulong)page << 12) + 5));
        });
    }

    [Fact]
    public void Made_up_calls_do_not_fill_the_memory_or_wrap_around()
    {
        var origins = new ProtectionOrigins();
        Assert.True(origins.Set(ulong.MaxValue - 5, 100, Runtime));
        Assert.Null(origins.Find(ulong.MaxValue));
        bool hadRoom = true;
        for (ulong i = 0; i <= ProtectionOrigins.Capacity; i++)
            hadRoom &= origins.Set(i << 13, 1, Runtime);
        Assert.False(hadRoom);
        Assert.Null(origins.Find(0));
    }

    [Fact]
    public void Code_that_a_loader_made_executable_is_shellcode_and_that_of_a_compiler_is_not()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Image(6, thread: 0, kind: 3, process: 10, Library, 0x1_0000, @"\Device\HarddiskVolume2\r\clr.dll");
            w.Process(7, by: 0, thread: 0, kind: 3, id: 30, parent: 1, "other.exe", "other.exe");
            w.Calls.Allocate(20_000_000, process: 10, thread: 11, id: 6, target: 10, address: Nowhere, size: 0x1000, type: 0x3000, protection: 0x40, SystemCalls + 0x14, Program + 0x30);
            w.OpenProcess(20_000_010, process: 10, thread: 11, target: 30, access: 1, result: 0, SystemCalls + 0x14, Nowhere);
            w.Calls.Allocate(20_000_020, process: 10, thread: 11, id: 6, target: 10, address: Nowhere, size: 0x1000, type: 0x3000, protection: 0x40, SystemCalls + 0x14, Library + 0x30);
            w.OpenProcess(20_000_030, process: 10, thread: 11, target: 30, access: 1, result: 0, SystemCalls + 0x14, Nowhere);
        }, static e => $"{e.Api.Name}: {string.Join(' ', Enumerable.Range(0, e.Api.Behaviors.Count).Select(i => e.Api.Behaviors[i]))}");

        Assert.Equal(["OpenProcess: cross-process native_api sensitive_api shellcode", "OpenProcess: cross-process native_api sensitive_api"], events.Where(static line => line[0] == 'O'));
    }

    [Fact]
    public void A_frame_names_who_made_its_memory_executable_and_a_guess_does_not_take_its_place()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Image(6, thread: 0, kind: 3, process: 10, Library, 0x1_0000, @"\Device\HarddiskVolume2\r\clr.dll");
            w.Process(7, by: 0, thread: 0, kind: 3, id: 30, parent: 1, "other.exe", "other.exe");
            w.Calls.Allocate(20_000_000, process: 10, thread: 11, id: 6, target: 10, address: Nowhere, size: 0x1000, type: 0x3000, protection: 0x40, SystemCalls + 0x14, Program + 0x30);
            w.OpenProcess(20_000_010, process: 10, thread: 11, target: 30, access: 1, result: 0, SystemCalls + 0x14, Nowhere, Library + 0x10, Nowhere + 0x10_0000);
            w.Calls.Protect(20_000_020, process: 10, thread: 11, id: 7, target: 10, Nowhere, size: 1, protection: 0x20, before: 0x40, SystemCalls + 0x14, Library + 0x10);
            w.OpenProcess(20_000_030, process: 10, thread: 11, target: 30, access: 1, result: 0, SystemCalls + 0x14, Nowhere);
        }, static e => $"{e.Api.Name}: {string.Join(", ", Enumerable.Range(0, e.Thread.CallStack.Count).Select(i => $"{e.Thread.CallStack[i].ProtectionProvenancePath}"))}"
            + $" {(e.Thread.CallStack.Count > 3 ? e.Thread.CallStack[3].ProtectionProvenance : default)}");

        Assert.Equal(
            [
                "VirtualAlloc: ,  ",
                @"OpenProcess: , c:\a\app.exe, ,  clr.dll",
                "VirtualProtect: ,  ",
                @"OpenProcess: , c:\r\clr.dll ",
            ],
            events);
    }
}
