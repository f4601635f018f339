using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Diagnostics;

public static partial class EqlDiagnostics
{
    private static readonly EqlDescriptor UnknownFieldDescriptor = new("EQL1001", "Unknown field", EqlSeverity.Error);
    private static readonly EqlDescriptor UnknownFunctionDescriptor = new("EQL1002", "Unknown function", EqlSeverity.Error);
    private static readonly EqlDescriptor ArgumentCountDescriptor = new("EQL1003", "Wrong number of arguments", EqlSeverity.Error);
    private static readonly EqlDescriptor ArgumentTypeDescriptor = new("EQL1004", "Wrong argument", EqlSeverity.Error);
    private static readonly EqlDescriptor NotAConditionDescriptor = new("EQL1005", "Not a condition", EqlSeverity.Error);
    private static readonly EqlDescriptor OperandTypeDescriptor = new("EQL1006", "Operator does not fit its operands", EqlSeverity.Error);
    private static readonly EqlDescriptor UnknownVariableDescriptor = new("EQL1007", "Unknown variable", EqlSeverity.Error);
    private static readonly EqlDescriptor NotAnArrayDescriptor = new("EQL1008", "Not an array", EqlSeverity.Error);
    private static readonly EqlDescriptor BadRegexDescriptor = new("EQL1009", "Bad regular expression", EqlSeverity.Error);
    private static readonly EqlDescriptor BadNetworkDescriptor = new("EQL1010", "Bad network", EqlSeverity.Error);
    private static readonly EqlDescriptor NotConstantDescriptor = new("EQL1011", "Constant expected", EqlSeverity.Error);
    private static readonly EqlDescriptor KeyCountDescriptor = new("EQL1012", "Unequal numbers of join keys", EqlSeverity.Error);
    private static readonly EqlDescriptor BadAliasDescriptor = new("EQL1013", "Bad step name", EqlSeverity.Error);
    private static readonly EqlDescriptor BadStepsDescriptor = new("EQL1014", "Steps that cannot match", EqlSeverity.Error);
    private static readonly EqlDescriptor BadPipeDescriptor = new("EQL1015", "Bad pipe", EqlSeverity.Error);
    private static readonly EqlDescriptor PipesDescriptor = new("EQL1092", "A pipe reads what is not kept", EqlSeverity.Error);
    private static readonly EqlDescriptor UnreadableDescriptor = new("EQL1101", "Rule file cannot be read", EqlSeverity.Error);
    private static readonly EqlDescriptor SchemaDescriptor = new("EQL1100", "Event model cannot be used", EqlSeverity.Error);

    private static IReadOnlyList<EqlDescriptor> BindingDescriptors =>
    [
        UnknownFieldDescriptor, UnknownFunctionDescriptor, ArgumentCountDescriptor, ArgumentTypeDescriptor, NotAConditionDescriptor, OperandTypeDescriptor,
        UnknownVariableDescriptor, NotAnArrayDescriptor, BadRegexDescriptor, BadNetworkDescriptor, NotConstantDescriptor, KeyCountDescriptor,
        BadAliasDescriptor, BadStepsDescriptor, BadPipeDescriptor, PipesDescriptor, SchemaDescriptor,
        UnreadableDescriptor,
    ];

    /// <summary>EQL1001: the schema has no such field.</summary>
    public static EqlDiagnostic UnknownField(TextSpan span, string path, string? suggestion) => new(
        UnknownFieldDescriptor,
        span,
        suggestion is not null
            ? $"There is no field '{path}'. Did you mean '{suggestion}'?"
            : $"There is no field '{path}'. Text stands in double quotes: \"{path}\". A field that may be absent from the schema is written '?{path}'.");

    /// <summary>EQL1002: the language has no such function.</summary>
    public static EqlDiagnostic UnknownFunction(TextSpan span, string name, string? suggestion) => new(
        UnknownFunctionDescriptor, span, $"There is no function '{name}'." + (suggestion is null ? "" : $" Did you mean '{suggestion}'?"));

    /// <summary>EQL1003: a function takes another number of arguments.</summary>
    public static EqlDiagnostic ArgumentCount(TextSpan span, string signature, int given) => new(
        ArgumentCountDescriptor, span, $"{signature} does not take {given} argument{(given == 1 ? "" : "s")}.");

    /// <summary>EQL1004: an argument is of the wrong type, or the function has no insensitive form.</summary>
    public static EqlDiagnostic ArgumentType(TextSpan span, string function, string expected) => new(
        ArgumentTypeDescriptor, span, $"'{function}' needs {expected} here.");

    /// <summary>EQL1004: the function has no form with a tilde.</summary>
    public static EqlDiagnostic NoInsensitiveForm(TextSpan span, string function) => new(
        ArgumentTypeDescriptor, span, $"'{function}' compares no text, so there is no '{function}~'. Remove the '~'.");

    /// <summary>EQL1005: a value stands where a condition must.</summary>
    public static EqlDiagnostic NotACondition(TextSpan span, string what) => new(
        NotAConditionDescriptor, span, $"A condition must be true or false, and this is {what}. Compare it with something, or write '!= null' to test that it exists.");

    /// <summary>EQL1006: the operator cannot work on such operands.</summary>
    public static EqlDiagnostic OperandType(TextSpan span, string op, string needs, string given) => new(
        OperandTypeDescriptor, span, $"'{op}' needs {needs}, and this is {given}.");

    /// <summary>EQL1007: no enclosing array search names the variable.</summary>
    public static EqlDiagnostic UnknownVariable(TextSpan span, string name) => new(
        UnknownVariableDescriptor, span, $"There is no variable '{name}' here. Variables are named by _arraysearch(array, {name}, condition) and hold inside it only.");

    /// <summary>EQL1007: the second argument of an array function is not a variable.</summary>
    public static EqlDiagnostic VariableExpected(TextSpan span, string function) => new(
        UnknownVariableDescriptor, span, $"The second argument of '{function}' is the name for an item, as in $entry.");

    /// <summary>EQL1008: an array function is applied to something else.</summary>
    public static EqlDiagnostic NotAnArray(TextSpan span, string function) => new(
        NotAnArrayDescriptor, span, $"The first argument of '{function}' is an array field of the event or of an item, as in process.thread.Ext.call_stack.");

    /// <summary>EQL1009: a regular expression cannot be read.</summary>
    public static EqlDiagnostic BadRegex(TextSpan span, string problem) => new(BadRegexDescriptor, span, $"Bad regular expression: {problem}");

    /// <summary>EQL1010: a network cannot be read.</summary>
    public static EqlDiagnostic BadNetwork(TextSpan span, string text) => new(
        BadNetworkDescriptor, span, $"'{text}' is no network. Write an address with a prefix length, as in 10.0.0.0/8 or fe80::/10.");

    /// <summary>EQL1011: something must be known when the rule is compiled.</summary>
    public static EqlDiagnostic NotConstant(TextSpan span, string op, string what) => new(
        NotConstantDescriptor, span, $"'{op}' needs {what} that is known when the rule is compiled: write it as a literal.");

    /// <summary>EQL1012: steps have unequal numbers of join keys.</summary>
    public static EqlDiagnostic KeyCount(TextSpan span, int expected, int given) => new(
        KeyCountDescriptor, span, $"This step has {given} join key{(given == 1 ? "" : "s")} and the first one {expected}: every step needs as many, also 'until'.");

    /// <summary>EQL1013: a step name is used where it cannot be.</summary>
    public static EqlDiagnostic BadAlias(TextSpan span, string problem) => new(BadAliasDescriptor, span, problem);

    /// <summary>EQL1014: the steps make no sense together.</summary>
    public static EqlDiagnostic BadSteps(TextSpan span, string problem) => new(BadStepsDescriptor, span, problem);

    /// <summary>EQL1015: a pipe does not exist or has wrong arguments.</summary>
    public static EqlDiagnostic BadPipe(TextSpan span, string problem) => new(BadPipeDescriptor, span, problem);

    /// <summary>EQL1092: a pipe reads what is not kept of events.</summary>
    public static EqlDiagnostic PipeNotCompiled(TextSpan span) => new(
        PipesDescriptor, span, "A pipe reads values that were kept of events; objects, lists of objects and lineage are not. Write this into the condition with 'and'.");

    /// <summary>EQL1100: the event model is not usable as a schema.</summary>
    public static EqlDiagnostic Schema(string problem) => new(SchemaDescriptor, default, problem);

    /// <summary>EQL1100: there is no event model.</summary>
    public static EqlDiagnostic NoSchema() => new(
        SchemaDescriptor,
        default,
        "Rules are compiled against an event model, and none is named. Reference CallStackRules, or write [assembly: EqlSchema(typeof(YourEvent))].");

    /// <summary>EQL1101: the compiler could not read the file.</summary>
    public static EqlDiagnostic Unreadable(string path) => new(UnreadableDescriptor, default, $"{path} cannot be read. Check that it exists, is UTF-8 text and may be read.");
}
