namespace CallStackRules.Generators.Tests;

/// <summary>Tests that measure memory, with no other running beside them: what others allocate, or collections that they start, would be counted with it.</summary>
[CollectionDefinition(nameof(MeasuresMemory), DisableParallelization = true)]
public sealed class MeasuresMemory;
