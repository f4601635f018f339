using CallStackRules.Events;
using CallStackRules.Rules;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>A file of compiled rules that is loaded anew when it changes.</summary>
internal sealed class WatchedRules
{
    private readonly string _file;
    private readonly Action<RuleSet<EndpointEvent>> _check;
    private RuleLibrary _library;
    private Task<RuleLibrary>? _loading;
    private Stamp _tried;
    private Stamp _seen;

    /// <summary>Loads the file.</summary>
    /// <param name="file">Path of an assembly of compiled rules.</param>
    /// <param name="check">Prepares the rules for use; throws <see cref="InvalidDataException"/> when they cannot be used.</param>
    /// <inheritdoc cref="RuleLibrary.Load" path="/exception"/>
    public WatchedRules(string file, Action<RuleSet<EndpointEvent>> check)
    {
        _file = Path.GetFullPath(file);
        _check = check;
        _tried = _seen = Stamp.Of(_file);
        _library = Load(file);
    }

    /// <summary>By which a file is known to have changed.</summary>
    private readonly record struct Stamp(DateTime WrittenUtc, long Length)
    {
        public static Stamp Of(string file)
        {
            var info = new FileInfo(file);
            return info.Exists ? new Stamp(info.LastWriteTimeUtc, info.Length) : default;
        }
    }

    /// <summary>Whether a changed file is loaded on another thread, and its rules are taken at a later look: while live events come, nobody can wait.</summary>
    public bool LoadsAside { get; init; }

    /// <summary>The rules as last loaded; not to be kept over a <see cref="Refresh"/>.</summary>
    public RuleSet<EndpointEvent> Rules => _library.Rules;

    /// <summary>
    /// Loads a file that changed, once two looks in a row find it the same: one that is just being written is left alone. When it cannot be used the rules stay as
    /// they are until it changes again.
    /// </summary>
    /// <returns>What happened, for people; null when nothing did.</returns>
    public string? Refresh()
    {
        if (_loading is null && HasChanged())
            _loading = Task.Run(() => Load(_file));
        if (_loading is not { } loading || (LoadsAside && !loading.IsCompleted))
            return null;
        _loading = null;
        try
        {
            RuleLibrary old = _library;
            _library = loading.GetAwaiter().GetResult();
            old.Unload();
            return $"{_file}: loaded again, {_library.Rules.Rules.Count + _library.Rules.StepsRules.Count} rules.";
        }
        catch (Exception e) when (e is InvalidDataException)
        {
            return $"{e.Message} The rules loaded before stay.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{_file}: {e.Message} The rules loaded before stay.";
        }
    }

    private bool HasChanged()
    {
        Stamp stamp = Stamp.Of(_file);
        bool isSettled = stamp == _seen;
        _seen = stamp;
        if (!isSettled || stamp == _tried || stamp == default)
            return false;
        _tried = stamp;
        return true;
    }

    private RuleLibrary Load(string file)
    {
        RuleLibrary library = RuleLibrary.Load(file);
        try
        {
            _check(library.Rules);
            return library;
        }
        catch (InvalidDataException)
        {
            library.Unload();
            throw;
        }
    }
}
