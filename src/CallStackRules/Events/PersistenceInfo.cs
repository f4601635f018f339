using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>An entry that makes a program start by itself.</summary>
public sealed class PersistenceInfo : IClearable
{
    /// <summary>Name of the entry.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>File of the entry.</summary>
    [EqlField("path")]
    public Text Path { get; set; }

    /// <summary>Program the entry starts.</summary>
    [EqlField("executable")]
    public Text Executable { get; set; }

    /// <summary>Arguments the program is started with.</summary>
    [EqlField("args")]
    public TextList Args { get; } = new();

    /// <summary>Whether the program is started again when it ends.</summary>
    [EqlField("keepalive")]
    public bool? KeepAlive { get; set; }

    /// <summary>Whether the program starts when the entry is loaded.</summary>
    [EqlField("runatload")]
    public bool? RunAtLoad { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Name = default;
        Path = default;
        Executable = default;
        Args.Clear();
        KeepAlive = null;
        RunAtLoad = null;
    }
}
