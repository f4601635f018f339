using CallStackRules.Events;

namespace CallStackRules.CallStacks;

/// <summary>A module that frames can be in: a library or program file, or a pseudo module for addresses outside all files. Shared; outlives events.</summary>
public sealed class ModuleInfo
{
    /// <summary>Describes a module by its path.</summary>
    /// <param name="path">Full path, with either kind of slash; a bare file name where the source has no more.</param>
    public ModuleInfo(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        int name = path.AsSpan().LastIndexOfAny('\\', '/') + 1;
        Path = path;
        Name = path[name..].ToLowerInvariant();
        IsPlatform = PlatformModules.Contains(path);
    }

    private ModuleInfo(string name, bool isPseudo)
    {
        Path = name;
        Name = name;
        IsPseudo = isPseudo;
    }

    private ModuleInfo()
    {
    }

    /// <summary>Executable memory that belongs to no file.</summary>
    public static ModuleInfo Unbacked { get; } = new("Unbacked", isPseudo: true);

    /// <summary>An address of which the source cannot say what it belongs to.</summary>
    public static ModuleInfo Unknown { get; } = new("Unknown", isPseudo: true);

    /// <summary>The kernel.</summary>
    public static ModuleInfo Kernel { get; } = new("Kernel", isPseudo: true);

    /// <summary>Stands for the final user module of a stack that shows only modules of the platform.</summary>
    public static ModuleInfo Undetermined { get; } = new("Undetermined", isPseudo: true);

    /// <summary>Full path, or the name of a pseudo module.</summary>
    public Text Path { get; private set; }

    /// <summary>File name in lower case, or the name of a pseudo module as it is.</summary>
    public Text Name { get; private set; }

    /// <summary>Whether this stands for addresses outside all files.</summary>
    public bool IsPseudo { get; }

    /// <summary>Whether this is one of the platform's own runtime modules, see <see cref="PlatformModules"/>.</summary>
    public bool IsPlatform { get; private set; }

    /// <summary>Digests of the file, as far as they are known.</summary>
    public FileHashes Hash { get; } = new();

    /// <summary>Signatures of the file, as far as they are known.</summary>
    public ObjectList<CodeSignature> CodeSignatures { get; } = new();

    /// <summary>Room for a module that is not known yet, with room for a signature: for those who must not allocate when it is first seen. See <see cref="Identify"/>.</summary>
    public static ModuleInfo Prepare()
    {
        var module = new ModuleInfo();
        module.CodeSignatures.Add();
        module.CodeSignatures.Clear();
        return module;
    }

    /// <summary>Says which module this is that was prepared.</summary>
    /// <param name="path">Full path in lower case, in room that stays; a bare file name where the source has no more.</param>
    /// <exception cref="InvalidOperationException">It is one already: modules are shared, and do not change.</exception>
    public void Identify(Text path)
    {
        if (!Path.IsMissing)
            throw new InvalidOperationException($"This is {Path} already.");
        int name = path.Span.LastIndexOfAny('\\', '/') + 1;
        Path = path;
        Name = path.Slice(name, path.Length - name);
        IsPlatform = PlatformModules.Contains(path.Span);
    }
}
