using CallStackRules.Capture.Modules;
using CsCheck;

namespace CallStackRules.Capture.Tests.Modules;

public class AddressSpaceTests
{
    private const int Size = 40;
    private static readonly MappedFileTable Files = new();

    [Fact]
    public void Any_order_of_changes_leaves_what_a_table_of_single_pages_has()
    {
        Gen<(int Kind, int Space, int Start, int Length, int Protection)> change =
            Gen.Select(Gen.Int[0, 9], Gen.Int[0, 2], Gen.Int[0, Size - 1], Gen.Int[0, Size / 3], Gen.Int[0, 7]);
        change.Array[0, 60].Check(changes =>
        {
            var spaces = new AddressSpace[] { new(), new(), new() };
            var pages = new Mapping?[3][] { new Mapping?[Size], new Mapping?[Size], new Mapping?[Size] };
            foreach ((int kind, int space, int start, int length, int protection) in changes)
                Change(spaces, pages, kind, space, start, Math.Min(length, Size - start), (MemoryProtection)protection);
            for (int i = 0; i < 3; i++)
                AssertSame(spaces[i], pages[i]);
        });
    }

    [Fact]
    public void A_runtime_makes_executable_memory_without_a_file_its_code()
    {
        var space = new AddressSpace();
        var anonymous = new Mapping(0x1000, 0x2000, 0, MemoryProtection.Execute, MemoryUse.Anonymous, null);
        Assert.False(space.IsJitCode(anonymous));
        space.Map(Files.Describe(0x5000, 0x6000, 0, MemoryProtection.Execute, 8, 1, 7, "/usr/share/dotnet/libcoreclr.so"u8, 0));
        Assert.Equal(JitRuntimes.DotNet, space.Runtimes);
        Assert.True(space.IsJitCode(anonymous));
        Assert.True(space.IsJitCode(Files.Describe(0x7000, 0x8000, 0, MemoryProtection.Execute, 0, 1, 9, "/memfd:doublemapper (deleted)"u8, 0)));
        Assert.False(space.IsJitCode(Files.Describe(0x7000, 0x8000, 0, MemoryProtection.Execute, 0, 1, 9, "/memfd:evil (deleted)"u8, 0)));
        space.Clear();
        Assert.False(space.IsJitCode(anonymous));
    }

    [Fact]
    public void What_is_moved_keeps_what_is_known_of_it_and_overwrites_what_was_there()
    {
        var space = new AddressSpace();
        space.Map(new Mapping(0x1000, 0x4000, 0, MemoryProtection.Execute, MemoryUse.Anonymous, null));
        space.Map(Files.Describe(0x10000, 0x15000, 0, MemoryProtection.Execute, 8, 1, 7, "/lib/libm.so.6"u8, 0));

        space.Move(0x2000, 0x1000, 0x12000, 0x1000, stays: false);
        space.Move(0x3000, 0x1000, 0x20000, 0x2000, stays: true);
        space.Move(0x50000, 0x1000, 0x13000, 0x1000, stays: false);

        Assert.Equal(
            ["1000-2000 ", "3000-4000 ", "10000-12000 libm.so.6", "12000-13000 ", "14000-15000 libm.so.6", "20000-22000 "],
            Enumerable.Range(0, space.Count).Select(i => $"{space[i].Start:x}-{space[i].End:x} {space[i].File?.Module.Name}"));
        Assert.Equal(0x4000UL, space[4].FileOffset);
    }

    [Fact]
    public void A_space_holds_no_more_than_its_capacity_and_counts_the_rest()
    {
        var space = new AddressSpace();
        for (ulong i = 0; i < AddressSpace.Capacity + 5; i++)
            space.Map(new Mapping(i * 0x2000, (i * 0x2000) + 0x1000, 0, MemoryProtection.Execute, MemoryUse.Anonymous, null));
        Assert.Equal((AddressSpace.Capacity, 5L), (space.Count, space.Dropped));
    }

    private static void Change(AddressSpace[] spaces, Mapping?[][] pages, int kind, int space, int start, int length, MemoryProtection protection)
    {
        (ulong first, ulong end) = (Address(start), Address(start + length));
        switch (kind)
        {
            case 0:
                spaces[space].Clear();
                Array.Clear(pages[space]);
                break;
            case 1:
                spaces[(space + 1) % 3].CopyFrom(spaces[space]);
                pages[space].CopyTo(pages[(space + 1) % 3], 0);
                break;
            case 2:
                spaces[space].Unmap(first, end - first);
                Array.Clear(pages[space], start, length);
                break;
            case 3:
                spaces[space].Protect(first, end - first, protection);
                for (int i = start; i < start + length; i++)
                {
                    if (pages[space][i] is { } old)
                        pages[space][i] = (protection & MemoryProtection.Execute) != 0 ? old with { Protection = protection } : null;
                }
                break;
            default:
                var mapping = new Mapping(first, end, (ulong)kind << 12, protection, MemoryUse.Anonymous, null);
                spaces[space].Map(mapping);
                for (int i = start; i < start + length; i++)
                    pages[space][i] = mapping.IsExecutable ? mapping.Part(Address(i), Address(i + 1)) : null;
                break;
        }
    }

    private static void AssertSame(AddressSpace space, Mapping?[] pages)
    {
        for (int i = 0; i < Size; i++)
        {
            bool found = space.TryFind(Address(i) + 5, out Mapping mapping);
            Assert.Equal(pages[i].HasValue, found);
            if (found)
                Assert.Equal(pages[i], mapping.Part(Address(i), Address(i + 1)));
        }
        for (int i = 1; i < space.Count; i++)
            Assert.True(space[i - 1].End <= space[i].Start && space[i].Start < space[i].End);
    }

    private static ulong Address(int page) => (ulong)(page + 1) << 12;
}
