namespace CallStackRules.Events;

/// <summary>A part of an event that is reused for the next one.</summary>
public interface IClearable
{
    /// <summary>Makes all fields missing.</summary>
    void Clear();
}
