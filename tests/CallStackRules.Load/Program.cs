using System.CommandLine;
using CallStackRules.Capture.Sources;
using CallStackRules.Load;

var calls = new Option<long>("--calls") { Description = "Calls that are made while the sensor reads.", DefaultValueFactory = static _ => 10_000_000 };
var processor = new Option<int>("--processor") { Description = "The processor they are made on; keep the sensor off it with taskset.", DefaultValueFactory = static _ => 1 };
var storm = new Command("storm", "Opens a file as fast as one processor can, 16 frames deep, while the sensor reads.") { calls, processor };
storm.SetAction(result => Guard(() => Storm.Run(result.GetValue(calls), result.GetValue(processor))));

var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = static _ => 60 };
var idle = new Command("idle", "What the sensor uses while it has little to do.") { seconds };
idle.SetAction(result => Guard(() => Idle.Run(result.GetValue(seconds))));

var project = new Argument<string>("project") { Description = "The project to build." };
var pairs = new Option<int>("--pairs") { Description = "Builds with and without.", DefaultValueFactory = static _ => 5 };
var build = new Command("build", "How much longer a project builds while the sensor watches.") { project, pairs };
build.SetAction(result => Guard(() => BuildOverhead.Run(result.GetRequiredValue(project), result.GetValue(pairs))));

var duration = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = static _ => 600 };
var workers = new Option<int>("--workers") { Description = "Processes that make the load at once.", DefaultValueFactory = static _ => 2 };
var soak = new Command("soak", "Processes and threads that live and die at full speed while the sensor records.") { duration, workers };
soak.SetAction(result => Guard(() => Soak.Run(result.GetValue(duration), result.GetValue(workers))));

var stacks = new Command("stacks", "How many stacks of shells, Python, node and .NET are followed to the start of their thread, and why the others are not.");
stacks.SetAction(_ => Guard(Completeness.Run));

var rounds = new Option<int>("--rounds") { Description = "How often each is measured.", DefaultValueFactory = static _ => 5 };
var holding = new Command("holding", "How much later a program begins when it is watched, and when it is held until the rules have seen it.") { rounds };
holding.SetAction(result => Guard(() => Holding.Run(result.GetValue(rounds))));

return new RootCommand("What live capture costs and stands. Needs Linux, root and gcc.") { storm, idle, build, soak, stacks, holding }.Parse(args).Invoke();

// 0: as it must be; 1: not; 2: it could not be measured.
static int Guard(Func<bool> measure)
{
    try
    {
        return measure() ? 0 : 1;
    }
    catch (Exception e) when (e is LoadException or CaptureException)
    {
        Console.Error.WriteLine(e.Message);
        return 2;
    }
}
