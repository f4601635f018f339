namespace CallStackRules.Eql.Syntax;

/// <summary>Translates between offsets and lines of a text. Lines end with LF, CR LF or CR.</summary>
public sealed class LineMap
{
    private readonly List<int> _lineStarts = [0];
    private readonly int _textLength;

    /// <summary>Finds the lines of a text.</summary>
    public LineMap(string text)
    {
        _textLength = text.Length;
        for (int i = 0; i < text.Length; i++)
        {
            bool isCarriageReturnOfPair = text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n';
            if (text[i] is '\n' or '\r' && !isCarriageReturnOfPair)
                _lineStarts.Add(i + 1);
        }
    }

    /// <summary>How many lines there are; at least one.</summary>
    public int LineCount => _lineStarts.Count;

    /// <summary>The line and column of an offset, both from zero. An offset outside the text counts as its nearest end.</summary>
    public (int Line, int Column) GetPosition(int offset)
    {
        offset = Math.Max(0, Math.Min(offset, _textLength));
        int index = _lineStarts.BinarySearch(offset);
        int line = index >= 0 ? index : ~index - 1;
        return (line, offset - _lineStarts[line]);
    }

    /// <summary>The offset of the first character of a line, counted from zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The text has no such line.</exception>
    public int GetLineStart(int line) => _lineStarts[line];
}
