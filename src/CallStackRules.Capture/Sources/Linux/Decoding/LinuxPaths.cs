using System.Text;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <summary>Makes paths absolute and plain, into the event's buffer.</summary>
internal static class LinuxPaths
{
    /// <summary>Longest path that is handled, in bytes; the kernel's own limit is 4096.</summary>
    private const int MostBytes = 8192;

    /// <summary>A path from the bytes a program gave, with <c>.</c>, <c>..</c> and doubled slashes resolved as text.</summary>
    /// <param name="folder">Where a relative path begins; missing when it is not known, and the path then stays as it is.</param>
    /// <param name="path">The path.</param>
    /// <param name="buffer">Receives the text.</param>
    public static Text Resolve(Text folder, ReadOnlySpan<byte> path, TextBuffer buffer)
    {
        if (path.IsEmpty || path.Length > MostBytes)
            return default;
        bool isRelative = path[0] != '/';
        Span<char> room = buffer.Reserve((isRelative ? folder.Length + 1 : 0) + path.Length);
        int length = 0;
        if (isRelative && !folder.IsMissing)
        {
            folder.Span.CopyTo(room);
            length = folder.Length;
            room[length++] = '/';
        }
        length += Encoding.UTF8.GetChars(path, room[length..]);
        return buffer.Commit(room[0] == '/' ? Simplify(room[..length]) : length);
    }

    /// <summary>Simplifies an absolute path in place.</summary>
    /// <returns>Its new length.</returns>
    internal static int Simplify(Span<char> path)
    {
        if (!((ReadOnlySpan<char>)path).Contains("//", StringComparison.Ordinal) && !((ReadOnlySpan<char>)path).Contains("/.", StringComparison.Ordinal) && !(path.Length > 1 && path[^1] == '/'))
            return path.Length;
        int written = 0;
        int read = 0;
        while (read < path.Length)
        {
            while (read < path.Length && path[read] == '/')
                read++;
            int end = read;
            while (end < path.Length && path[end] != '/')
                end++;
            ReadOnlySpan<char> name = path[read..end];
            if (name is "..")
            {
                int last = ((ReadOnlySpan<char>)path[..written]).LastIndexOf('/');
                written = last < 0 ? 0 : last;
            }
            else if (!name.IsEmpty && name is not ".")
            {
                path[written++] = '/';
                // Never forward: what is written is no longer than what was read.
                name.CopyTo(path[written..]);
                written += name.Length;
            }
            read = end;
        }
        if (written == 0)
            path[written++] = '/';
        return written;
    }
}
