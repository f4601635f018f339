using System.Text;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Fuzz.Targets;

/// <summary>Texts of <c>/proc</c>, which hold names that processes choose, and the files of names that runtimes write.</summary>
internal static class ProcText
{
    public static readonly FuzzTarget Maps = new("proc-maps", static () => Own("maps"), ReadMaps);

    public static readonly FuzzTarget Stat = new("proc-stat", static () => Own("stat"), static input => ProcStat.Parse(input));

    public static readonly FuzzTarget PerfMap = new("perf-map", MakePerfMap, ReadPerfMap);

    private static List<byte[]> Own(string name) =>
        OperatingSystem.IsLinux() ? [File.ReadAllBytes($"/proc/self/{name}")] : throw new NoSeedsException("only Linux has /proc");

    private static List<byte[]> MakePerfMap() =>
        [Encoding.UTF8.GetBytes("7f0000001000 40 void [app] Program::Main()\n0x7f0000001040 0x1f stub<1>\n7f0000002000 100 LazyCompile:~ main.js:1\n")];

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

    private static void ReadPerfMap(byte[] input)
    {
        var map = new PerfMap("/nowhere");
        map.Add(input);
        map.TryFind(0x7f0000001000, out _, out _);
        map.TryFind(ulong.MaxValue, out _, out _);
    }
}
