namespace CallStackRules.Capture.Processes;

/// <summary>
/// Windows hands a process one string; this splits it as the C runtime did before 2008, which is also how Winlogbeat fills <c>process.args</c>, and joins arguments so that
/// it is split into them again.
/// </summary>
public static class WindowsCommandLine
{
    /// <summary>The arguments; see <see cref="TryRead"/>.</summary>
    public static string[] Split(ReadOnlySpan<char> commandLine)
    {
        var arguments = new List<string>();
        var room = new char[commandLine.Length];
        while (TryRead(ref commandLine, room, out ReadOnlySpan<char> argument))
            arguments.Add(argument.ToString());
        return [.. arguments];
    }

    /// <summary>
    /// Reads the next argument. Blanks separate them except between quotation marks; before a quotation mark, two backslashes are one, and an odd one makes the mark literal;
    /// within quotation marks, two of them are a literal one and end the quotation.
    /// </summary>
    /// <param name="commandLine">What is left of the command line.</param>
    /// <param name="room">At least as long as that.</param>
    /// <param name="argument">The argument, in the room.</param>
    /// <returns>False when there is none left.</returns>
    public static bool TryRead(ref ReadOnlySpan<char> commandLine, Span<char> room, out ReadOnlySpan<char> argument)
    {
        commandLine = commandLine.TrimStart(" \t");
        bool isThere = !commandLine.IsEmpty;
        commandLine = commandLine[ReadArgument(commandLine, room, out int length)..];
        argument = room[..length];
        return isThere;
    }

    /// <summary>The one string for some arguments: quotation marks where there are blanks, backslashes doubled before quotation marks.</summary>
    public static string Join(IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var commandLine = new System.Text.StringBuilder();
        foreach (string argument in arguments)
        {
            if (commandLine.Length > 0)
                commandLine.Append(' ');
            bool isPlain = argument.Length > 0 && argument.AsSpan().IndexOfAny(" \t\"") < 0;
            if (isPlain)
                commandLine.Append(argument);
            else
                AppendQuoted(argument, commandLine);
        }
        return commandLine.ToString();
    }

    private static void AppendQuoted(string argument, System.Text.StringBuilder commandLine)
    {
        commandLine.Append('"');
        int backslashes = 0;
        foreach (char c in argument)
        {
            if (c == '"')
                commandLine.Append('\\', backslashes + 1);
            backslashes = c == '\\' ? backslashes + 1 : 0;
            commandLine.Append(c);
        }
        commandLine.Append('\\', backslashes).Append('"');
    }

    private static int ReadArgument(ReadOnlySpan<char> text, Span<char> room, out int length)
    {
        bool quoted = false;
        int backslashes = 0;
        length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\')
            {
                backslashes++;
                continue;
            }
            bool literal = c != '"' || backslashes % 2 == 1;
            AppendBackslashes(c == '"' ? backslashes / 2 : backslashes, room, ref length);
            backslashes = 0;
            if (!quoted && (c is ' ' or '\t'))
                return i;
            if (literal)
            {
                room[length++] = c;
                continue;
            }
            if (quoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                room[length++] = '"';
                i++;
            }
            quoted = !quoted;
        }
        AppendBackslashes(backslashes, room, ref length);
        return text.Length;
    }

    private static void AppendBackslashes(int count, Span<char> room, ref int length)
    {
        room.Slice(length, count).Fill('\\');
        length += count;
    }
}
