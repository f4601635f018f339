using CallStackRules.Eql;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Logic;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Generators.Emit;

/// <summary>
/// Emits the body of <c>Matches</c>: one statement a predicate, each at its place of the rule file. Conditions that hold together become guards that return
/// early; others are computed into a Boolean, operand after operand, without nesting.
/// </summary>
internal sealed partial class MatcherEmitter
{
    private readonly CSharpWriter _code;
    private readonly SourceMap? _map;
    private readonly StaticFields _fields;
    private readonly LineageQueries _lineage;
    private readonly KeptFields? _kept;

    /// <summary>What was computed before the statement at hand, and under which name: items of lists, predicates used as values.</summary>
    private readonly Dictionary<object, string> _computed = new(ReferenceComparer.Instance);

    private int _locals;

    /// <summary>Whether the body makes texts and needs <c>scratch</c>.</summary>
    public bool UsesScratch { get; private set; }

    public MatcherEmitter(CSharpWriter code, RuleScope scope)
    {
        _code = code;
        _map = scope.Map;
        _fields = scope.Fields;
        _lineage = scope.Lineage;
        _kept = scope.Kept;
    }

    /// <summary>Where the body goes.</summary>
    public CSharpWriter Code => _code;

    /// <summary>Emits a method whose body a matcher writes.</summary>
    public static void Method(CSharpWriter code, string signature, RuleScope scope, Action<MatcherEmitter> write)
    {
        const int bodyIndent = 2;
        var body = new CSharpWriter(bodyIndent);
        var matcher = new MatcherEmitter(body, scope);
        write(matcher);
        code.Line(signature);
        code.Open();
        if (matcher.UsesScratch)
            code.Line("TextScratch scratch = TextScratch.Current;");
        code.Append(body);
        code.EndMapping();
        code.Close();
    }

    /// <summary>Emits the whole body of a folded filter: category, condition, <c>return true</c>.</summary>
    public void Body(BoundFilter filter, EventSchema schema)
    {
        BoundExpression condition = filter.Condition;
        if (condition is BoundConstant { Value: not true })
        {
            _code.Line("return false;");
            return;
        }
        if (filter.Category is { } category && schema.Find(schema.CategoryPath) is { } field)
        {
            var span = new TextSpan(filter.Span.Start, Math.Min(category.Length, filter.Span.Length));
            Guard(new BoundMatch(span, new BoundField(span, field, Root: null), MatchKind.Equal, IgnoreCase: false, [new BoundPattern(span, category)]));
        }
        Condition(condition);
    }

    /// <summary>Emits the body of a method that says whether a folded condition holds.</summary>
    public void Condition(BoundExpression condition)
    {
        if (condition is BoundConstant { Value: not true })
        {
            _code.Line("return false;");
            return;
        }
        Guard(condition);
        _code.Line("return true;");
    }

    /// <summary>Emits what writes the values of expressions into a snapshot, a field each.</summary>
    public void Values(IEnumerable<BoundExpression> expressions)
    {
        foreach (BoundExpression expression in expressions)
        {
            // A value that is computed by statements is the operand of something.
            var operand = new BoundExists(expression.Span, expression);
            Prepare(operand);
            LoopAll([.. SeveralValued(operand)], 0, goOnWhile: null, () =>
            {
                string value = Value(expression);
                ClearScratchFor(value);
                _code.Line($"snapshot.Add({value});");
            });
            _code.Line("snapshot.EndField();");
        }
    }

    /// <summary>Emits a loop over all values of a field of the event, or just the value of one that has no more.</summary>
    public void ForEachValue(BoundField field, Action<string> body) => Loop(field, goOnWhile: null, body);

    /// <summary>Emits the body that reads join keys.</summary>
    public void Keys(IReadOnlyList<BoundKey> keys)
    {
        foreach (BoundKey key in keys)
        {
            string optional = CSharpLiteral.Of(key.IsOptional);
            // A value that is computed by statements is the operand of something.
            var operand = new BoundExists(key.Expression.Span, key.Expression);
            Prepare(operand);
            if (SeveralValued(operand).ToArray() is { Length: > 0 } several)
            {
                string count = Local("n");
                _code.Line($"int {count} = 0;");
                LoopAll(several, 0, goOnWhile: null, () =>
                {
                    string one = Value(key.Expression);
                    ClearScratchFor(one);
                    _code.Line($"if (key.Add({one}, false))");
                    _code.Indent();
                    _code.Line($"{count}++;");
                    _code.Unindent();
                });
                KeyPart($"EndList({count}, {optional})");
                continue;
            }
            string value = Value(key.Expression);
            ClearScratchFor(value);
            KeyPart($"Add({value}, {optional})");
        }
        _code.Line("return true;");
    }

    /// <summary>Emits what keeps a field of the event.</summary>
    public void Keep(BoundField field)
    {
        if (field.IsMultiValued)
            Loop(field, goOnWhile: null, item => _code.Line($"snapshot.Add({item});"));
        else
            _code.Line($"snapshot.Add({Field(field)});");
        _code.Line("snapshot.EndField();");
    }

    private void KeyPart(string call)
    {
        _code.Line($"if (!key.{call})");
        _code.Indent();
        _code.Line("return false;");
        _code.Unindent();
    }

    private void Guard(BoundExpression condition)
    {
        switch (condition)
        {
            case BoundConstant:
                return;
            case BoundAnd and:
                foreach (BoundExpression operand in and.Operands)
                    Guard(operand);
                return;
        }
        Explain(condition);
        if (condition is BoundNot { Operand: { } negated } && IsInline(negated))
        {
            Statement(negated.Span, "if (", Inline(negated), ")");
        }
        else if (IsInline(condition))
        {
            Statement(condition.Span, "if (!", Inline(condition), ")");
        }
        else
        {
            string name = Local("p");
            BoundExpression? denied = (condition as BoundNot)?.Operand;
            Emit(denied ?? condition, name, isDeclared: false);
            _code.Line(denied is null ? $"if (!{name})" : $"if ({name})");
        }
        _code.Indent();
        _code.Line("return false;");
        _code.Unindent();
    }

    /// <summary>Computes a condition into a local.</summary>
    private void Emit(BoundExpression condition, string target, bool isDeclared)
    {
        switch (condition)
        {
            case BoundAnd and:
                EmitChain(and.Operands, target, isDeclared, goOnWhile: target);
                break;
            case BoundOr or:
                EmitChain(or.Operands, target, isDeclared, goOnWhile: "!" + target);
                break;
            case BoundNot not when !IsInline(not.Operand):
                Emit(not.Operand, target, isDeclared);
                _code.Line($"{target} = !{target};");
                break;
            case BoundArraySearch search:
                EmitSearch(search, target, isDeclared);
                break;
            default:
                EmitLeaf(condition, target, isDeclared);
                break;
        }
    }

    private void EmitChain(IReadOnlyList<BoundExpression> operands, string target, bool isDeclared, string goOnWhile)
    {
        Emit(operands[0], target, isDeclared);
        for (int i = 1; i < operands.Count; i++)
        {
            _code.Line($"if ({goOnWhile})");
            _code.Open();
            Emit(operands[i], target, isDeclared: true);
            _code.Close();
        }
    }

    private void EmitSearch(BoundArraySearch search, string target, bool isDeclared)
    {
        _code.Line($"{Declare(isDeclared)}{target} = false;");
        Loop(search.Variable.Array, goOnWhile: "!" + target, item =>
        {
            _computed[search.Variable] = item;
            Emit(search.Condition, target, isDeclared: true);
        });
    }

    /// <summary>Computes a single predicate: what it needs first, then a loop for each field with several values, then the predicate itself.</summary>
    private void EmitLeaf(BoundExpression condition, string target, bool isDeclared)
    {
        BoundExpression predicate = condition is BoundNot not ? not.Operand : condition;
        Prepare(predicate);
        BoundExpression[] several = [.. SeveralValued(predicate)];
        if (several.Length == 0)
        {
            string negation = condition is BoundNot ? "!" : "";
            Statement(condition.Span, $"{Declare(isDeclared)}{target} = {negation}", Inline(predicate), ";");
            return;
        }
        _code.Line($"{Declare(isDeclared)}{target} = false;");
        LoopAll(several, 0, "!" + target, () => Statement(predicate.Span, $"{target} = ", Inline(predicate), ";"));
    }

    private void LoopAll(BoundExpression[] fields, int index, string? goOnWhile, Action body)
    {
        if (index == fields.Length)
        {
            body();
            return;
        }
        Loop(fields[index], goOnWhile, item =>
        {
            _computed[fields[index]] = item;
            LoopAll(fields, index + 1, goOnWhile, body);
        });
    }

    /// <summary>Emits a loop over all values of a field, or one round for a single object. <paramref name="body"/> is given the value's name.</summary>
    private void Loop(BoundExpression several, string? goOnWhile, Action<string> body)
    {
        if (several is BoundStepField kept)
        {
            LoopKept(kept, goOnWhile, body);
            return;
        }
        var field = (BoundField)several;
        string root = field.Root is null ? "e" : _computed[field.Root];
        LoopFrom(root, field, field.FirstStep, goOnWhile, body);
    }

    private void LoopFrom(string root, BoundField field, int step, string? goOnWhile, Action<string> body)
    {
        EquatableArray<AccessStep> access = field.Field.Access;
        int list = step;
        while (list < access.Count && access[list].List == ListKind.None)
            list++;
        (string code, bool canBeNull) = Chain(root, access, step, Math.Min(list + 1, access.Count));
        if (list == access.Count)
        {
            LoopOnce(field.Type == BoundType.Object ? code : OrMissing(code, canBeNull, field), canBeNull || field.Type != BoundType.Object, body);
            return;
        }
        string values = Local("list");
        string index = Local("i");
        string length = access[list].List == ListKind.Array ? "Length" : "Count";
        _code.Line($"var {values} = {code};");
        string count = canBeNull ? $"({values}?.{length} ?? 0)" : $"{values}.{length}";
        _code.Line($"for (int {index} = 0; {(goOnWhile is null ? "" : goOnWhile + " && ")}{index} < {count}; {index}++)");
        _code.Open();
        string item = Local("item");
        _code.Line($"var {item} = {values}[{index}];");
        if (list + 1 == access.Count)
            body(item);
        else
            LoopFrom(item, field, list + 1, goOnWhile, body);
        _code.Close();
    }

    /// <summary>Emits a loop over the values that were kept of an earlier step's event.</summary>
    private void LoopKept(BoundStepField field, string? goOnWhile, Action<string> body)
    {
        string index = Local("i");
        string count = $"earlier[{field.Step}].Count({_kept!.IndexOf(field)})";
        _code.Line($"for (int {index} = 0; {(goOnWhile is null ? "" : goOnWhile + " && ")}{index} < {count}; {index}++)");
        _code.Open();
        string item = Local("item");
        _code.Line($"var {item} = {Kept(field, index)};");
        body(item);
        _code.Close();
    }

    /// <summary>The round of a loop whose path has no list further on: one value, if it is there.</summary>
    private void LoopOnce(string code, bool canBeMissing, Action<string> body)
    {
        string item = Local("item");
        _code.Line($"var {item} = {code};");
        if (!canBeMissing)
        {
            body(item);
            return;
        }
        _code.Line($"if (Existence.Of({item}))");
        _code.Open();
        body(item);
        _code.Close();
    }

    private void Statement(TextSpan span, string prefix, string expression, string suffix)
    {
        ClearScratchFor(expression);
        if (_map is null)
            _code.Line(prefix + expression + suffix);
        else
            _code.Mapped(_map.Place(span), _map.Path, prefix, expression + suffix);
    }

    private void ClearScratchFor(string expression)
    {
        if (!expression.Contains("scratch."))
            return;
        UsesScratch = true;
        // Texts made for one predicate are not needed by the next.
        _code.Line("scratch.Clear();");
    }

    private void Explain(BoundExpression condition)
    {
        foreach (string line in LogicTree.Of(condition).Lines())
            _code.Line("// " + line);
    }

    private string Local(string kind) => kind + ++_locals;

    private static string Declare(bool isDeclared) => isDeclared ? "" : "bool ";
}
