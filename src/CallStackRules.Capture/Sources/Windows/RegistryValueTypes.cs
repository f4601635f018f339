namespace CallStackRules.Capture.Sources.Windows;

/// <summary>Types of registry values. Source: REG_* of winnt.h.</summary>
internal static class RegistryValueTypes
{
    public const uint String = 1;
    public const uint ExpandableString = 2;
    public const uint Binary = 3;
    public const uint Number = 4;
    public const uint Strings = 7;
    public const uint LongNumber = 11;

    private static readonly string[] Names =
    [
        "REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BIG_ENDIAN", "REG_LINK", "REG_MULTI_SZ", "REG_RESOURCE_LIST",
        "REG_FULL_RESOURCE_DESCRIPTOR", "REG_RESOURCE_REQUIREMENTS_LIST", "REG_QWORD",
    ];

    /// <summary>The name of a type; null when it has none.</summary>
    public static string? Name(uint type) => type < (uint)Names.Length ? Names[type] : null;
}
