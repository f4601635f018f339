using System.CommandLine;
using CallStackRules.Capture.Sources;
using CallStackRules.Load;

var calls = new Option<long>("--calls") { Description = "Calls that are made while the sensor reads.", DefaultValueFactory = static _ => 10_000_000 };
var processor = new Option<int>("--processor") { Description = "The processor they are made on; keep the sensor off it with taskset.", DefaultValueFactory = static _ => 1 };
var storm = new Command("storm", "Opens a file as fast as one processor can, 16 frames deep, while the sensor reads.") { calls, processor };
storm.SetAction(result => Guard(() => Storm.Run(result.GetValue(calls), result.GetValue(processor))));

return new RootCommand("What live capture costs and stands. Needs Linux, root and gcc.") { storm }.Parse(args).Invoke();

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
