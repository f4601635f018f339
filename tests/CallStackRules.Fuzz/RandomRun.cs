using System.Diagnostics;

namespace CallStackRules.Fuzz;

/// <summary>Feeds targets damaged inputs, for a time or a number of them.</summary>
/// <param name="time">How long, unless there is a number.</param>
/// <param name="inputs">How many; null for as many as there is time for.</param>
/// <param name="seed">Where the damage begins.</param>
internal sealed class RandomRun(TimeSpan time, int? inputs, int seed)
{
    /// <summary>Whether a target survives; what it fails on is printed, and kept in a file.</summary>
    public bool Survives(FuzzTarget target)
    {
        if (inputs is not null && target.IsOfTheMoment)
        {
            Console.WriteLine($"{target.Name}: left out, its whole inputs are captured anew each time");
            return true;
        }
        IReadOnlyList<byte[]> seeds;
        try
        {
            seeds = target.Seeds();
        }
        catch (NoSeedsException e)
        {
            Console.WriteLine($"{target.Name}: skipped, {e.Message}");
            return true;
        }
        var random = new Random(seed);
        IReadOnlyList<IMutator> mutators = target.Mutators(random);
        long start = Stopwatch.GetTimestamp();
        long longest = 0;
        int count = 0;
        byte[] input = [];
        try
        {
            foreach (byte[] whole in seeds)
                target.Read(input = whole);
            for (; inputs is { } most ? count < most : Stopwatch.GetElapsedTime(start) < time; count++)
            {
                input = mutators[random.Next(mutators.Count)].Damage(seeds[random.Next(seeds.Count)]);
                long before = Stopwatch.GetTimestamp();
                target.Read(input);
                longest = Math.Max(longest, Stopwatch.GetTimestamp() - before);
            }
        }
#pragma warning disable CA1031 // Whatever it is, it is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            string kept = Path.GetFullPath($"{target.Name}-{seed}-{count}.bin");
            File.WriteAllBytes(kept, input);
            Console.WriteLine($"{target.Name}: FAILED on input {count} of seed {seed}, kept as {kept}:\n{e}");
            return false;
        }
        Console.WriteLine($"{target.Name}: survived {count} damaged inputs of seed {seed}; the longest took {Stopwatch.GetElapsedTime(0, longest).TotalMilliseconds:0.0} ms");
        return true;
    }
}
