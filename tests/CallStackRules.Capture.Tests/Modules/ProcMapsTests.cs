using System.Diagnostics;
using System.Text;
using CallStackRules.Capture.Modules;

namespace CallStackRules.Capture.Tests.Modules;

public class ProcMapsTests
{
    [SkippableFact]
    public void The_mappings_of_this_process_are_read_and_its_libraries_are_images()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "there is no /proc");
        var files = new MappedFileTable();
        var space = new AddressSpace();
        Assert.Equal(0, ProcMaps.Read(File.ReadAllBytes("/proc/self/maps"), space, files, Environment.ProcessId));
        Assert.True((space.Runtimes & JitRuntimes.DotNet) != 0);
        var kinds = new Dictionary<string, FileKind>();
        for (int i = 0; i < space.Count; i++)
        {
            if (space[i].File is { } file)
                kinds[file.Module.Name.ToString()] = file.Kind;
        }
        Assert.Equal(FileKind.Elf, kinds["libcoreclr.so"]);
        Assert.Equal(FileKind.Vdso, kinds["[vdso]"]);
        Assert.True(files.Vdso.Image!.Symbols.Count > 0);
        Assert.NotNull(files.Vdso.Image.CallFrames);
    }

    [Theory]
    [InlineData("zz-2000 r-xp 0 08:01 1 /a\n")]
    [InlineData("2000-1000 r-xp 0 08:01 1 /a\n")]
    [InlineData("1000-2000 r-xp 0 08:01\n")]
    [InlineData("1000-2000 r-xp 0 0801 1 /a\n")]
    [InlineData("1000-2000\n")]
    [InlineData("\n")]
    [InlineData("1000-2000 r-xp 00000000 08:01 1 /cut")]
    public void A_line_that_makes_no_sense_is_counted(string text)
    {
        var space = new AddressSpace();
        Assert.Equal(1, ProcMaps.Read(Encoding.UTF8.GetBytes(text), space, new MappedFileTable(), 0));
        Assert.Equal(0, space.Count);
    }

    [Fact]
    public void Paths_keep_their_spaces_and_case_and_get_their_newlines_back()
    {
        var space = new AddressSpace();
        Assert.Equal(0, ProcMaps.Read("1000-2000 r-xp 00003000 fd:1a 42                 /Opt/a b\\012c (deleted)\n"u8, space, new MappedFileTable(), 0));
        Assert.True(space.TryFind(0x1fff, out Mapping mapping));
        Assert.Equal(("/Opt/a b\nc (deleted)", 0xfdu, 0x1au, 42ul, FileKind.Deleted),
            (mapping.File!.Path, mapping.File.DeviceMajor, mapping.File.DeviceMinor, mapping.File.Inode, mapping.File.Kind));
        Assert.Equal(0x3fffu, mapping.FileOffsetOf(0x1fff));
    }

    [SkippableFact]
    public void A_file_in_the_place_of_the_mapped_one_is_not_opened_and_a_pipe_does_not_stop_us()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "files are opened as on Linux");
        var files = new MappedFileTable();
        MappedFile other = files.GetOrAdd(1, 2, 3, "/bin/sh"u8);
        Assert.Null(other.Image);
        Assert.NotNull(other.Refusal);
        using var folder = new TemporaryFolder();
        string pipe = Path.Combine(folder.Path, "pipe");
        Process.Start("mkfifo", pipe).WaitForExit();
        Assert.Null(files.GetOrAdd(1, 2, 3, Encoding.UTF8.GetBytes(pipe)).Image);
        Assert.Equal(2, files.Refusals);
    }

    [Fact]
    public void A_known_file_is_found_without_allocating_and_made_up_ones_do_not_fill_the_memory()
    {
        var files = new MappedFileTable();
        MappedFile first = files.GetOrAdd(8, 1, 5, "/a"u8);
        Assert.Equal(0, Allocations.Of(() => files.GetOrAdd(8, 1, 5, "/a"u8)));
        Assert.NotSame(first, files.GetOrAdd(8, 1, 6, "/a"u8));
        for (ulong i = 0; i < MappedFileTable.Capacity; i++)
            files.GetOrAdd(9, 1, i, "/b"u8);
        Assert.InRange(files.Count, 1, MappedFileTable.Capacity);
        Assert.Equal(1, files.Evictions);
    }
}
