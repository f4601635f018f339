using System.Reflection;
using System.Runtime.CompilerServices;

namespace CallStackRules.Capture;

/// <summary>
/// Has code compiled before there is anything to do: else the first events wait for the compiler, some tenths of a second, in which rings can overflow and held programs
/// stand still. Where the program was published with compiled code, this is quick.
/// </summary>
public static class CompiledAhead
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Compiles what types declare; what is generic is left to its first use.</summary>
    public static void Prepare(IEnumerable<Type> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        foreach (Type type in types)
        {
            if (type.ContainsGenericParameters)
                continue;
            foreach (MethodBase method in type.GetMethods(Own).Concat<MethodBase>(type.GetConstructors(Own)))
            {
                if (!method.IsAbstract && !method.ContainsGenericParameters && !method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
        }
    }
}
