using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>An API or system call that a process made.</summary>
public sealed class ApiCall : IClearable
{
    /// <summary>Name of the function.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>The call with its main arguments, for reading.</summary>
    [EqlField("summary")]
    public Text Summary { get; set; }

    /// <summary>Words for what is odd about the call: <c>cross-process</c>, <c>direct_syscall</c>, <c>unbacked_rwx</c> ...</summary>
    [EqlField("behaviors")]
    public TextList Behaviors { get; } = new();

    /// <summary>Arguments of the call.</summary>
    [EqlField("parameters")]
    public ApiParameters Parameters { get; } = new();

    /// <summary>What was found out beyond the arguments.</summary>
    [EqlField("metadata")]
    public ApiMetadata Metadata { get; } = new();

    /// <inheritdoc/>
    public void Clear()
    {
        Name = default;
        Summary = default;
        Behaviors.Clear();
        Parameters.Clear();
        Metadata.Clear();
    }
}
