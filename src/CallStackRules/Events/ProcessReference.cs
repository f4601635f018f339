using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>A process that an event only points to.</summary>
public sealed class ProcessReference : IClearable
{
    /// <summary>Identifier of the process, unlike those of all others on all machines.</summary>
    [EqlField("entity_id")]
    public Text EntityId { get; set; }

    /// <summary>Process number.</summary>
    [EqlField("pid")]
    public long? Pid { get; set; }

    /// <summary>File name of the program.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>Full path of the program.</summary>
    [EqlField("executable")]
    public Text Executable { get; set; }

    /// <summary>Arguments, the program first.</summary>
    [EqlField("args")]
    public TextList Args { get; } = new();

    /// <summary>Number of arguments, the program included.</summary>
    [EqlField("args_count")]
    public long? ArgsCount { get; set; }

    /// <summary>Command line as given.</summary>
    [EqlField("command_line")]
    public Text CommandLine { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        EntityId = default;
        Pid = null;
        Name = default;
        Executable = default;
        Args.Clear();
        ArgsCount = null;
        CommandLine = default;
    }
}
