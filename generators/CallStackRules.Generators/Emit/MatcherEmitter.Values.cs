using CallStackRules.Eql;
using CallStackRules.Eql.Automata;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Generators.Emit;

/// <content>Predicates and values that are a single C# expression.</content>
internal sealed partial class MatcherEmitter
{
    /// <summary>Integers up to here are exact as <see cref="double"/>, so that C#'s own comparison of the two is exact.</summary>
    private const long ExactInDouble = 1L << 53;

    /// <summary>Whether a predicate is one C# expression: no loop and nothing to compute before it.</summary>
    private static bool IsInline(BoundExpression predicate) =>
        predicate is not (BoundAnd or BoundOr or BoundNot or BoundArraySearch) && !NeedsPreparation(predicate).Any() && !SeveralValued(predicate).Any();

    /// <summary>Parts of a predicate that are statements of their own: predicates used as values, and counts.</summary>
    private static IEnumerable<BoundExpression> NeedsPreparation(BoundExpression predicate)
    {
        foreach (BoundExpression child in BoundTree.Children(predicate))
        {
            if (child is BoundArrayCount or BoundLength { CountsValues: true } || (child.IsPredicate && child is not BoundConstant))
            {
                yield return child;
                continue;
            }
            foreach (BoundExpression below in NeedsPreparation(child))
                yield return below;
        }
    }

    /// <summary>Fields with several values in a predicate, outside of the parts that are prepared.</summary>
    private static IEnumerable<BoundExpression> SeveralValued(BoundExpression predicate)
    {
        if (predicate is BoundField { IsMultiValued: true } or BoundStepField { Field.IsMultiValued: true })
            yield return predicate;
        foreach (BoundExpression child in BoundTree.Children(predicate))
        {
            if (child is BoundArrayCount or BoundLength { CountsValues: true } || (child.IsPredicate && child is not BoundConstant))
                continue;
            foreach (BoundExpression below in SeveralValued(child))
                yield return below;
        }
    }

    private void Prepare(BoundExpression predicate)
    {
        foreach (BoundExpression part in NeedsPreparation(predicate).ToArray())
        {
            string name = Local(part.IsPredicate ? "p" : "n");
            switch (part)
            {
                case BoundArrayCount count:
                    EmitCount(count.Variable.Array, name, item =>
                    {
                        _computed[count.Variable] = item;
                        string holds = Local("p");
                        Emit(count.Condition, holds, isDeclared: false);
                        _code.Line($"if ({holds})");
                        _code.Indent();
                        _code.Line($"{name}++;");
                        _code.Unindent();
                    });
                    break;
                case BoundLength length:
                    EmitCount(length.Operand, name, _ => _code.Line($"{name}++;"));
                    break;
                default:
                    Emit(part, name, isDeclared: false);
                    break;
            }
            _computed[part] = name;
        }
    }

    /// <summary>Counts items; no items at all are a missing number, not zero.</summary>
    private void EmitCount(BoundExpression array, string name, Action<string> body)
    {
        _code.Line($"long? {name} = null;");
        Loop(array, goOnWhile: null, item =>
        {
            _code.Line($"{name} ??= 0;");
            body(item);
        });
    }

    private string Inline(BoundExpression predicate) => predicate switch
    {
        BoundConstant { Value: bool value } => CSharpLiteral.Of(value),
        BoundConstant => "false",
        BoundExists e => $"Existence.Of({Value(e.Operand)})",
        BoundIsTrue e => $"({Value(e.Operand)} == true)",
        BoundComparison e => Comparison(e),
        BoundMatch e => Match(e),
        BoundTextTest e => $"TextPredicates.{e.Kind}({Value(e.Text)}, {Value(e.Sought)}, ignoreCase: {CSharpLiteral.Of(e.IgnoreCase)})",
        BoundLineage e => $"(lineage is not null && lineage.{Test(e.Relation)}(FirstLineageQuery + {_lineage.IndexOf(e)}))",
        BoundNetworkMatch e => $"{_fields.Networks(e.Networks)}.Contains({Value(e.Address)})",
        _ => throw new InvalidOperationException($"{predicate.GetType().Name} has no generated code."),
    };

    private string Match(BoundMatch match)
    {
        if (match.Kind == MatchKind.Regex)
        {
            IEnumerable<string> tests = match.Patterns.Select(pattern => $"{_fields.Regex(match.IgnoreCase, pattern.Text)}.IsMatch({Value(match.Operand)})");
            return match.Patterns.Count == 1 ? tests.First() : $"({string.Join(" || ", tests)})";
        }
        string value = Value(match.Operand);
        if (match.Kind == MatchKind.Wildcard && match.Patterns.Any(static pattern => WildcardSyntax.HasWildcards(pattern.Text)))
            return $"{_fields.Patterns(match.IgnoreCase, match.Patterns)}.IsMatch({value})";
        return match.Patterns is [{ } only]
            ? $"TextPredicates.{(match.IgnoreCase ? "EqualsLiteralIgnoreCase" : "EqualsLiteral")}({value}, {CSharpLiteral.Of(only.Text)})"
            : $"{_fields.Names(match.IgnoreCase, match.Patterns)}.Contains({value})";
    }

    private string Comparison(BoundComparison comparison)
    {
        (BoundExpression left, BoundExpression right) = (comparison.Left, comparison.Right);
        if (left.Type == BoundType.Text)
        {
            string method = comparison is { Kind: ComparisonKind.Equal, IgnoreCase: true } ? "EqualsIgnoreCase"
                : comparison.Kind == ComparisonKind.Equal ? "Equals" : comparison.Kind.ToString();
            return $"TextPredicates.{method}({Value(left)}, {Value(right)})";
        }
        if (IsPlain(left, right) || (comparison.Kind == ComparisonKind.Equal && IsPlain(right, left)))
            return $"({Value(left)} {Operator(comparison.Kind)} {Value(right)})";
        return $"Arithmetic.{comparison.Kind}({Value(left)}, {Value(right)})";
    }

    /// <summary>Whether C#'s own operator compares a field with a constant as the language does.</summary>
    private static bool IsPlain(BoundExpression field, BoundExpression constant) => (field, constant) switch
    {
        (BoundField { Type: BoundType.Boolean }, BoundConstant { Value: bool }) => true,
        (BoundField { Field.Type: FieldType.Integer }, BoundConstant { Value: long }) => true,
        (BoundField { Field.Type: FieldType.Float }, BoundConstant { Value: double }) => true,
        (BoundField { Field.Type: FieldType.Float }, BoundConstant { Value: long and > -ExactInDouble and < ExactInDouble }) => true,
        _ => false,
    };

    private static string Operator(ComparisonKind kind) => kind switch
    {
        ComparisonKind.Equal => "==",
        ComparisonKind.Less => "<",
        ComparisonKind.LessOrEqual => "<=",
        ComparisonKind.Greater => ">",
        _ => ">=",
    };

    /// <summary>A value as C#: <c>Text</c> or something that becomes one, a nullable number or Boolean, or an object.</summary>
    private string Value(BoundExpression value)
    {
        if (_computed.TryGetValue(value, out string? computed))
            return computed;
        return value switch
        {
            BoundConstant { Value: string text } => CSharpLiteral.Of(text),
            BoundConstant { Value: long number } => CSharpLiteral.Of(number),
            BoundConstant { Value: double number } => CSharpLiteral.Of(number),
            BoundConstant { Value: bool flag } => CSharpLiteral.Of(flag),
            BoundConstant => "default(Text)",
            BoundField field => Field(field),
            BoundStepField field => Kept(field, index: null),
            BoundArithmetic e => $"Arithmetic.{e.Kind}({Number(e.Left)}, {Number(e.Right)})",
            BoundNegate e => $"Arithmetic.Negate({Number(e.Operand)})",
            BoundLength e => $"TextFunctions.Length({Value(e.Operand)})",
            BoundSubstring e => $"TextFunctions.Substring({Value(e.Text)}, {Whole(e.From)}{(e.To is null ? "" : ", " + Whole(e.To))})",
            BoundConcat e => $"scratch.Concat({string.Join(", ", e.Parts.Select(Rendered))})",
            BoundIndexOf e =>
                $"TextFunctions.IndexOf({Value(e.Text)}, {Value(e.Sought)}, {(e.From is null ? "0L" : Whole(e.From))}, {CSharpLiteral.Of(e.IgnoreCase)})",
            BoundBetween e => $"TextFunctions.Between({Value(e.Text)}, {Value(e.Left)}, {Value(e.Right)}, "
                + $"greedy: {CSharpLiteral.Of(e.IsGreedy)}, ignoreCase: {CSharpLiteral.Of(e.IgnoreCase)})",
            BoundToText e => Rendered(e.Operand),
            BoundToNumber e => $"Number.Parse({Value(e.Operand)}{(e.Base is null ? "" : ", " + Whole(e.Base))})",
            _ => throw new InvalidOperationException($"{value.GetType().Name} has no generated code."),
        };
    }

    /// <summary>An operand that must be a number even where it is the constant null.</summary>
    private string Number(BoundExpression value) => value is BoundConstant { Value: null } ? "(long?)null" : Value(value);

    /// <summary>An operand that must be whole.</summary>
    private string Whole(BoundExpression value) => value switch
    {
        BoundConstant { Value: null } => "(long?)null",
        BoundConstant { Value: long } or BoundField { Field.Type: FieldType.Integer } or BoundLength or BoundIndexOf or BoundArrayCount => Value(value),
        _ => $"Arithmetic.Whole({Value(value)})",
    };

    /// <summary>An operand as text.</summary>
    private string Rendered(BoundExpression value) => value switch
    {
        { Type: BoundType.Text or BoundType.Null } => Value(value),
        _ => $"scratch.Render({Value(value)})",
    };

    private static string Test(LineageRelation relation) => relation switch
    {
        LineageRelation.Descendant => "IsDescendant",
        LineageRelation.Child => "IsChild",
        _ => "IsSource",
    };

    /// <summary>A value that was kept of an earlier step's event; the first, or the one at an index.</summary>
    private string Kept(BoundStepField field, string? index)
    {
        string type = field.Type switch
        {
            BoundType.Text => "Text",
            BoundType.Number => "Number",
            _ => "Boolean",
        };
        return $"earlier[{field.Step}].{type}({_kept!.IndexOf(field)}{(index is null ? "" : ", " + index)})";
    }

    /// <summary>A field with one value as C#.</summary>
    public string Field(BoundField field)
    {
        string root = field.Root is null ? "e" : _computed[field.Root];
        if (field.IsItem)
            return root;
        (string code, bool canBeNull) = Chain(root, field.Field.Access, field.FirstStep, field.Field.Access.Count);
        return OrMissing(code, canBeNull, field);
    }

    /// <summary>
    /// A text behind <c>?.</c> is a nullable struct where the property is one and a string where it is that; <c>?? default</c> makes both a text.
    /// </summary>
    private static string OrMissing(string code, bool canBeNull, BoundField field) =>
        canBeNull && field.Type == BoundType.Text && code.Contains("?.") ? $"({code} ?? default)" : code;

    /// <summary>Reads properties one after another; <c>?.</c> behind those that can be null.</summary>
    private static (string Code, bool CanBeNull) Chain(string root, EquatableArray<AccessStep> access, int from, int to)
    {
        string code = root;
        bool canBeNull = false;
        bool wasNullable = false;
        for (int i = from; i < to; i++)
        {
            code += (wasNullable ? "?." : ".") + CSharpIdentifier.Of(access[i].Property);
            if (access[i].Key is { } key)
                code += $"({CSharpLiteral.Of(key)})";
            wasNullable = access[i].IsNullable;
            canBeNull |= wasNullable;
        }
        return (code, canBeNull);
    }
}
