namespace CallStackRules.Fuzz;

/// <summary>Damages inputs in one way. All that it does follows from the random numbers it was given, so that a run can be repeated from its seed.</summary>
internal interface IMutator
{
    /// <summary>A damaged copy of an input.</summary>
    byte[] Damage(byte[] input);
}
