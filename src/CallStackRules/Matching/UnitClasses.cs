namespace CallStackRules.Matching;

/// <summary>Maps each UTF-16 unit to its class: units of one class are the same to an automaton.</summary>
internal sealed class UnitClasses
{
    private const int DirectUnits = 256;

    private readonly ushort[] _direct = new ushort[DirectUnits];
    private readonly ushort[] _rangeStarts;
    private readonly ushort[] _rangeClasses;

    /// <summary>Takes ranges as their first units in ascending order from 0; each reaches up to the next.</summary>
    public UnitClasses(ushort[] rangeStarts, ushort[] rangeClasses, int classCount)
    {
        ArgumentNullException.ThrowIfNull(rangeStarts);
        ArgumentNullException.ThrowIfNull(rangeClasses);
        if (rangeStarts.Length == 0 || rangeStarts[0] != 0 || rangeStarts.Length != rangeClasses.Length)
            throw new ArgumentException("The ranges must begin at unit 0 and each must have a class.", nameof(rangeStarts));
        for (int i = 1; i < rangeStarts.Length; i++)
        {
            if (rangeStarts[i] <= rangeStarts[i - 1])
                throw new ArgumentException("The ranges must ascend.", nameof(rangeStarts));
        }
        foreach (ushort rangeClass in rangeClasses)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rangeClass, classCount, nameof(rangeClasses));
        _rangeStarts = rangeStarts;
        _rangeClasses = rangeClasses;
        for (int unit = 0; unit < DirectUnits; unit++)
            _direct[unit] = Find((char)unit);
    }

    public int Of(char unit)
    {
        ushort[] direct = _direct;
        return unit < (uint)direct.Length ? direct[unit] : Find(unit);
    }

    private ushort Find(char unit)
    {
        int at = Array.BinarySearch(_rangeStarts, unit);
        return _rangeClasses[at >= 0 ? at : ~at - 1];
    }
}
