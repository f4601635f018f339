namespace CallStackRules;

/// <summary>Measures what work allocates on its thread. Shared by the test projects.</summary>
internal static class Allocations
{
    private const int Tries = 5;

    /// <summary>
    /// The bytes that some work allocates, at the least of several tries: a collection that another thread starts can charge this one with room it has not used,
    /// while work that allocates does so every time.
    /// </summary>
    public static long Of(Action work)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Tries; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
