using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Windows;

/// <summary>
/// Account names to security identifiers, which recorders of events leave out: the well-known ones, and those of users whose processes have touched the user's own registry hive.
/// </summary>
internal sealed class WindowsAccounts
{
    private const int Capacity = 4096;
    private const string AuthorityDomain = "NT AUTHORITY";
    private const string UserHive = @"HKU\S-1-5-21-";
    private const string ClassesSuffix = "_Classes";

    private readonly Dictionary<string, Text> _learned = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Text>.AlternateLookup<ReadOnlySpan<char>> _learnedBySpan;
    private readonly SharedTexts _identifiers;
    private char[] _account = new char[64];

    /// <summary>Knows no account yet but the well-known ones.</summary>
    /// <param name="identifiers">Keeps the identifiers.</param>
    public WindowsAccounts(SharedTexts identifiers)
    {
        _identifiers = identifiers;
        _learnedBySpan = _learned.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Writes domain and name of an account, <c>DOMAIN\name</c>, and its identifier when known. The parts share the account's text; a missing one changes nothing.</summary>
    public void Describe(Text account, UserInfo user)
    {
        if (account.IsMissing)
            return;
        int slash = account.Span.IndexOf('\\');
        user.Domain = slash > 0 ? account.Slice(0, slash) : default;
        user.Name = account.Slice(slash + 1, account.Length - slash - 1);
        user.Id = WellKnown(user);
        if (user.Id.IsMissing && _learnedBySpan.TryGetValue(account.Span, out Text identifier))
            user.Id = identifier;
    }

    /// <summary>Writes the identifier of a named account when it has become known since.</summary>
    public void Complete(UserInfo user)
    {
        if (!user.Id.IsMissing || user.Name.IsMissing || _learned.Count == 0)
            return;
        if (_learnedBySpan.TryGetValue(Account(user), out Text identifier))
            user.Id = identifier;
    }

    /// <summary>
    /// Takes the identifier of a process's user from a registry path below <c>HKU</c> that the process touched. The first one counts. A process whose user is not known
    /// teaches nothing: it may be a service, and those touch everybody's hives. Allocates once for an account, as long as there are not too many.
    /// </summary>
    public void Learn(UserInfo user, ReadOnlySpan<char> path)
    {
        if (!user.Id.IsMissing || user.Name.IsMissing || !path.StartsWith(UserHive))
            return;
        ReadOnlySpan<char> identifier = path["HKU\\".Length..];
        int end = identifier.IndexOf('\\');
        if (end >= 0)
            identifier = identifier[..end];
        if (identifier.EndsWith(ClassesSuffix))
            identifier = identifier[..^ClassesSuffix.Length];
        LearnIdentifier(user, identifier);
    }

    /// <summary>Takes the security identifier of a named account. Allocates once for an account, as long as there are not too many.</summary>
    public void LearnIdentifier(UserInfo user, ReadOnlySpan<char> identifier)
    {
        if (!user.Id.IsMissing || user.Name.IsMissing)
            return;
        Text sid = _identifiers.Keep(identifier);
        user.Id = sid;
        ReadOnlySpan<char> account = Account(user);
        if (_learned.Count < Capacity && !_learnedBySpan.ContainsKey(account))
            _learned.Add(account.ToString(), sid);
    }

    /// <summary>An account as recorders write it, until the next one is asked for.</summary>
    private ReadOnlySpan<char> Account(UserInfo user)
    {
        int length = user.Domain.Length + 1 + user.Name.Length;
        if (_account.Length < length)
            _account = new char[length];
        user.Domain.Span.CopyTo(_account);
        _account[user.Domain.Length] = '\\';
        user.Name.Span.CopyTo(_account.AsSpan(user.Domain.Length + 1));
        return _account.AsSpan(0, length);
    }

    private static string? WellKnown(UserInfo user) => !user.Domain.Span.Equals(AuthorityDomain, StringComparison.OrdinalIgnoreCase) ? null
        : user.Name.Span.Equals("SYSTEM", StringComparison.OrdinalIgnoreCase) ? "S-1-5-18"
        : user.Name.Span.Equals("LOCAL SERVICE", StringComparison.OrdinalIgnoreCase) ? "S-1-5-19"
        : user.Name.Span.Equals("NETWORK SERVICE", StringComparison.OrdinalIgnoreCase) ? "S-1-5-20"
        : null;
}
