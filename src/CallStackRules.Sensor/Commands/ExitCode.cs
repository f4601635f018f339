namespace CallStackRules.Sensor.Commands;

/// <summary>What the process says at its end; part of the command line's contract, printed by <c>--help</c>.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Ok = 0;

    /// <summary>There is something to look at: alerts as severe as <c>--fail-on</c> asks for, or rules that do not compile.</summary>
    public const int Findings = 1;

    /// <summary>The command line is wrong.</summary>
    public const int BadUsage = 2;

    /// <summary>A file is missing, unreadable or not what it should be.</summary>
    public const int BadInput = 3;

    /// <summary>The system does not let itself be watched; the message says what is missing.</summary>
    public const int NoCapture = 4;

    /// <summary>A part of the sensor did not end in time; the message says which.</summary>
    public const int Hung = 5;

    /// <summary>Stopped by Ctrl-C or a signal; what was counted up to then is printed.</summary>
    public const int Stopped = 130;

    /// <summary>What <c>--help</c> says of them.</summary>
    public const string Help =
        """
        Exit codes:
          0    ok
          1    findings: an alert as severe as --fail-on asks for, or rules that do not compile
          2    bad usage
          3    bad input: a file that cannot be read or written, or a recording of which nothing can be used
          4    no live capture: the message says what the system refuses and how to grant it
          5    a part of the sensor hangs and was left behind: the message says which
          130  stopped by Ctrl-C (a 'run' that is stopped ends with 0: nothing else ends it)
        """;
}
