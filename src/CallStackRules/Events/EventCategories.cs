namespace CallStackRules.Events;

/// <summary>The categories that events of the model can have.</summary>
public static class EventCategories
{
    /// <summary>
    /// All of them, separated by spaces: those of endpoint sensors, and the other ones that the Elastic Common Schema allows for <c>event.category</c>, which
    /// recordings of other products hold.
    /// </summary>
    public const string All =
        "api authentication configuration credential_access database device dns driver email file host iam intrusion_detection library malware memory network "
        + "package persistence process registry security session threat vulnerability web";
}
