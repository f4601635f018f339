using CallStackRules.Eql;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Tests.Generation;
using CallStackRules.Generators.Tests.ForeignModel;
using CallStackRules.Rules;
using CsCheck;

namespace CallStackRules.Generators.Tests.Differential;

/// <summary>Queries over the foreign model, compiled into one assembly, and random events for each.</summary>
internal sealed class RuleBatch : IDisposable
{
    private const int EventsForEach = 30;

    private static readonly EventSchema Schema = ReflectionSchemaReader.Read(typeof(ForeignEvent).Assembly);
    private static readonly Interpreter Interpreter = new(Schema, new ReflectionEventReader());

    private readonly string _seed;
    private readonly Case[] _cases;
    private readonly CompiledRules _compiled;
    private readonly RuleSet<ForeignEvent> _rules;

    private RuleBatch(string seed, IReadOnlyList<string> queries, PCG random)
    {
        _seed = seed;
        _cases = [.. queries.Select(query => Case.Of(query, random))];
        RuleProject project = RuleProject.OfForeignEvents;
        for (int i = 0; i < queries.Count; i++)
            project = project.WithRule($"r{i:0000}.eql", queries[i]);
        _compiled = project.Compile();
        _rules = _compiled.RuleSet<ForeignEvent>();
        Assert.Equal(queries.Count, _rules.Rules.Count);
    }

    /// <summary>The queries given.</summary>
    public static RuleBatch Of(IReadOnlyList<string> queries)
    {
        PCG random = RepeatableSamples.Beginning();
        return new RuleBatch(random.ToString(), queries, random);
    }

    /// <summary>Random queries. The same ones come again with what a failure prints in the environment variable <c>CsCheck_Seed</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="number">Tells batches apart.</param>
    public static RuleBatch Random(int count, uint number)
    {
        PCG random = RepeatableSamples.Beginning(number);
        string seed = random.ToString();
        Gen<string> rule = RuleGen.For(Schema);
        return new RuleBatch(seed, [.. Enumerable.Range(0, count).Select(_ => rule.Generate(random, null, out Size _))], random);
    }

    /// <summary>How many of the pairs of a rule and one of its events match, in percent.</summary>
    public double MatchingPercent => 100.0 * _cases.Sum(c => c.Events.Count(e => Interpreter.Matches(c.Filter, e))) / (_cases.Length * EventsForEach);

    /// <summary>Rules and events on which the compiled matcher says something else than the interpreter.</summary>
    public IEnumerable<string> Disagreements()
    {
        for (int i = 0; i < _cases.Length; i++)
        {
            for (int e = 0; e < EventsForEach; e++)
            {
                bool interpreted = Interpreter.Matches(_cases[i].Filter, _cases[i].Events[e]);
                bool compiled = _rules.Rules[i].Matches(_cases[i].Events[e]);
                if (interpreted != compiled)
                {
                    yield return $"{_cases[i].Query}\n  on {_cases[i].Json[e]}\n"
                        + $"  interpreted: {interpreted}, compiled: {compiled} (CsCheck_Seed={_seed}, rule {i})";
                }
            }
        }
    }

    /// <summary>Events for which the whole set finds other rules than those that match one by one.</summary>
    public IEnumerable<string> DisagreementsOfTheSet()
    {
        var found = new List<EventRule<ForeignEvent>>();
        foreach (Case c in _cases)
        {
            found.Clear();
            _rules.Match(c.Events[0], found);
            if (!found.ToHashSet().SetEquals(_rules.Rules.Where(rule => rule.Matches(c.Events[0]))))
                yield return $"{c.Json[0]} (CsCheck_Seed={_seed})";
        }
    }

    /// <summary>Bytes that a pass of every rule over all its events allocates, and a pass of the set.</summary>
    public long AllocatedBytes()
    {
        var matches = new List<EventRule<ForeignEvent>>(_cases.Length);
        // Rooms that are reused grow while passes are cold.
        RunAll(matches);
        RunAll(matches);
        return Allocations.Of(() => RunAll(matches));
    }

    public void Dispose() => _compiled.Dispose();

    private void RunAll(List<EventRule<ForeignEvent>> matches)
    {
        for (int i = 0; i < _cases.Length; i++)
        {
            EventRule<ForeignEvent> rule = _rules.Rules[i];
            foreach (ForeignEvent e in _cases[i].Events)
                rule.Matches(e);
            matches.Clear();
            _rules.Match(_cases[i].Events[0], matches);
        }
    }

    private sealed record Case(string Query, BoundFilter Filter, string[] Json, ForeignEvent[] Events)
    {
        public static Case Of(string query, PCG random)
        {
            CompiledRule rule = RuleCompiler.CompileQuery(query, Schema);
            Assert.True(rule.Succeeded, $"{query}\n{string.Join('\n', rule.Diagnostics)}");
            BoundFilter filter = ((BoundEventQuery)rule.Query!).Filter;
            Gen<string> anEvent = EventGen.For(Schema, filter);
            string[] json = [.. Enumerable.Range(0, EventsForEach).Select(_ => anEvent.Generate(random, null, out Size _))];
            return new Case(query, filter, json, [.. json.Select(ForeignEventReader.Read)]);
        }
    }
}
