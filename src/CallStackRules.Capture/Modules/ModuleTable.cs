using CallStackRules.CallStacks;
using CallStackRules.Capture.Sources;

namespace CallStackRules.Capture.Modules;

/// <summary>
/// One shared <see cref="ModuleInfo"/> for every module file of a machine, found by its path without making a string of it. Paths are kept in lower case, because
/// recorders spell one file in several ways.
/// </summary>
/// <remarks>
/// Holds at most <see cref="Capacity"/> spellings; when full it forgets all of them and begins anew, so that made-up paths cannot fill the memory. Modules that were
/// handed out stay valid.
/// </remarks>
public sealed class ModuleTable
{
    /// <summary>Spellings of paths that are kept.</summary>
    public const int Capacity = 64 * 1024;

    private readonly Dictionary<string, ModuleInfo> _bySpelling = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModuleInfo> _byPath = new(StringComparer.Ordinal);
    private readonly SourceStatistics _statistics;
    private readonly Dictionary<string, ModuleInfo>.AlternateLookup<ReadOnlySpan<char>> _spellings;

    /// <summary>Creates an empty table.</summary>
    /// <param name="statistics">Counts when all was forgotten.</param>
    public ModuleTable(SourceStatistics statistics)
    {
        _statistics = statistics;
        _spellings = _bySpelling.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How many different modules are known.</summary>
    public int Count => _byPath.Count;

    /// <summary>The module with this path in any case, made when it is new. Allocates for new spellings only.</summary>
    /// <param name="path">Full path, with either kind of slash; a bare file name where the source has no more.</param>
    public ModuleInfo Get(ReadOnlySpan<char> path)
    {
        if (_spellings.TryGetValue(path, out ModuleInfo? module))
            return module;
        if (_bySpelling.Count == Capacity)
        {
            _statistics.CountFieldProblem("too many paths of modules: all were forgotten");
            _bySpelling.Clear();
            _byPath.Clear();
        }
        string spelling = path.ToString();
        string lowerCase = spelling.ToLowerInvariant();
        if (!_byPath.TryGetValue(lowerCase, out module))
        {
            module = new ModuleInfo(lowerCase);
            _byPath.Add(lowerCase, module);
        }
        _bySpelling.Add(spelling, module);
        return module;
    }
}
