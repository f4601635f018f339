using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Windows;

/// <summary>A registry path in the parts that rules ask for.</summary>
/// <param name="Path">The whole path. <c>HKU</c> is written <c>HKEY_USERS</c>, as endpoint rules expect; other hives as recorded.</param>
/// <param name="Hive">The path's first element; missing for paths of the kernel, as in <c>\REGISTRY\A\..</c>.</param>
/// <param name="Key">What follows the hive, without the value's name; missing when there is nothing.</param>
/// <param name="Value">The value's name: the last element of events about values, otherwise missing.</param>
internal readonly record struct RegistryPath(Text Path, Text Hive, Text Key, Text Value)
{
    private const string UsersAbbreviated = "HKU";
    private const string Users = "HKEY_USERS";

    /// <summary>Splits a path.</summary>
    /// <param name="target">The path as recorded.</param>
    /// <param name="namesValue">Whether the event is about a value and not about a key.</param>
    /// <param name="buffer">Holds the path when it has to be rewritten.</param>
    public static RegistryPath Split(Text target, bool namesValue, TextBuffer buffer)
    {
        if (target.IsMissing)
            return default;
        Text path = target;
        ReadOnlySpan<char> recorded = target.Span;
        if (recorded.StartsWith(UsersAbbreviated) && (recorded.Length == UsersAbbreviated.Length || recorded[UsersAbbreviated.Length] == '\\'))
        {
            Span<char> room = buffer.Reserve(recorded.Length - UsersAbbreviated.Length + Users.Length);
            Users.CopyTo(room);
            recorded[UsersAbbreviated.Length..].CopyTo(room[Users.Length..]);
            path = buffer.Commit(room.Length);
        }

        int firstSlash = path.Span.IndexOf('\\');
        int lastSlash = path.Span.LastIndexOf('\\');
        Text value = namesValue && lastSlash >= 0 ? path.Slice(lastSlash + 1, path.Length - lastSlash - 1) : default;
        if (firstSlash == 0)
            return new RegistryPath(path, default, default, value);
        if (firstSlash < 0)
            return new RegistryPath(path, path, default, default);
        int keyEnd = namesValue ? lastSlash : path.Length;
        Text key = keyEnd > firstSlash + 1 ? path.Slice(firstSlash + 1, keyEnd - firstSlash - 1) : default;
        return new RegistryPath(path, path.Slice(0, firstSlash), key, value);
    }
}
