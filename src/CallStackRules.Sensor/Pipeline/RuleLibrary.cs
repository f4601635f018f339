using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;
using CallStackRules.Events;
using CallStackRules.Rules;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>An assembly of compiled rules that was loaded from a file and can be unloaded again. The file is read once and not held open.</summary>
internal sealed class RuleLibrary
{
    private static readonly Assembly Shared = typeof(RuleInfo).Assembly;

    private readonly AssemblyLoadContext _context;

    private RuleLibrary(AssemblyLoadContext context, RuleSet<EndpointEvent> rules)
    {
        _context = context;
        Rules = rules;
    }

    /// <summary>Its rules; not to be used after <see cref="Unload"/>.</summary>
    public RuleSet<EndpointEvent> Rules { get; }

    /// <summary>Loads a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">It is no assembly with rules that this sensor can run; the message names the file.</exception>
    public static RuleLibrary Load(string file)
    {
        byte[] image = File.ReadAllBytes(file);
        var context = new Context(Path.GetFileName(file));
        try
        {
            Assembly assembly = context.LoadFromStream(new MemoryStream(image));
            CheckReferences(assembly, image);
            return new RuleLibrary(context, BuiltRules.Load(assembly));
        }
        catch (Exception e)
        {
            context.Unload();
            throw e switch
            {
                BadImageFormatException => new InvalidDataException($"{file}: this is not a .NET assembly."),
                InvalidOperationException => new InvalidDataException($"{file}: {e.Message}"),
                TypeLoadException or MissingMemberException => new InvalidDataException(
                    $"{file}: the rules were built with another version of {Shared.GetName().Name}; build them again with that of this sensor, {Shared.GetName().Version!.ToString(3)}. {e.Message}"),
                FileNotFoundException missing => new InvalidDataException($"{file}: the rules need an assembly that the sensor does not have: {missing.FileName}."),
                TargetInvocationException failed => new InvalidDataException($"{file}: the rules cannot be created: {failed.InnerException!.Message}"),
                _ => new InvalidDataException($"{file}: the rules cannot be loaded: {e.Message}"),
            };
        }
    }

    /// <summary>Lets the assembly go once nothing of it is in use.</summary>
    public void Unload() => _context.Unload();

    /// <summary>Finds now what the rules call and this sensor does not have, rather than at the first event that needs it.</summary>
    private static void CheckReferences(Assembly assembly, byte[] image)
    {
        using var file = new PEReader(new MemoryStream(image));
        MetadataReader metadata = file.GetMetadataReader();
        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            EntityHandle parent = metadata.GetMemberReference(handle).Parent;
            if (parent.Kind == HandleKind.TypeReference && IsShared(metadata, (TypeReferenceHandle)parent))
                assembly.ManifestModule.ResolveMember(MetadataTokens.GetToken(handle));
        }
    }

    private static bool IsShared(MetadataReader metadata, TypeReferenceHandle handle)
    {
        EntityHandle scope = metadata.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.AssemblyReference => metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name) == Shared.GetName().Name,
            HandleKind.TypeReference => IsShared(metadata, (TypeReferenceHandle)scope),
            _ => false,
        };
    }

    /// <summary>Rules use the sensor's event model, whatever version of it they were built with: <see cref="CheckReferences"/> has the last word.</summary>
    private sealed class Context(string name) : AssemblyLoadContext(name, isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name == Shared.GetName().Name ? Shared : null;
    }
}
