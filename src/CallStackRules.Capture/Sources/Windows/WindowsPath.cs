using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Windows;

/// <summary>The parts of a Windows path, as slices of it.</summary>
internal static class WindowsPath
{
    /// <summary>What follows the last backslash: the whole path when there is none, missing when the path is.</summary>
    public static Text Name(Text path)
    {
        int start = path.Span.LastIndexOf('\\') + 1;
        return path.IsMissing ? default : path.Slice(start, path.Length - start);
    }

    /// <summary>What precedes the last backslash; missing when there is none.</summary>
    public static Text Directory(Text path)
    {
        int end = path.Span.LastIndexOf('\\');
        return end < 0 ? default : path.Slice(0, end);
    }

    /// <summary>What follows the last dot of the name, without the dot; missing when the name has none or ends in it.</summary>
    public static Text Extension(Text path)
    {
        Text name = Name(path);
        int dot = name.Span.LastIndexOf('.');
        return dot < 0 || dot == name.Length - 1 ? default : name.Slice(dot + 1, name.Length - dot - 1);
    }
}
