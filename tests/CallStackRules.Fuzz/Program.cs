using System.CommandLine;
using CallStackRules.Fuzz;
using SharpFuzz;

var name = new Argument<string>("target") { Description = $"One of {string.Join(", ", FuzzTargets.All.Select(static target => target.Name))}, or all." };
name.AcceptOnlyFromAmong(["all", .. FuzzTargets.All.Select(static target => target.Name)]);
var seconds = new Option<double>("--seconds") { Description = "How long each target is fed.", DefaultValueFactory = static _ => 5 };
var count = new Option<int?>("--inputs")
{
    Description = "Feeds each target so many damaged inputs, however long it takes. With --seed they are the same everywhere: targets whose whole inputs are not are left out.",
};
var seed = new Option<int>("--seed") { Description = "Where the damage begins; printed by each run.", DefaultValueFactory = static _ => Environment.TickCount };
var random = new Command("random", "Feeds targets whole inputs that were damaged at random. What they fail on is kept in a file.") { name, seconds, count, seed };
random.SetAction(result =>
{
    var run = new RandomRun(TimeSpan.FromSeconds(result.GetValue(seconds)), result.GetValue(count), result.GetValue(seed));
    return Targets(result.GetRequiredValue(name)).Count(target => !run.Survives(target)) == 0 ? 0 : 1;
});

var file = new Argument<FileInfo>("file") { Description = "The input." };
var one = new Command("one", "Feeds a target one input.") { name, file };
one.SetAction(result => Targets(result.GetRequiredValue(name))[0].Read(File.ReadAllBytes(result.GetRequiredValue(file).FullName)));

var seeds = new Command("seeds", "Writes the whole inputs of a target into a folder, for AFL to begin with.") { name, new Argument<DirectoryInfo>("folder") };
seeds.SetAction(result =>
{
    IReadOnlyList<byte[]> inputs = Targets(result.GetRequiredValue(name))[0].Seeds();
    for (int i = 0; i < inputs.Count; i++)
        File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(result.GetRequiredValue<DirectoryInfo>("folder").FullName).FullName, $"{i}"), inputs[i]);
});

var afl = new Command("afl", "Feeds a target what AFL sends, once the assemblies are instrumented with the tool sharpfuzz.") { name };
afl.SetAction(result => Fuzzer.OutOfProcess.Run(stream =>
{
    using var input = new MemoryStream();
    stream.CopyTo(input);
    Targets(result.GetRequiredValue(name))[0].Read(input.ToArray());
}));

return new RootCommand("Hostile input for everything that reads bytes of others.") { random, one, seeds, afl }.Parse(args).Invoke();

static FuzzTarget[] Targets(string name) => name == "all" ? FuzzTargets.All : [FuzzTargets.All.Single(target => target.Name == name)];
