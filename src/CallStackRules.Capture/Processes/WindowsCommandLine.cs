namespace CallStackRules.Capture.Processes;

/// <summary>
/// Windows hands a process one string; this splits it as the C runtime did before 2008, which is also how Winlogbeat fills <c>process.args</c>, and joins arguments so that
/// it is split into them again.
/// </summary>
public static class WindowsCommandLine
{
    /// <summary>
    /// The arguments. Blanks separate them except between quotation marks; before a quotation mark, two backslashes are one, and an odd one makes the mark literal; within
    /// quotation marks, two of them are a literal one and end the quotation.
    /// </summary>
    public static string[] Split(ReadOnlySpan<char> commandLine)
    {
        var arguments = new List<string>();
        var argument = new System.Text.StringBuilder();
        while (true)
        {
            commandLine = commandLine.TrimStart(" \t");
            if (commandLine.IsEmpty)
                return [.. arguments];
            commandLine = commandLine[ReadArgument(commandLine, argument)..];
            arguments.Add(argument.ToString());
            argument.Clear();
        }
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

    private static int ReadArgument(ReadOnlySpan<char> text, System.Text.StringBuilder argument)
    {
        bool quoted = false;
        int backslashes = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\')
            {
                backslashes++;
                continue;
            }
            bool literal = c != '"' || backslashes % 2 == 1;
            argument.Append('\\', c == '"' ? backslashes / 2 : backslashes);
            backslashes = 0;
            if (!quoted && (c is ' ' or '\t'))
                return i;
            if (literal)
            {
                argument.Append(c);
                continue;
            }
            if (quoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                argument.Append('"');
                i++;
            }
            quoted = !quoted;
        }
        argument.Append('\\', backslashes);
        return text.Length;
    }
}
