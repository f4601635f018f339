using CallStackRules.CallStacks;

namespace CallStackRules.Capture.Symbols;

/// <summary>A file that images are mapped from. Its functions are read when one is first asked for. Shared by all processes that map it.</summary>
/// <param name="files">Reads it.</param>
/// <param name="module">The module that frames show.</param>
/// <param name="identity">Which file it is.</param>
internal sealed class ImageFile(ImageFiles files, ModuleInfo module, ImageIdentity identity) : ISymbolSource
{
    private ISymbolSource? _symbols;
    private bool _hasSymbols;
    private bool _isDescribed;

    /// <summary>Which file it is.</summary>
    public ImageIdentity Identity => identity;

    /// <inheritdoc/>
    public bool TryFindSymbol(ulong address, out string name, out ulong offset)
    {
        if (!_hasSymbols)
        {
            _hasSymbols = true;
            _symbols = files.Load(this);
        }
        name = "";
        offset = 0;
        return _symbols is not null && _symbols.TryFindSymbol(address, out name, out offset);
    }

    /// <summary>Writes digest and signature of the file to its module, once they are known.</summary>
    public void Describe()
    {
        if (_isDescribed || files.Facts.File(identity.Path) is not { } facts)
            return;
        _isDescribed = true;
        facts.CopyTo(module);
    }

    /// <summary>Forgets the functions, to be read again when one is asked for.</summary>
    public void ForgetSymbols()
    {
        _hasSymbols = false;
        _symbols = null;
    }
}
