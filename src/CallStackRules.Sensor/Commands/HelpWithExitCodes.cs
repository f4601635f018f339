using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CallStackRules.Sensor.Commands;

/// <summary>The usual help, and the exit codes below it.</summary>
internal sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>Who asks for help need not have given the arguments.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(ExitCode.Help);
        return exitCode;
    }
}
