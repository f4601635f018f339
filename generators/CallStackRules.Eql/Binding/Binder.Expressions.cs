using System.Globalization;
using CallStackRules.Eql.Automata;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Binding;

/// <content>Conditions, comparisons and fields.</content>
public sealed partial class Binder
{
    /// <summary>Binds an expression that must be true or false.</summary>
    private BoundExpression BindCondition(ExpressionSyntax syntax)
    {
        BoundExpression bound = BindValue(syntax);
        if (bound.IsPredicate)
            return bound;
        if (bound is BoundConstant { Value: null })
            return new BoundConstant(bound.Span, false);
        if (bound.Type == BoundType.Boolean)
            return new BoundIsTrue(bound.Span, bound);
        Report(EqlDiagnostics.NotACondition(syntax.Span, Describe(bound)));
        return new BoundConstant(bound.Span, false);
    }

    private BoundExpression BindValue(ExpressionSyntax syntax)
    {
        switch (syntax)
        {
            case ParenthesizedSyntax parenthesized:
                return BindValue(parenthesized.Expression);
            case MissingExpressionSyntax:
                // The parser has said what is missing; a condition that binds keeps the rest quiet about it.
                return new BoundConstant(syntax.Span, false);
            case LiteralSyntax literal:
                return new BoundConstant(literal.Span, literal.Value);
            case FieldSyntax field:
                return BindField(field);
            case NotSyntax not:
                return new BoundNot(not.Span, BindCondition(not.Operand));
            case LogicalSyntax logical:
                return BindLogical(logical);
            case NegateSyntax negate:
                return BindNegate(negate);
            case BinarySyntax binary:
                return BindBinary(binary);
            case MatchSyntax match:
                return BindMatch(match);
            case CallSyntax call:
                return BindCall(call);
            case LineageSyntax lineage:
                return BindLineage(lineage);
            default:
                throw new ArgumentException($"Unknown expression {syntax.GetType()}.", nameof(syntax));
        }
    }

    private BoundExpression BindLogical(LogicalSyntax syntax)
    {
        var operands = new List<BoundExpression>(syntax.Operands.Count);
        foreach (ExpressionSyntax operand in syntax.Operands)
            operands.Add(BindCondition(operand));
        return syntax.IsAnd ? new BoundAnd(syntax.Span, operands) : new BoundOr(syntax.Span, operands);
    }

    private BoundExpression BindLineage(LineageSyntax syntax)
    {
        // The inner query is about another event: it sees neither items nor steps of this one.
        (string, int)[] aliases = [.. _aliases];
        BoundVariable[] variables = [.. _variables];
        _aliases.Clear();
        _variables.Clear();
        BoundFilter filter = BindFilter(syntax.Filter);
        _aliases.AddRange(aliases);
        _variables.AddRange(variables);
        return new BoundLineage(syntax.Span, syntax.Relation, filter);
    }

    private BoundExpression BindNegate(NegateSyntax syntax)
    {
        BoundExpression operand = BindValue(syntax.Operand);
        return IsNumber(operand, "-") ? new BoundNegate(syntax.Span, operand) : new BoundConstant(syntax.Span, null);
    }

    private BoundExpression BindBinary(BinarySyntax syntax)
    {
        BoundExpression left = BindValue(syntax.Left);
        BoundExpression right = BindValue(syntax.Right);
        return syntax.Operator switch
        {
            BinaryOperator.Equal => Equal(syntax.Span, left, right, ignoreCase: false),
            BinaryOperator.NotEqual => new BoundNot(syntax.Span, Equal(syntax.Span, left, right, ignoreCase: false)),
            BinaryOperator.Less => Ordering(syntax, ComparisonKind.Less, left, right),
            BinaryOperator.LessOrEqual => Ordering(syntax, ComparisonKind.LessOrEqual, left, right),
            BinaryOperator.Greater => Ordering(syntax, ComparisonKind.Greater, left, right),
            BinaryOperator.GreaterOrEqual => Ordering(syntax, ComparisonKind.GreaterOrEqual, left, right),
            BinaryOperator.Add => Arithmetic(syntax.Span, ArithmeticKind.Add, "+", left, right),
            BinaryOperator.Subtract => Arithmetic(syntax.Span, ArithmeticKind.Subtract, "-", left, right),
            BinaryOperator.Multiply => Arithmetic(syntax.Span, ArithmeticKind.Multiply, "*", left, right),
            BinaryOperator.Divide => Arithmetic(syntax.Span, ArithmeticKind.Divide, "/", left, right),
            _ => Arithmetic(syntax.Span, ArithmeticKind.Modulo, "%", left, right),
        };
    }

    private BoundExpression Arithmetic(TextSpan span, ArithmeticKind kind, string op, BoundExpression left, BoundExpression right)
    {
        bool fits = IsNumber(left, op) & IsNumber(right, op);
        return fits ? new BoundArithmetic(span, kind, left, right) : new BoundConstant(span, null);
    }

    /// <summary>Whether an operand is a number, or null; reports it if not.</summary>
    private bool IsNumber(BoundExpression operand, string op)
    {
        if (operand.Type is BoundType.Number or BoundType.Null)
            return true;
        Report(EqlDiagnostics.OperandType(operand.Span, op, "numbers", Describe(operand)));
        return false;
    }

    private BoundExpression Equal(TextSpan span, BoundExpression left, BoundExpression right, bool ignoreCase)
    {
        if (right is BoundConstant { Value: null })
            return Absent(span, left);
        if (left is BoundConstant { Value: null })
            return Absent(span, right);
        if (left.Type == BoundType.Object || right.Type == BoundType.Object)
        {
            BoundExpression objectSide = left.Type == BoundType.Object ? left : right;
            Report(EqlDiagnostics.OperandType(objectSide.Span, "==", "a value or null on the other side", Describe(objectSide)));
            return new BoundConstant(span, false);
        }
        (left, right) = (DecimalText(left, right), DecimalText(right, left));
        if (left.Type != right.Type)
        {
            Report(EqlDiagnostics.NeverEqual(span, Describe(left), Describe(right)));
            return new BoundConstant(span, false);
        }
        if (right is BoundConstant { Value: string pattern })
            return new BoundMatch(span, left, MatchKind.Equal, ignoreCase, [new BoundPattern(right.Span, pattern)]);
        if (left is BoundConstant { Value: string flipped })
            return new BoundMatch(span, right, MatchKind.Equal, ignoreCase, [new BoundPattern(left.Span, flipped)]);
        return new BoundComparison(span, ComparisonKind.Equal, left, right, ignoreCase);
    }

    /// <summary>A whole number as the text that a field of decimal digits has for it; any other value, or beside any other field, as it is.</summary>
    private static BoundExpression DecimalText(BoundExpression value, BoundExpression other) =>
        IsDecimal(other) && ConstantFolder.Fold(value) is BoundConstant { Value: long number }
            ? new BoundConstant(value.Span, number.ToString(CultureInfo.InvariantCulture))
            : value;

    /// <summary>A field of decimal digits as the number it has, to be ordered beside a whole number; any other value as it is.</summary>
    private static BoundExpression DecimalNumber(BoundExpression value, BoundExpression other) =>
        IsDecimal(value) && ConstantFolder.Fold(other) is BoundConstant { Value: long } ? new BoundToNumber(value.Span, value, Base: null) : value;

    private static bool IsDecimal(BoundExpression value) => value is BoundField { Field.IsDecimal: true } or BoundStepField { Field.Field.IsDecimal: true };

    private static BoundExpression Absent(TextSpan span, BoundExpression value) => new BoundNot(span, new BoundExists(span, value));

    private BoundExpression Ordering(BinarySyntax syntax, ComparisonKind kind, BoundExpression left, BoundExpression right)
    {
        string op = kind switch
        {
            ComparisonKind.Less => "<",
            ComparisonKind.LessOrEqual => "<=",
            ComparisonKind.Greater => ">",
            _ => ">=",
        };
        if (left.Type == BoundType.Null || right.Type == BoundType.Null)
        {
            // A null that was not written is an optional or an unknown field, which has had its message if it needs one.
            if (syntax.Left is LiteralSyntax { Value: null } || syntax.Right is LiteralSyntax { Value: null })
                Report(EqlDiagnostics.NeverTrue(syntax.Span, $"'{op}' with null; use '== null' or '!= null'"));
            return new BoundConstant(syntax.Span, false);
        }
        foreach (BoundExpression side in (BoundExpression[])[left, right])
        {
            if (side.Type is not (BoundType.Number or BoundType.Text))
            {
                Report(EqlDiagnostics.OperandType(side.Span, op, "two numbers or two texts", Describe(side)));
                return new BoundConstant(syntax.Span, false);
            }
        }
        (left, right) = (DecimalNumber(left, right), DecimalNumber(right, left));
        if (left.Type != right.Type)
        {
            Report(EqlDiagnostics.NeverEqual(syntax.Span, Describe(left), Describe(right)));
            return new BoundConstant(syntax.Span, false);
        }
        return new BoundComparison(syntax.Span, kind, left, right, IgnoreCase: false);
    }

    private BoundExpression BindMatch(MatchSyntax syntax)
    {
        BoundExpression operand = BindValue(syntax.Operand);
        (MatchKind kind, bool ignoreCase, string op) = syntax.Operator switch
        {
            MatchOperator.Colon => (MatchKind.Wildcard, true, ":"),
            MatchOperator.Like => (MatchKind.Wildcard, syntax.IsInsensitive, "like"),
            MatchOperator.Regex => (MatchKind.Regex, syntax.IsInsensitive, "regex"),
            _ => (MatchKind.Equal, syntax.IsInsensitive, "in"),
        };
        bool patternsOnly = syntax.Operator is MatchOperator.Like or MatchOperator.Regex;
        if (operand.Type == BoundType.Object || (patternsOnly && operand.Type is BoundType.Number or BoundType.Boolean))
        {
            Report(EqlDiagnostics.OperandType(operand.Span, op, patternsOnly ? "text" : "a value", Describe(operand)));
            return new BoundConstant(syntax.Span, false);
        }
        BoundExpression matched = MatchItems(syntax.Span, operand, kind, ignoreCase, op, patternsOnly, syntax.Items);
        return syntax.IsNegated ? new BoundNot(syntax.Span, matched) : matched;
    }

    /// <summary>Any of several items: the constant texts as one match, everything else as comparisons beside it.</summary>
    private BoundExpression MatchItems(
        TextSpan span, BoundExpression operand, MatchKind kind, bool ignoreCase, string op, bool patternsOnly, IReadOnlyList<ExpressionSyntax> items)
    {
        var patterns = new List<BoundPattern>();
        var alternatives = new List<BoundExpression>();
        foreach (ExpressionSyntax syntax in items)
        {
            if (syntax is MissingExpressionSyntax)
                continue;
            BoundExpression item = ConstantFolder.Fold(BindValue(syntax));
            if (!patternsOnly)
                item = DecimalText(item, operand);
            if (item is BoundConstant { Value: string pattern } && operand.Type == BoundType.Text)
            {
                if (kind != MatchKind.Regex || CheckRegex(item.Span, pattern, ignoreCase))
                    patterns.Add(new BoundPattern(item.Span, pattern));
            }
            else if (patternsOnly && item is not BoundConstant { Value: string })
            {
                Report(EqlDiagnostics.NotConstant(item.Span, op, "text"));
            }
            else
            {
                alternatives.Add(Equal(item.Span, operand, item, ignoreCase));
            }
        }
        if (patterns.Count > 0)
            alternatives.Insert(0, new BoundMatch(span, operand, kind, ignoreCase, patterns));
        return alternatives.Count switch
        {
            0 => new BoundConstant(span, false),
            1 => alternatives[0],
            _ => new BoundOr(span, alternatives),
        };
    }

    private bool CheckRegex(TextSpan span, string pattern, bool ignoreCase)
    {
        if (!RegexSyntax.TryParse(pattern, out RegexNode? node, out RegexError? error))
        {
            Report(EqlDiagnostics.BadRegex(span, $"{error.Message} (at character {error.Offset + 1} of the pattern)"));
            return false;
        }
        if (AutomatonCompiler.TryCompile([node], ignoreCase, out _, out string? tooLarge))
            return true;
        Report(EqlDiagnostics.BadRegex(span, tooLarge));
        return false;
    }

    private BoundExpression BindField(FieldSyntax syntax)
    {
        if (syntax.Variable is { } name)
            return BindVariable(syntax, name);
        if (TryResultField(syntax, out int step, out string path))
            return BindStepField(syntax, $"events[{step}]", step, path);
        if (_schema.Find(syntax.Path) is { } field)
            return IsOfResult(field) ? BindStepField(syntax, $"events[{_pipeFirst}]", _pipeFirst, syntax.Path) : new BoundField(syntax.Span, field, Root: null);
        int dot = syntax.Path.IndexOf('.');
        if (dot > 0)
        {
            string first = syntax.Path.Substring(0, dot);
            int alias = _aliases.FindIndex(a => a.Name == first);
            if (alias >= 0)
                return BindStepField(syntax, first, _aliases[alias].Step, syntax.Path.Substring(dot + 1));
        }
        return UnknownField(syntax, syntax.Path, prefix: "");
    }

    private BoundExpression BindVariable(FieldSyntax syntax, string name)
    {
        int found = _variables.FindLastIndex(v => v.Name == name);
        if (found < 0)
        {
            Report(EqlDiagnostics.UnknownVariable(syntax.Span, name));
            return new BoundConstant(syntax.Span, null);
        }
        BoundVariable variable = _variables[found];
        if (syntax.Path.Length == 0)
            return new BoundField(syntax.Span, variable.Array.Field, variable);
        string prefix = variable.Array.Field.Path + ".";
        return _schema.Find(prefix + syntax.Path) is { } field && field.IsBelow(variable.Array.Field)
            ? new BoundField(syntax.Span, field, variable)
            : UnknownField(syntax, syntax.Path, prefix: name + ".", within: prefix);
    }

    /// <summary>Null for a field written <c>?field</c>; otherwise null with a message.</summary>
    private BoundConstant UnknownField(FieldSyntax syntax, string path, string prefix, string within = "")
    {
        if (!syntax.IsOptional)
        {
            IEnumerable<string> candidates = _schema.Fields
                .Where(field => field.Path.StartsWith(within, StringComparison.Ordinal))
                .Select(field => field.Path.Substring(within.Length));
            string? suggestion = Spelling.Closest(path, candidates);
            Report(EqlDiagnostics.UnknownField(syntax.Span, prefix + path, suggestion is null ? null : prefix + suggestion));
        }
        return new BoundConstant(syntax.Span, null);
    }
}
