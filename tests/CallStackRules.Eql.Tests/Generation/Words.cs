namespace CallStackRules.Eql.Tests.Generation;

/// <summary>The texts that generated rules and events are made of: few, so that they meet, and chosen where mistakes are easy.</summary>
public static class Words
{
    /// <summary>Texts.</summary>
    public static readonly string[] All =
    [
        "", "a", "A", "b", "ab", "aB", "abc", "aab", "ba", "b.a", "a*b", "a?b", "*", "?", "a\nb", "\\", "a\\b", "\"", "cmd.exe", "CMD.EXE", "ntdll.dll|Unbacked|",
        // Case beyond ASCII: pairs that are equal but for case, and others that only look so (Kelvin sign, long s, dotless i, sharp s, ligature).
        "é", "É", "aé", "ÉB", "σ", "ς", "Σ", "Ж", "ж", "k", "K", "\u212A", "s", "S", "\u017F", "i", "I", "\u0131", "\u0130", "ß", "\u1E9E", "ﬁ",
        // Pairs of surrogates: Deseret letters have a case that does not count, an emoji has none.
        "\U00010400", "\U00010428", "😀", "a😀b",
        // Numbers and addresses as texts.
        "0", "7", "-1", "2.5", "0x1f", "1f", "1e3", "9223372036854775808", "10.0.0.1", "10.1.2.3", "::ffff:10.0.0.1", "fe80::1", "FE80::1", "192.168.1.1",
    ];

    /// <summary>Networks, some of which hold addresses of <see cref="All"/>.</summary>
    public static readonly string[] Networks =
    [
        "10.0.0.0/8", "10.0.0.1", "10.1.0.0/16", "10.0.0.0/31", "0.0.0.0/0", "192.168.0.0/16", "::/0", "fe80::/10", "fe80::1/128", "::ffff:10.0.0.0/104",
    ];
}
