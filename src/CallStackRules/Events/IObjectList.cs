namespace CallStackRules.Events;

/// <summary>A reusable list of objects with fields whose kind is known only at run time: for readers and writers that are driven by the schema.</summary>
public interface IObjectList
{
    /// <summary>How many objects there are.</summary>
    int Count { get; }

    /// <summary>The object at a place, from 0.</summary>
    object ItemAt(int index);

    /// <summary>Appends an object without any field.</summary>
    object AddItem();
}
