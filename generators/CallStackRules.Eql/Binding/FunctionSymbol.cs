namespace CallStackRules.Eql.Binding;

/// <summary>A function of the language.</summary>
/// <param name="Name">Its usual spelling; calls may use any case.</param>
/// <param name="Signature">For messages, as in <c>substring(text, from, to?)</c>.</param>
/// <param name="LeastArguments">How many arguments it needs.</param>
/// <param name="MostArguments">How many it takes at most.</param>
/// <param name="HasInsensitiveForm">Whether <c>name~</c> exists.</param>
public sealed record FunctionSymbol(string Name, string Signature, int LeastArguments, int MostArguments, bool HasInsensitiveForm)
{
    /// <summary>All functions, by name without regard to case. Those with several names stand under each.</summary>
    public static IReadOnlyDictionary<string, FunctionSymbol> All { get; } = Table();

    private static Dictionary<string, FunctionSymbol> Table()
    {
        FunctionSymbol[] functions =
        [
            new("_arraysearch", "_arraysearch(array, $item, condition)", 3, 3, false),
            new("arraysearch", "arraysearch(array, $item, condition)", 3, 3, false),
            new("arraycount", "arraycount(array, $item, condition)", 3, 3, false),
            new("arraycontains", "arraycontains(array, value, ...)", 2, int.MaxValue, true),
            new("startswith", "startswith(text, start)", 2, 2, true),
            new("endswith", "endswith(text, end)", 2, 2, true),
            new("stringcontains", "stringcontains(text, part)", 2, 2, true),
            new("match", "match(text, regex, ...)", 2, int.MaxValue, true),
            new("wildcard", "wildcard(text, pattern, ...)", 2, int.MaxValue, true),
            new("cidrmatch", "cidrmatch(address, network, ...)", 2, int.MaxValue, false),
            new("length", "length(text or array)", 1, 1, false),
            new("substring", "substring(text, from, to?)", 2, 3, false),
            new("concat", "concat(value, ...)", 1, int.MaxValue, false),
            new("indexof", "indexof(text, part, from?)", 2, 3, true),
            new("between", "between(text, left, right, greedy?)", 3, 4, true),
            new("string", "string(value)", 1, 1, false),
            new("number", "number(text, base?)", 1, 2, false),
            new("add", "add(number, number)", 2, 2, false),
            new("subtract", "subtract(number, number)", 2, 2, false),
            new("multiply", "multiply(number, number)", 2, 2, false),
            new("divide", "divide(number, number)", 2, 2, false),
            new("modulo", "modulo(number, number)", 2, 2, false),
        ];
        var table = new Dictionary<string, FunctionSymbol>(StringComparer.OrdinalIgnoreCase);
        foreach (FunctionSymbol function in functions)
            table.Add(function.Name, function);
        return table;
    }
}
