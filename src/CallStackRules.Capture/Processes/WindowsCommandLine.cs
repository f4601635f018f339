namespace CallStackRules.Capture.Processes;

/// <summary>Windows hands a process one string; this splits it as the C runtime did before 2008, which is also how Winlogbeat fills <c>process.args</c>.</summary>
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
