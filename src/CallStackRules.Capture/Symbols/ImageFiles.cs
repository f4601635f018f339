using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Sources;
using CallStackRules.Events;

namespace CallStackRules.Capture.Symbols;

/// <summary>The files that images of a machine are mapped from, each once. Bounded: where there are too many, or too many functions, all of them are forgotten and read anew.</summary>
/// <param name="facts">Reads functions, digests and signatures.</param>
/// <param name="statistics">Counts when all were forgotten.</param>
internal sealed class ImageFiles(ISystemFacts facts, SourceStatistics statistics) : IFileFacts
{
    private const int MostFiles = 64 * 1024;

    /// <summary>Exported functions in memory, each some 100 bytes with its name.</summary>
    private const int MostExports = 1024 * 1024;

    private readonly Dictionary<(ModuleInfo Module, uint Timestamp, uint Checksum, uint Size), ImageFile> _files = [];
    private readonly List<ImageFile> _loaded = [];
    private int _exports;

    /// <summary>Who is asked.</summary>
    public ISystemFacts Facts => facts;

    /// <summary>The file of an image. Allocates for new ones only.</summary>
    /// <param name="module">The module.</param>
    /// <param name="timestamp">See <see cref="ImageIdentity"/>.</param>
    /// <param name="checksum">See <see cref="ImageIdentity"/>.</param>
    /// <param name="size">See <see cref="ImageIdentity"/>.</param>
    public ImageFile Get(ModuleInfo module, uint timestamp, uint checksum, uint size)
    {
        if (_files.TryGetValue((module, timestamp, checksum, size), out ImageFile? file))
            return file;
        if (_files.Count == MostFiles)
        {
            statistics.CountFieldProblem("too many files of images: all were forgotten");
            _files.Clear();
        }
        file = new ImageFile(this, module, new ImageIdentity(module.Path.ToString(), timestamp, checksum, size));
        _files.Add((module, timestamp, checksum, size), file);
        return file;
    }

    /// <inheritdoc/>
    public void Describe(ProcessInfo process)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (process.Executable.IsMissing)
            return;
        if (facts.File(process.Executable.ToString()) is { } file)
            file.CopyTo(process);
        else
            // Its file is still being read: a later event of it may know more.
            process.SetFileSource(this);
    }

    /// <inheritdoc/>
    public void Describe(LibraryInfo library)
    {
        ArgumentNullException.ThrowIfNull(library);
        if (!library.Path.IsMissing)
            facts.File(library.Path.ToString())?.CopyTo(library);
    }

    /// <summary>Reads the functions of a file; null when they are not known.</summary>
    public ISymbolSource? Load(ImageFile file)
    {
        ISymbolSource? symbols = facts.Symbols(file.Identity);
        if (symbols is not PeExports exports)
            return symbols;
        if (_exports + exports.Exports.Count > MostExports)
        {
            statistics.CountFieldProblem("too many functions of images: all were forgotten");
            foreach (ImageFile other in _loaded)
            {
                if (other != file)
                    other.ForgetSymbols();
            }
            _loaded.Clear();
            _exports = 0;
        }
        _loaded.Add(file);
        _exports += exports.Exports.Count;
        return symbols;
    }
}
