using System.Diagnostics;
using System.Text.Json;
using CallStackRules.Sensor.Commands;

namespace CallStackRules.Sensor.Tests.Live;

/// <summary>Small programs do under the running sensor what intruders do, and what programs do all day.</summary>
public sealed class LiveTests : IDisposable
{
    /// <summary>All programs of the machine are watched. When others leave the sensor no time, so that records are lost, another moment is tried.</summary>
    private const int Moments = 5;

    /// <summary>What intruders do, and programs all day, with the rules that find it.</summary>
    private static readonly (string Behaviour, string[] Rules)[] Behaviours =
    [
        ("ordinary", []),
        ("exec-raw", ["Memory made executable and a program started from it", "Program started from unbacked memory"]),
        ("exec-library", ["Memory made executable and a program started from it", "Program started from unbacked memory"]),
        ("open-raw", ["File opened by unbacked memory"]),
        ("open-library", ["File opened by unbacked memory"]),
        ("capabilities-raw", ["Capabilities set from unbacked memory"]),
        ("open-written-then-executable", ["File opened by unbacked memory"]),
        ("open-memory-file", ["File opened by unbacked memory"]),
        ("open-moved-over-library", ["File opened by unbacked memory"]),
        ("open-patched-library", ["System call made by patched code"]),
        ("open-direct", ["Direct system call beside the C library"]),
        ("load-deleted", ["Library loaded from a deleted file"]),
        ("protect-on-chain", ["Memory made executable on a foreign stack"]),
        ("exec-on-chain", ["Program started on a foreign stack"]),
        ("exec-in-coroutine", []),
    ];

    /// <summary>Not below the temporary folder, which some rules do not trust.</summary>
    private readonly string _folder = Directory.CreateDirectory($"/var/lib/callstackrules-tests-{Guid.NewGuid():N}").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Each_behaviour_of_an_intruder_gives_its_alerts_and_no_others()
    {
        string program = Compile();
        using LiveSensor sensor = LiveSensor.Start();
        IReadOnlyList<JsonElement> lines = MisbehaveUnder(sensor, program, out Dictionary<string, int> pids);
        AssertAlerts(lines, pids);

        JsonElement patched = lines.First(static line => line.GetProperty("rule").GetProperty("name").GetString() == "System call made by patched code")
            .GetProperty("process").GetProperty("thread").GetProperty("Ext").GetProperty("call_stack");
        Assert.Contains(patched.EnumerateArray(), frame =>
            frame.GetProperty("module_name").GetString() == "libm.so.6" && frame.GetProperty("protection_provenance_path").GetString() == program);
        JsonElement capabilities = lines.First(static line => line.GetProperty("rule").GetProperty("name").GetString() == "Capabilities set from unbacked memory")
            .GetProperty("process").GetProperty("thread").GetProperty("capabilities");
        Assert.Contains(capabilities.GetProperty("effective").EnumerateArray(), static name => name.GetString() == "CAP_DAC_OVERRIDE");
        Assert.Equal("bpf", lines[0].GetProperty("event").GetProperty("provider").GetString());
    }

    [SkippableFact]
    public void Without_the_right_to_load_programs_into_the_kernel_each_behaviour_gives_the_same_alerts_marked_as_best_effort()
    {
        string program = Compile();
        using TracingMount tracing = TracingMount.OfOurs();
        string? warning = null;
        IReadOnlyList<JsonElement> lines = [];
        Dictionary<string, int> pids = [];
        for (int i = 0; i == 0 || (i < Moments && LostIn(CaptureOf(lines)) > 0); i++)
        {
            using LiveSensor sensor = LiveSensor.StartWith(["perfmon", "sys_ptrace", "dac_read_search", "ipc_lock"], out warning);
            lines = MisbehaveUnder(sensor, program, out pids);
        }

        AssertAlerts(lines, pids);
        Assert.StartsWith("Best effort: BPF programs may not be loaded (Operation not permitted (1)), so tracepoints are read", warning, StringComparison.Ordinal);
        Assert.Contains("Missing: CAP_BPF. Run as root with all capabilities, or grant them with 'sudo setcap ", warning, StringComparison.Ordinal);
        Assert.True(CaptureOf(lines).GetProperty("bestEffort").GetBoolean());
        Assert.All(lines.SkipLast(1), static alert => Assert.Equal("tracepoints", alert.GetProperty("event").GetProperty("provider").GetString()));
    }

    [SkippableFact]
    public void Without_any_right_the_sensor_says_which_are_missing_and_how_to_grant_them()
    {
        (string message, int exitCode) = LiveSensor.Refuse([]);

        Assert.Equal(ExitCode.NoCapture, exitCode);
        Assert.StartsWith("Opening perf events on processor 0 failed: ", message, StringComparison.Ordinal);
        foreach (string missing in (string[])["CAP_PERFMON (kernel.perf_event_paranoid is ", "CAP_BPF", "CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH", "CAP_IPC_LOCK"])
            Assert.Contains(missing, message, StringComparison.Ordinal);
        Assert.Contains("'sudo setcap cap_dac_read_search,cap_ipc_lock,cap_sys_ptrace,cap_perfmon,cap_bpf=ep ", message, StringComparison.Ordinal);
        Assert.Contains("'AmbientCapabilities=CAP_DAC_READ_SEARCH CAP_IPC_LOCK CAP_SYS_PTRACE CAP_PERFMON CAP_BPF'", message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Programs_are_not_held_without_the_right_to_load_programs_into_the_kernel()
    {
        using TracingMount tracing = TracingMount.OfOurs();
        (string message, int exitCode) = LiveSensor.Refuse(["perfmon", "sys_ptrace", "dac_read_search", "ipc_lock"], "--prevent");

        Assert.Equal(ExitCode.NoCapture, exitCode);
        Assert.StartsWith("Loading BPF programs, without which no program can be held, failed: ", message, StringComparison.Ordinal);
        Assert.Contains(" Missing: CAP_BPF.", message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Ordinary_work_of_runtimes_and_shells_gives_no_alert()
    {
        using LiveSensor sensor = LiveSensor.Start();
        var pids = new List<int>
        {
            Run("bash", "-c", "ls / > /dev/null; cat /etc/hostname > /dev/null; (true); for i in 1 2 3; do /bin/true; done"),
            Run("dotnet", "--list-sdks"),
        };
        if (Exists("python3"))
            pids.Add(Run("python3", "-c", "import ctypes, subprocess, json; ctypes.CDLL('libm.so.6'); subprocess.run(['true']); open('/etc/hostname').read()"));
        if (Exists("node"))
        {
            pids.Add(Run("node", "-e", "let s = 0; for (let i = 0; i < 3e6; i++) s += i % 7; require('fs').readFileSync('/etc/hostname'); " +
                "require('child_process').spawnSync('true')"));
        }
        if (Exists("java"))
        {
            string source = Path.Combine(_folder, "Main.java");
            File.WriteAllText(source, "class Main { public static void main(String[] a) throws Exception { for (int i = 0; i < 2000; i++) " +
                "java.nio.file.Files.readString(java.nio.file.Path.of(\"/etc/hostname\")); new ProcessBuilder(\"true\").start().waitFor(); } }");
            pids.Add(Run("java", source));
        }
        if (Exists("ruby"))
            pids.Add(Run("ruby", "--jit", "-e", "def f(n) n < 2 ? n : f(n - 1) + f(n - 2) end; f(20); 100.times { File.read('/etc/hostname') }; system('true')"));
        if (Exists("luajit"))
            pids.Add(Run("luajit", "-e", "for j = 1, 200 do local f = io.open('/etc/hostname'); f:read(); f:close() end os.execute('true')"));
        if (Exists("php"))
            pids.Add(Run("php", "-r", "for ($i = 0; $i < 100; $i++) { preg_match('/a+(b|c)*d/', file_get_contents('/etc/hostname')); } exec('true');"));
        if (Exists("erl"))
            pids.Add(Run("erl", "-noshell", "-eval", "[file:read_file(\"/etc/hostname\") || _ <- lists:seq(1, 100)], os:cmd(\"true\"), halt()."));

        IReadOnlyList<JsonElement> lines = sensor.Stop(out _);

        string[] alerts = [.. lines.Where(line => pids.Exists(pid => AlertsOf([line], pid).Any())).Select(Explain)];
        Assert.True(alerts.Length == 0, string.Join("\n", alerts) + "\n" + lines[^1]);
    }

    [SkippableFact]
    public void Stacks_are_followed_to_their_start_and_nothing_is_lost()
    {
        JsonElement capture = Watch();
        for (int i = 1; i < Moments && LostIn(capture) > 0; i++)
            capture = Watch();

        long complete = capture.GetProperty("stacksComplete").GetInt64();
        // Stacks deeper than what is copied are those of compilers that run beside the tests.
        long others = capture.GetProperty("stacksBroken").GetInt64() + capture.GetProperty("stacksMissing").GetInt64();
        Assert.Equal(0, LostIn(capture));
        Assert.Equal(0, capture.GetProperty("badRecords").GetInt64());
        Assert.True(complete > 100 && others <= complete * 0.03, capture.ToString());
    }

    [SkippableFact]
    public void A_recording_replays_with_the_alerts_that_were_raised_live()
    {
        string program = Compile();
        string recording = Path.Combine(_folder, "events.csr");
        using LiveSensor sensor = LiveSensor.Start("--record", recording);
        Run(program, "exec-library");
        Run(program, "open-memory-file");
        Run(program, "open-patched-library");
        IReadOnlyList<JsonElement> live = sensor.Stop(out _);

        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (string argument in (string[])["exec", typeof(Sensor.Commands.RunCommand).Assembly.Location, "replay", "--json", recording])
            start.ArgumentList.Add(argument);
        using Process replay = Process.Start(start)!;
        List<JsonElement> replayed = [.. replay.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];

        Assert.True(live.Count > 3);
        Assert.Equal(live.SkipLast(1).Select(Describe), replayed.SkipLast(1).Select(Describe));

        static string Describe(JsonElement alert) =>
            $"{alert.GetProperty("rule").GetProperty("id").GetString()} {alert.GetProperty("process").GetProperty("entity_id").GetString()} {alert.GetProperty("@timestamp").GetString()}";
    }

    [SkippableFact]
    public void A_program_that_memory_without_a_file_asks_for_is_refused_and_its_neighbours_run()
    {
        string program = Compile();
        using LiveSensor sensor = LiveSensor.Start("--prevent");
        const int callReturned = 3;

        int refused = RunToEnd(program, "exec-library", out int code);
        Assert.Equal(callReturned, code);
        RunToEnd(program, "exec-raw", out code);
        Assert.Equal(callReturned, code);
        Run("/bin/true");
        Run("sh", "-c", "/bin/true; ls / > /dev/null");

        IReadOnlyList<JsonElement> lines = sensor.Stop(out _);
        Assert.Equal(2, lines[^1].GetProperty("summary").GetProperty("denied").GetInt32());
        Assert.Equal(2, lines.Count(static line =>
            line.TryGetProperty("event", out JsonElement e) && e.GetProperty("action").GetString() == "deny" && e.GetProperty("outcome").GetString() == "success"));
        Assert.Contains("Program started from unbacked memory", AlertsOf(lines, refused));
    }

    [SkippableFact]
    public void When_the_sensor_is_killed_no_program_stays_held()
    {
        using LiveSensor sensor = LiveSensor.Start("--prevent");
        using Process busy = Process.Start("sh", ["-c", "for i in $(seq 300); do /bin/true; done"]);
        Run("/bin/true");

        sensor.Kill();

        Assert.True(busy.WaitForExit(TimeSpan.FromMinutes(2)));
        Assert.Equal(0, busy.ExitCode);
    }

    [SkippableFact]
    public void When_the_sensor_is_stopped_where_it_is_the_kernel_ends_it_and_no_program_stays_held()
    {
        using LiveSensor sensor = LiveSensor.Start("--prevent");
        Run("/bin/true");
        sensor.Signal("STOP");
        using Process held = Process.Start("sh", ["-c", "for i in $(seq 5); do /bin/true; done"]);

        Assert.True(held.WaitForExit(TimeSpan.FromMinutes(2)));
        Assert.Equal(0, held.ExitCode);
        const int killed = 128 + 9;
        Assert.Equal(killed, sensor.WaitForExit());
    }

    /// <summary>Each behaviour once.</summary>
    /// <returns>What the sensor printed.</returns>
    private IReadOnlyList<JsonElement> MisbehaveUnder(LiveSensor sensor, string program, out Dictionary<string, int> pids)
    {
        string library = Path.Combine(_folder, "planted.so");
        pids = [];
        foreach ((string behaviour, _) in Behaviours)
        {
            if (behaviour == "load-deleted")
                CompileLibrary(library);
            pids.Add(behaviour, Run(program, behaviour, library));
        }
        IReadOnlyList<JsonElement> lines = sensor.Stop(out int exitCode);
        Assert.Equal(0, exitCode);
        return lines;
    }

    private static void AssertAlerts(IReadOnlyList<JsonElement> lines, Dictionary<string, int> pids) => Assert.Equal(
        Behaviours.Select(static entry => $"{entry.Behaviour}: {string.Join(", ", entry.Rules)}"),
        Behaviours.Select(entry => $"{entry.Behaviour}: {string.Join(", ", AlertsOf(lines, pids[entry.Behaviour]).Order(StringComparer.Ordinal))}"));

    private static JsonElement CaptureOf(IReadOnlyList<JsonElement> lines) => lines[^1].GetProperty("summary").GetProperty("capture");

    private static long LostIn(JsonElement capture) => capture.GetProperty("lostByKernel").GetInt64();

    private static JsonElement Watch()
    {
        using LiveSensor sensor = LiveSensor.Start();
        for (int i = 0; i < 5; i++)
            Run("bash", "-c", "ls / > /dev/null; cat /etc/hostname > /dev/null; ( cd /; pwd > /dev/null; /bin/true )");
        return CaptureOf(sensor.Stop(out _));
    }

    private static IEnumerable<string> AlertsOf(IEnumerable<JsonElement> lines, int pid) => lines
        .Where(line => line.TryGetProperty("process", out JsonElement process) && process.TryGetProperty("pid", out JsonElement number) && number.GetInt32() == pid)
        .Select(static line => line.GetProperty("rule").GetProperty("name").GetString()!)
        .Distinct();

    /// <summary>An alert with what it takes to see why.</summary>
    private static string Explain(JsonElement alert)
    {
        JsonElement process = alert.GetProperty("process");
        return $"{alert.GetProperty("rule").GetProperty("name")} by {process.GetProperty("command_line")}: {process.GetProperty("thread").GetProperty("Ext").GetProperty("call_stack")}";
    }

    private static int Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return process.Id;
    }

    private static int RunToEnd(string program, string behaviour, out int exitCode)
    {
        using Process process = Process.Start(program, [behaviour]);
        process.WaitForExit();
        exitCode = process.ExitCode;
        return process.Id;
    }

    private static bool Exists(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private string Compile()
    {
        Skip.IfNot(Exists("gcc"), "gcc is not installed, with which the programs that misbehave are compiled.");
        string source = Path.Combine(Repository.Root, "tests/CallStackRules.Sensor.Tests/Live/behaviour.c");
        string program = Path.Combine(_folder, "behaviour");
        Run("gcc", "-O1", "-o", program, source, "-ldl", "-lm");
        return program;
    }

    private void CompileLibrary(string library)
    {
        string source = Path.Combine(_folder, "planted.c");
        File.WriteAllText(source, "int planted(void) { return 1; }\n");
        Run("gcc", "-shared", "-fPIC", "-o", library, source);
    }
}
