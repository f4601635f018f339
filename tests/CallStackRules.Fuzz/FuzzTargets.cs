using CallStackRules.Fuzz.Targets;

namespace CallStackRules.Fuzz;

/// <summary>All targets, one for each format that is read.</summary>
internal static class FuzzTargets
{
    public static readonly FuzzTarget[] All =
    [
        LinuxRing.Written,
        LinuxRing.Captured,
        ElfFile.Target,
        ProcText.Maps,
        ProcText.Stat,
        ProcText.PerfMap,
        PmlFile.Target,
        PeFile.Target,
        EtlTrace.Target,
        FactsFile.Target,
        EcsFile.Target,
        SysmonFile.Target,
        SensorRecording.Whole,
        SensorRecording.Block,
        RuleFiles.Eql,
        RuleFiles.Toml,
    ];
}
