namespace CallStackRules.Events;

/// <summary>A part of an event that is cleared only when somebody has taken it since the last time: most events fill few of their many parts.</summary>
/// <typeparam name="T">The kind of part.</typeparam>
/// <param name="part">The part, without any field.</param>
internal struct EventPart<T>(T part)
    where T : class, IClearable
{
    private bool _isTaken;

    /// <summary>The part, which whoever asks for it may fill.</summary>
    public T Value
    {
        get
        {
            _isTaken = true;
            return part;
        }
    }

    /// <summary>Makes all fields of the part missing.</summary>
    public void Clear()
    {
        if (!_isTaken)
            return;
        _isTaken = false;
        part.Clear();
    }
}
