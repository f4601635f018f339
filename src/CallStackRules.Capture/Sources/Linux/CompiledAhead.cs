using System.Reflection;
using System.Runtime.CompilerServices;

namespace CallStackRules.Capture.Sources.Linux;

/// <summary>
/// Has the code that reads compiled before there is anything to read: else the first events wait for the compiler, some tenths of a second, in which rings can overflow and
/// held programs stand still. Where the program was published with compiled code, this is quick.
/// </summary>
internal static class CompiledAhead
{
    private static readonly string[] Namespaces =
        [typeof(CompiledAhead).Namespace!, typeof(Modules.AddressSpace).Namespace!, typeof(Symbols.ElfImage).Namespace!, typeof(Unwinding.StackUnwinder).Namespace!];

    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Compiles it.</summary>
    public static void Prepare()
    {
        foreach (Type type in typeof(CompiledAhead).Assembly.GetTypes())
        {
            if (type.ContainsGenericParameters || type.Namespace is not { } name || !Namespaces.Any(own => name.StartsWith(own, StringComparison.Ordinal)))
                continue;
            foreach (MethodBase method in type.GetMethods(Own).Concat<MethodBase>(type.GetConstructors(Own)))
            {
                if (!method.IsAbstract && !method.ContainsGenericParameters && !method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
        }
    }
}
