using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Ecs;

/// <summary>A field of the model: the way to the object that holds it, and the property there.</summary>
internal abstract class EcsField
{
    /// <summary>The objects on the way, from the root of the tree; empty when the root itself holds the field.</summary>
    public required EcsStep[] Way { get; init; }

    /// <summary>The object that holds the field, or null when a link on the way is not there.</summary>
    public object? FindOwner(object root)
    {
        object? owner = root;
        foreach (EcsStep step in Way)
        {
            owner = step.Object.Get(owner);
            if (owner is null)
                return null;
        }
        return owner;
    }

    /// <summary>The object that holds the field; processes on the way that are not there are made.</summary>
    public object MakeOwner(object root, EcsProcesses processes)
    {
        object owner = root;
        foreach (EcsStep step in Way)
            owner = step.Object.Get(owner) ?? step.Make(owner, processes);
        return owner;
    }
}

/// <summary>An object on the way to a field.</summary>
/// <param name="Object">The property that holds the object.</param>
/// <param name="Process">The same property when it is a link to a process, which may be null.</param>
internal sealed record EcsStep(EcsProperty<object?> Object, EcsProperty<ProcessInfo?>? Process)
{
    /// <summary>Makes the process that the link shall point to.</summary>
    public object Make(object owner, EcsProcesses processes)
    {
        ProcessInfo process = processes.Take();
        Process!.Set(owner, process);
        return process;
    }
}

/// <summary>A field with one value, or with a list of texts.</summary>
internal sealed class EcsField<TValue> : EcsField
{
    /// <summary>The property.</summary>
    public required EcsProperty<TValue> Property { get; init; }
}

/// <summary>A field that is a list of objects.</summary>
internal sealed class EcsListField : EcsField
{
    /// <summary>The property, an <see cref="IObjectList"/>.</summary>
    public required EcsProperty<object?> Property { get; init; }

    /// <summary>The fields of an item.</summary>
    public required EcsNode Item { get; init; }

    /// <summary>Whether the items are frames of a call stack.</summary>
    public required bool IsCallStack { get; init; }
}

/// <summary>The event's time.</summary>
internal sealed class EcsTimeField : EcsField;
