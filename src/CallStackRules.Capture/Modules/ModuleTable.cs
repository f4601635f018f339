using CallStackRules.CallStacks;
using CallStackRules.Capture.Sources;
using CallStackRules.Events;

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

    /// <summary>Characters that there is room for with each prepared module: its path in lower case, and as it was spelled.</summary>
    private const int CharactersOfModule = 256;

    private readonly Dictionary<ModulePath, ModuleInfo> _bySpelling;
    private readonly Dictionary<ModulePath, ModuleInfo> _byPath;
    private readonly Dictionary<ModulePath, ModuleInfo>.AlternateLookup<ModulePathKey> _spellings;
    private readonly SourceStatistics _statistics;
    private readonly Stack<ModuleInfo> _unused;
    private TextArena _room = new();

    /// <summary>Creates an empty table.</summary>
    /// <param name="statistics">Counts when all was forgotten.</param>
    /// <param name="prepared">Modules there is room for from the beginning: for streams that may not allocate for the first sight of one.</param>
    public ModuleTable(SourceStatistics statistics, int prepared = 0)
    {
        _statistics = statistics;
        _bySpelling = new Dictionary<ModulePath, ModuleInfo>(2 * prepared, ModulePathComparer.Instance);
        _byPath = new Dictionary<ModulePath, ModuleInfo>(prepared, ModulePathComparer.Instance);
        _spellings = _bySpelling.GetAlternateLookup<ModulePathKey>();
        _room.Prepare((long)prepared * CharactersOfModule);
        _unused = new Stack<ModuleInfo>(prepared);
        for (int i = 0; i < prepared; i++)
            _unused.Push(ModuleInfo.Prepare());
    }

    /// <summary>How many different modules are known.</summary>
    public int Count => _byPath.Count;

    /// <summary>The module with this path in any case, made when it is new. Allocates for new spellings only, when there is no room.</summary>
    /// <param name="path">Full path, with either kind of slash; a bare file name where the source has no more.</param>
    /// <param name="machine">Number of the machine, where a source tells of several: what a path is differs between them.</param>
    public ModuleInfo Get(ReadOnlySpan<char> path, int machine = 0)
    {
        if (_spellings.TryGetValue(new ModulePathKey(machine, path), out ModuleInfo? module))
            return module;
        if (_bySpelling.Count == Capacity)
        {
            _statistics.CountFieldProblem("too many paths of modules: all were forgotten");
            _bySpelling.Clear();
            _byPath.Clear();
            _room = new TextArena();
        }
        TextBlock block = _room.Rent(path.Length);
        path.ToLowerInvariant(block.Span);
        Text lowerCase = block.Text(0, path.Length);
        if (_byPath.TryGetValue(new ModulePath(machine, lowerCase), out module))
        {
            _room.Return(block);
        }
        else
        {
            module = _unused.TryPop(out ModuleInfo? unused) ? unused : ModuleInfo.Prepare();
            module.Identify(lowerCase);
            _byPath.Add(new ModulePath(machine, lowerCase), module);
        }
        _bySpelling.Add(new ModulePath(machine, module.Path.Span.SequenceEqual(path) ? module.Path : Keep(path)), module);
        return module;
    }

    private Text Keep(ReadOnlySpan<char> path)
    {
        TextBlock block = _room.Rent(path.Length);
        path.CopyTo(block.Span);
        return block.Text(0, path.Length);
    }

    /// <summary>A path on a machine, in one spelling.</summary>
    private readonly record struct ModulePath(int Machine, Text Path);

    /// <summary>The same, to look for.</summary>
    private readonly ref struct ModulePathKey(int machine, ReadOnlySpan<char> path)
    {
        public readonly int Machine = machine;
        public readonly ReadOnlySpan<char> Path = path;
    }

    private sealed class ModulePathComparer : IEqualityComparer<ModulePath>, IAlternateEqualityComparer<ModulePathKey, ModulePath>
    {
        public static ModulePathComparer Instance { get; } = new();

        public bool Equals(ModulePath x, ModulePath y) => x == y;

        public int GetHashCode(ModulePath obj) => GetHashCode(new ModulePathKey(obj.Machine, obj.Path.Span));

        public bool Equals(ModulePathKey alternate, ModulePath other) => alternate.Machine == other.Machine && other.Path.Span.SequenceEqual(alternate.Path);

        public int GetHashCode(ModulePathKey alternate) => string.GetHashCode(alternate.Path, StringComparison.Ordinal) + alternate.Machine;

        // Keys are added with room that the table has found for them.
        public ModulePath Create(ModulePathKey alternate) => new(alternate.Machine, alternate.Path.ToString());
    }
}
