namespace CallStackRules.Eql.Syntax;

internal enum TokenKind
{
    End,
    Field,
    String,
    Number,
    And,
    Or,
    Not,
    In,
    Like,
    Regex,
    Where,
    By,
    With,
    Until,
    True,
    False,
    Null,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    Comma,
    Pipe,
    Question,
    Exclamation,
    Tilde,
    Assign,
    Colon,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
}

[Flags]
internal enum TokenFlags
{
    None = 0,

    /// <summary>A word with a <c>~</c> directly behind it, as in <c>in~</c> and <c>endswith~</c>.</summary>
    Tilde = 1,

    /// <summary>A name with a part in backticks: never a keyword.</summary>
    Quoted = 2,

    /// <summary>A string or comment without its end: what it swallowed may have held closing brackets.</summary>
    Unclosed = 4,

    /// <summary>The text before this token was skipped or cut short with a message: that something is missing here is no news.</summary>
    AfterError = 8,
}

/// <param name="Kind">What it is.</param>
/// <param name="Span">Its characters.</param>
/// <param name="Text">
/// Of a field its path without backticks; of a string its value; of a number the letters behind it, as in <c>30s</c>; of a keyword the word. Otherwise empty.
/// </param>
/// <param name="Number">Of a number its value, a <see cref="long"/> or <see cref="double"/>; null when it does not fit.</param>
/// <param name="Flags">What else is to know.</param>
internal readonly record struct Token(TokenKind Kind, TextSpan Span, string Text, object? Number, TokenFlags Flags)
{
    public bool Has(TokenFlags flag) => (Flags & flag) != 0;

    /// <summary>Whether this is the given word, which is a keyword in some places only.</summary>
    public bool IsWord(string word) => Kind == TokenKind.Field && Flags is TokenFlags.None or TokenFlags.AfterError && Text == word;

    /// <summary>Whether this is a name of one part that starts at no variable, such as a category or an alias.</summary>
    public bool IsSimpleName => Kind == TokenKind.Field && !Has(TokenFlags.Tilde) && Text.Length > 0 && Text[0] != '$'
        && (Has(TokenFlags.Quoted) || (Text.IndexOf('.') < 0 && Text.IndexOf('[') < 0));
}
