using System.Text;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Fuzz.Targets;

/// <summary>Texts of <c>/proc</c>, which hold names that processes choose, and the files of names that runtimes write.</summary>
internal static class ProcText
{
    public static readonly FuzzTarget Maps = new("proc-maps", static () => [Encoding.UTF8.GetBytes(SomeMaps)], ReadMaps) { Form = InputForm.Text };

    public static readonly FuzzTarget Stat = new("proc-stat", static () => [Encoding.UTF8.GetBytes(SomeStat), Encoding.UTF8.GetBytes(SomeStatus)], ReadStat) { Form = InputForm.Text };

    public static readonly FuzzTarget PerfMap = new("perf-map", static () => [Encoding.UTF8.GetBytes(SomePerfMap)], ReadPerfMap) { Form = InputForm.Text };

    private const string SomeMaps = """
        55d0c0a00000-55d0c0a02000 r--p 00000000 08:01 1234                       /usr/bin/cat
        55d0c0a02000-55d0c0a07000 r-xp 00002000 08:01 1234                       /usr/bin/cat (deleted)
        55d0c1b00000-55d0c1b21000 rw-p 00000000 00:00 0                          [heap]
        7f0000000000-7f0000021000 rwxp 00000000 00:00 0 
        7f0000100000-7f0000200000 r-xs 00000000 00:01 77                         /memfd:doublemapper (deleted)
        7f0000300000-7f0000301000 r-xp 00000000 00:2f 9                          /a path\012with everything
        7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                          [stack]
        7ffc00100000-7ffc00102000 r-xp 00000000 00:00 0                          [vdso]
        ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]

        """;

    private const string SomeStat = "4711 (a) b (c) S 1 4711 4700 34816 4711 4194304 100 0 0 0 1 2 0 0 20 0 3 0 123456 1000000 100 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n";

    private const string SomeStatus = "Name:\ta\nTgid:\t4711\nUid:\t1000\t0\t0\t1000\nGid:\t4294967295\t1\t2\t3\nGroups:\t\n";

    private const string SomePerfMap = "7f0000001000 40 void [app] Program::Main()\n0x7f0000001040 0x1f stub<1>\n7f0000002000 100 LazyCompile:~ main.js:1\n";

    private static void ReadMaps(byte[] input)
    {
        var space = new AddressSpace();
        ProcMaps.Read(input, space, new MappedFileTable(), processId: 0);
        for (int i = 0; i < space.Count; i++)
        {
            ref readonly Mapping mapping = ref space[i];
            space.TryFind(mapping.Start, out _);
            _ = space.IsJitCode(mapping);
        }
    }

    private static void ReadStat(byte[] input)
    {
        ProcStat.Parse(input);
        ProcStatus.ReadIds(input);
    }

    private static void ReadPerfMap(byte[] input)
    {
        var map = new PerfMap("/nowhere");
        map.Add(input);
        map.TryFind(0x7f0000001000, out _, out _);
        map.TryFind(ulong.MaxValue, out _, out _);
    }
}
