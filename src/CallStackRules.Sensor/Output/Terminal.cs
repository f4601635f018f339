using Spectre.Console;

namespace CallStackRules.Sensor.Output;

/// <summary>Opens consoles for people.</summary>
internal static class Terminal
{
    /// <summary>Columns of output that goes to a file or a pipe.</summary>
    private const int WidthOfFiles = 160;

    /// <summary>A console over standard output or standard error. Colours and the terminal's width only where there is a terminal.</summary>
    /// <param name="writer">Standard output, standard error, or what stands for them.</param>
    /// <param name="widthOfFiles">Columns where there is no terminal.</param>
    public static IAnsiConsole Open(TextWriter writer, int widthOfFiles = WidthOfFiles)
    {
        var output = new AnsiConsoleOutput(writer);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = output, Ansi = output.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No });
        if (!output.IsTerminal)
            console.Profile.Width = widthOfFiles;
        return console;
    }

    /// <summary>A console that writes elsewhere what another would show, with its colours and width.</summary>
    public static IAnsiConsole Like(IAnsiConsole console, TextWriter writer)
    {
        IAnsiConsole copy = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = console.Profile.Capabilities.Ansi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = (ColorSystemSupport)console.Profile.Capabilities.ColorSystem,
        });
        copy.Profile.Width = console.Profile.Width;
        return copy;
    }
}
