namespace CallStackRules.CallStacks;

/// <summary>Knows the symbols of a module's file. Asked only when a rule or a reader wants the name of a frame.</summary>
public interface ISymbolSource
{
    /// <summary>Finds the symbol at or before an address.</summary>
    /// <param name="address">The address as the module's file counts it.</param>
    /// <param name="name">The symbol's name.</param>
    /// <param name="offset">Bytes from the symbol to the address.</param>
    /// <returns>False when there is none.</returns>
    bool TryFindSymbol(ulong address, out string name, out ulong offset);
}
