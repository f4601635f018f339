using System.Text;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Eql;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;
using CallStackRules.Events;
using CallStackRules.Sensor.Checking;
using CallStackRules.Sensor.Importing;

namespace CallStackRules.Fuzz.Targets;

/// <summary>Rules that others write: in EQL, compiled up to their explanation and interpreted, and published ones in TOML, imported.</summary>
internal static class RuleFiles
{
    private static readonly string[] EqlSeeds =
    [
        """
        // @id          b7d2c1de-6a0b-4f0e-9a36-2f6d6a3c1f55
        // @name        A rule
        // @description It goes on
        //              over two lines.
        // @severity    medium
        // @os          windows linux
        // @technique   T1574.002
        // @tactic      TA0005
        // @action      kill_process process.entity_id state=0 tree

        // eql-disable EQL2004: it is meant
        process where event.action == "start" and not process.name in~ ("a.exe", "b*") and
          _arraysearch(process.parent.thread.Ext.call_stack, $entry, $entry.symbol_info : "?:\\ProgramData\\*.dll!*")
        """,
        """
        // @id          b7d2c1de-6a0b-4f0e-9a36-2f6d6a3c1f56
        // @name        Several events
        sequence by process.entity_id, ?user.id with maxspan=1m
          [file where file.extension : ("exe", "dll") and file.size + 1 > 2 * 3 % 4] as written
          [process where process.executable == written.file.path and process.args_count >= 2 or user.id != null] with runs=2
          ![network where cidrmatch(destination.ip, "10.0.0.0/8", "::1") and not destination.port in (80, 443)]
        until [process where event.action == "end"]
        | filter events[1].process.pid > 4 | unique process.name | head 10
        """,
        """
        // @id          b7d2c1de-6a0b-4f0e-9a36-2f6d6a3c1f57
        // @name        Functions
        any where descendant of [process where process.name regex~ "[a-f]+(x|yz){2,5}\\d?"] and ?not.there == null and `process.name` like~ ("a*", "?b") and
          endswith~(substring(dll.path, 0, length(dll.path) - (length(dll.name) + 1)), concat("a|", process.name, 1, true)) and
          between(process.command_line, "-x ", " ", true) != "" and indexof(file.path, "\u{202E}", -1) >= 0 and number("0x1f", 16) == 31 and
          match(process.name, "a.*") and wildcard(file.name, "*.exe") and string(process.pid) : "4*" and arraycontains(process.args, "-a") and stringcontains~(process.title, "b")
        """,
        "sample by host.id [any where process.name == \"a\"] [file where true] /* a comment */ | tail 1",
        "join by host.id [process where child of [process where true]] by process.pid [any where event of [file where not false]] by process.pid | count user.id | sort process.name",
    ];

    private static readonly string[] TomlSeeds =
    [
        """"
        [metadata]
        creation_date = "2024/01/02"
        maturity = "production"

        [rule]
        author = ["Somebody"]
        description = """
        What it \
            finds.
        """
        id = "b7d2c1de-6a0b-4f0e-9a36-2f6d6a3c1f55"
        name = "A rule"
        license = "X"
        os_list = ["windows", "linux"]
        version = "1.0.3"
        reputation = true
        reference = ["https://example.net/a"]
        min_endpoint_version = "8.1"
        query = '''
        // Why.
        process where event.action == "start" and process.name : "a\\b.exe" and process.args : "\u00e9"
        '''

        [[actions]]
        action = "kill_process"
        field = "process.entity_id"
        state = 0
        tree = true

        [[optional_actions]]
        action = "rollback"
        field = "process.entity_id"

        [[threat]]
        framework = "MITRE ATT&CK"

        [threat.tactic]
        id = "TA0005"
        name = "Defense Evasion"
        reference = "https://attack.mitre.org/tactics/TA0005/"

        [[threat.technique]]
        id = "T1574"
        name = "Hijack Execution Flow"

        [[threat.technique.subtechnique]]
        id = "T1574.002"

        [internal]
        min_endpoint_version = "7.15.0"
        """",
        "[rule]\nrule_id = \"b7d2c1de-6a0b-4f0e-9a36-2f6d6a3c1f55\"\nname='b'\ntype = \"eql\"\nlanguage = \"eql\"\nrisk_score = 47\nseverity = \"medium\"\ntags = [\"a\", \"b\"]\n"
            + "query = \"sequence by host.id [any where process.name == \\\"\\U0001F600\\x41\\\"] \\\n  [any where true]\"\nthreat = [{framework = \"x\", tactic = {id = \"TA0001\"}}]\n",
    ];

    public static readonly FuzzTarget Eql = new("eql", static () => Bytes(EqlSeeds), ReadEql) { Form = InputForm.Text };

    public static readonly FuzzTarget Toml = new("toml", static () => Bytes(TomlSeeds), ReadToml) { Form = InputForm.Text };

    private static readonly EventSchema Schema = ReflectionSchemaReader.Read(typeof(EndpointEvent).Assembly);
    private static readonly ReflectionEventReader Reader = new();
    private static readonly List<EndpointEvent> Events = SomeEvents();

    private static byte[][] Bytes(string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static void ReadEql(byte[] input) => Use(Encoding.UTF8.GetString(input));

    private static void ReadToml(byte[] input)
    {
        try
        {
            string text = Encoding.UTF8.GetString(input);
            TomlRule toml = TomlRule.Read(text);
            for (int i = 0; i <= toml.Query.Length; i++)
                ArgumentOutOfRangeException.ThrowIfGreaterThan(toml.OffsetInFile(i), text.Length);
            Use(RuleFileWriter.Write(PublishedRule.Read(text, []), "a.toml", []));
        }
        catch (Exception e) when (e is InvalidDataException or OtherLanguageException)
        {
            // Declared: it is no TOML, or no rule in EQL.
        }
    }

    private static void Use(string text)
    {
        CompiledRule rule = RuleCompiler.Compile(text, Schema);
        foreach (EqlDiagnostic diagnostic in rule.Diagnostics)
            ArgumentOutOfRangeException.ThrowIfGreaterThan(diagnostic.Span.End, text.Length);
        if (!rule.Succeeded || rule.Query is not { } query)
            return;
        var interpreter = new QueryInterpreter(query, Schema, Reader);
        foreach (EndpointEvent e in Events)
            interpreter.Push(e);
        interpreter.End();
    }

    private static List<EndpointEvent> SomeEvents()
    {
        using var file = new InputFile(EcsFile.Demonstration()[0]);
        using var source = new EcsSource([file.Path], new ProcessTable());
        var events = new List<EndpointEvent>();
        var e = new EndpointEvent();
        while (source.TryRead(e))
        {
            events.Add(e);
            e = new EndpointEvent();
        }
        return events;
    }
}
