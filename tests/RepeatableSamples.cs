using CsCheck;

namespace CallStackRules;

/// <summary>
/// Random inputs for tests, the same in every run: what fails was broken by a change and by nothing else. To look for more, <c>RANDOM_TESTS=new</c> draws new ones.
/// Shared by test projects.
/// </summary>
internal static class RepeatableSamples
{
    private static readonly bool DrawsNew = Environment.GetEnvironmentVariable("RANDOM_TESTS") == "new";
    private static readonly string? GivenSeed = Environment.GetEnvironmentVariable("CsCheck_Seed") is { Length: > 0 } seed ? seed : null;

    /// <summary>Where random numbers begin: at the seed of a failure in <c>CsCheck_Seed</c>, anywhere, or at the same place as ever.</summary>
    /// <param name="stream">Tells beginnings apart.</param>
    public static PCG Beginning(uint stream = 0) => GivenSeed is not null ? PCG.Parse(GivenSeed) : DrawsNew ? new PCG(stream) : new PCG(stream, 0);

    /// <summary>Where <see cref="Random"/> begins, likewise.</summary>
    public static int Seed => DrawsNew ? Environment.TickCount : 1;

    /// <summary>Checks what a generator makes. What fails is made smaller, and printed with its seed.</summary>
    public static void Check<T>(this Gen<T> gen, Action<T> assert, int iter = 100)
    {
        if (DrawsNew || GivenSeed is not null)
        {
            gen.Sample(assert, iter: iter, threads: 1);
            return;
        }
        PCG random = Beginning();
        for (int i = 0; i < iter; i++)
        {
            string seed = random.ToString();
            T input = gen.Generate(random, null, out _);
            if (Record.Exception(() => assert(input)) is not { } failure)
                continue;
            gen.Sample(assert, seed: seed, iter: iter, threads: 1);
            throw new InvalidOperationException($"It failed once and not again (CsCheck_Seed={seed}).", failure);
        }
    }

    /// <inheritdoc cref="Check{T}(Gen{T}, Action{T}, int)"/>
    public static void Check<T1, T2>(this Gen<(T1, T2)> gen, Action<T1, T2> assert, int iter = 100) =>
        gen.Check(input => assert(input.Item1, input.Item2), iter);

    /// <inheritdoc cref="Check{T}(Gen{T}, Action{T}, int)"/>
    public static void Check<T1, T2, T3>(this Gen<(T1, T2, T3)> gen, Action<T1, T2, T3> assert, int iter = 100) =>
        gen.Check(input => assert(input.Item1, input.Item2, input.Item3), iter);
}
