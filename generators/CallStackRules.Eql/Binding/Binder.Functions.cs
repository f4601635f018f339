using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Binding;

/// <content>Function calls.</content>
public sealed partial class Binder
{
    private BoundExpression BindCall(CallSyntax call)
    {
        if (!FunctionSymbol.All.TryGetValue(call.Name.Text, out FunctionSymbol? function))
        {
            Report(EqlDiagnostics.UnknownFunction(call.Name.Span, call.Name.Text, Spelling.Closest(call.Name.Text, FunctionSymbol.All.Keys)));
            return new BoundConstant(call.Span, null);
        }
        if (call.IsInsensitive && !function.HasInsensitiveForm)
            Report(EqlDiagnostics.NoInsensitiveForm(call.Name.Span, function.Name));
        if (call.Arguments.Count < function.LeastArguments || call.Arguments.Count > function.MostArguments)
        {
            Report(EqlDiagnostics.ArgumentCount(call.Span, function.Signature, call.Arguments.Count));
            return new BoundConstant(call.Span, null);
        }
        return function.Name switch
        {
            "_arraysearch" or "arraysearch" => BindArrayFunction(call, function, isCount: false),
            "arraycount" => BindArrayFunction(call, function, isCount: true),
            "arraycontains" => MatchItems(
                call.Span, BindValue(call.Arguments[0]), MatchKind.Equal, call.IsInsensitive, function.Name, patternsOnly: false, Tail(call.Arguments)),
            "startswith" => BindTextTest(call, function, TextTestKind.StartsWith),
            "endswith" => BindTextTest(call, function, TextTestKind.EndsWith),
            "stringcontains" => BindTextTest(call, function, TextTestKind.Contains),
            "match" => BindPatterns(call, function, MatchKind.Regex),
            "wildcard" => BindPatterns(call, function, MatchKind.Wildcard),
            "cidrmatch" => BindNetworkMatch(call, function),
            "length" => BindLength(call, function),
            "substring" => new BoundSubstring(
                call.Span, Text(call, function, 0), Number(call, function, 1), call.Arguments.Count > 2 ? Number(call, function, 2) : null),
            "concat" => BindConcat(call, function),
            "indexof" => new BoundIndexOf(
                call.Span, Text(call, function, 0), Text(call, function, 1), call.Arguments.Count > 2 ? Number(call, function, 2) : null, call.IsInsensitive),
            "between" => BindBetween(call, function),
            "string" => new BoundToText(call.Span, Scalar(call, function, 0)),
            "number" => new BoundToNumber(call.Span, Text(call, function, 0), call.Arguments.Count > 1 ? Number(call, function, 1) : null),
            "add" => BindArithmeticCall(call, ArithmeticKind.Add),
            "subtract" => BindArithmeticCall(call, ArithmeticKind.Subtract),
            "multiply" => BindArithmeticCall(call, ArithmeticKind.Multiply),
            "divide" => BindArithmeticCall(call, ArithmeticKind.Divide),
            _ => BindArithmeticCall(call, ArithmeticKind.Modulo),
        };
    }

    private static IReadOnlyList<ExpressionSyntax> Tail(IReadOnlyList<ExpressionSyntax> arguments) => [.. arguments.Skip(1)];

    private BoundExpression Text(CallSyntax call, FunctionSymbol function, int index) => Argument(call, function, index, BoundType.Text, "text");

    private BoundExpression Number(CallSyntax call, FunctionSymbol function, int index) => Argument(call, function, index, BoundType.Number, "a number");

    private BoundExpression Argument(CallSyntax call, FunctionSymbol function, int index, BoundType type, string expected)
    {
        BoundExpression argument = BindValue(call.Arguments[index]);
        if (argument.Type == type || argument.Type == BoundType.Null)
            return argument;
        Report(EqlDiagnostics.ArgumentType(argument.Span, function.Name, expected));
        return new BoundConstant(argument.Span, null);
    }

    private BoundExpression Scalar(CallSyntax call, FunctionSymbol function, int index)
    {
        BoundExpression argument = BindValue(call.Arguments[index]);
        if (argument.Type != BoundType.Object)
            return argument;
        Report(EqlDiagnostics.ArgumentType(argument.Span, function.Name, "text, a number, or true or false"));
        return new BoundConstant(argument.Span, null);
    }

    private BoundExpression BindTextTest(CallSyntax call, FunctionSymbol function, TextTestKind kind) =>
        new BoundTextTest(call.Span, kind, Text(call, function, 0), Text(call, function, 1), call.IsInsensitive);

    private BoundExpression BindPatterns(CallSyntax call, FunctionSymbol function, MatchKind kind) =>
        MatchItems(call.Span, Text(call, function, 0), kind, call.IsInsensitive, function.Name, patternsOnly: true, Tail(call.Arguments));

    private BoundExpression BindNetworkMatch(CallSyntax call, FunctionSymbol function)
    {
        BoundExpression address = Text(call, function, 0);
        var networks = new List<BoundPattern>();
        foreach (ExpressionSyntax syntax in Tail(call.Arguments))
        {
            BoundExpression network = ConstantFolder.Fold(BindValue(syntax));
            if (network is not BoundConstant { Value: string text })
            {
                Report(EqlDiagnostics.NotConstant(network.Span, function.Name, "a network"));
                continue;
            }
            if (!NetworkSyntax.TryParse(text, out bool hasHostBits))
            {
                Report(EqlDiagnostics.BadNetwork(network.Span, text));
                continue;
            }
            if (hasHostBits)
                Report(EqlDiagnostics.HostBits(network.Span, text));
            networks.Add(new BoundPattern(network.Span, text));
        }
        return networks.Count == 0 ? new BoundConstant(call.Span, false) : new BoundNetworkMatch(call.Span, address, networks);
    }

    private BoundExpression BindLength(CallSyntax call, FunctionSymbol function)
    {
        BoundExpression operand = BindValue(call.Arguments[0]);
        bool isMultiValued = operand is BoundField { IsMultiValued: true } or BoundStepField { Field.IsMultiValued: true };
        if (!isMultiValued && operand.Type is not (BoundType.Text or BoundType.Null))
        {
            Report(EqlDiagnostics.ArgumentType(operand.Span, function.Name, "text or a field with several values"));
            return new BoundConstant(call.Span, null);
        }
        return new BoundLength(call.Span, operand, isMultiValued);
    }

    private BoundExpression BindConcat(CallSyntax call, FunctionSymbol function)
    {
        var parts = new List<BoundExpression>(call.Arguments.Count);
        for (int i = 0; i < call.Arguments.Count; i++)
            parts.Add(Scalar(call, function, i));
        return new BoundConcat(call.Span, parts);
    }

    private BoundExpression BindBetween(CallSyntax call, FunctionSymbol function)
    {
        bool isGreedy = false;
        if (call.Arguments.Count > 3)
        {
            if (BindValue(call.Arguments[3]) is BoundConstant { Value: bool greedy })
                isGreedy = greedy;
            else
                Report(EqlDiagnostics.NotConstant(call.Arguments[3].Span, function.Name, "true or false"));
        }
        return new BoundBetween(call.Span, Text(call, function, 0), Text(call, function, 1), Text(call, function, 2), isGreedy, call.IsInsensitive);
    }

    private BoundExpression BindArithmeticCall(CallSyntax call, ArithmeticKind kind) =>
        Arithmetic(call.Span, kind, call.Name.Text, BindValue(call.Arguments[0]), BindValue(call.Arguments[1]));

    private BoundExpression BindArrayFunction(CallSyntax call, FunctionSymbol function, bool isCount)
    {
        BoundExpression array = BindValue(call.Arguments[0]);
        if (call.Arguments[1] is not FieldSyntax { Variable: { } name, Path.Length: 0 })
        {
            Report(EqlDiagnostics.VariableExpected(call.Arguments[1].Span, function.Name));
            return new BoundConstant(call.Span, null);
        }
        // Of results single values are kept; a list to search is one of the event itself.
        if (array is BoundStepField { Step: var step, Field: var first } && _pipeSteps > 0 && step == _pipeFirst)
            array = first;
        if (array is not BoundField field)
        {
            // An optional or unknown field has had its message; there is nothing to search, and nothing to say about the condition.
            if (array is not BoundConstant { Value: null })
                Report(EqlDiagnostics.NotAnArray(array.Span, function.Name));
            return isCount ? new BoundConstant(call.Span, null) : new BoundConstant(call.Span, false);
        }
        var variable = new BoundVariable(name, field);
        _variables.Add(variable);
        BoundExpression condition = BindCondition(call.Arguments[2]);
        _variables.RemoveAt(_variables.Count - 1);
        return isCount ? new BoundArrayCount(call.Span, variable, condition) : new BoundArraySearch(call.Span, variable, condition);
    }
}
