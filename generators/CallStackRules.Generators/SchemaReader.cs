using CallStackRules.Eql.Schema;
using Microsoft.CodeAnalysis;

namespace CallStackRules.Generators;

/// <summary>
/// Reads the schema of the event model from the symbols of a compilation: its own, or an assembly it references. What comes out is a value without symbols.
/// </summary>
internal sealed class SchemaReader
{
    private const string SchemaAttribute = "CallStackRules.Schema.EqlSchemaAttribute";
    private const string FieldAttribute = "CallStackRules.Schema.EqlFieldAttribute";
    private const string TableAttribute = "CallStackRules.Schema.EqlFieldTableAttribute";
    private const string TextType = "CallStackRules.Events.Text";

    private static readonly SymbolDisplayFormat FullName = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    private readonly List<string> _problems = [];
    private readonly CancellationToken _cancellation;

    private SchemaReader(CancellationToken cancellation) => _cancellation = cancellation;

    /// <summary>
    /// The schema of a compilation: its own, else that of a reference, and that of this library only where no other names one; null when none does.
    /// </summary>
    public static EventSchema? Read(Compilation compilation, CancellationToken cancellation)
    {
        if (Find(compilation.Assembly.GetAttributes(), SchemaAttribute) is { } own)
            return new SchemaReader(cancellation).Read(own);
        AttributeData? library = null;
        foreach (IAssemblySymbol reference in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Find(reference.GetAttributes(), SchemaAttribute) is not { } referenced)
                continue;
            // The assembly that declares the attribute is referenced by everybody, for matching at least.
            if (!SymbolEqualityComparer.Default.Equals(referenced.AttributeClass!.ContainingAssembly, reference))
                return new SchemaReader(cancellation).Read(referenced);
            library = referenced;
        }
        return library is null ? null : new SchemaReader(cancellation).Read(library);
    }

    private EventSchema? Read(AttributeData attribute)
    {
        if (attribute.ConstructorArguments is not [{ Value: INamedTypeSymbol root }])
            return null;
        EventSchema schema = SchemaBuilder.Build(
            Class(root), Tables(root), Named(attribute, "Category") ?? "event.category", Named(attribute, "Timestamp") ?? "@timestamp", _problems);
        return schema with
        {
            ProcessPath = Named(attribute, "Process") ?? schema.ProcessPath,
            ParentPath = Named(attribute, "Parent") ?? schema.ParentPath,
            ProcessEnd = Named(attribute, "ProcessEnd") ?? schema.ProcessEnd,
        };
    }

    private static IEnumerable<FieldTable> Tables(INamedTypeSymbol type) =>
        from property in PublicProperties(type)
        let attribute = Find(property.GetAttributes(), TableAttribute)
        where attribute?.ConstructorArguments is [{ Value: string }]
        select new FieldTable(property.Name, (string)attribute.ConstructorArguments[0].Value!);

    private SchemaClass Class(INamedTypeSymbol type) => new(type.ToDisplayString(FullName), () => Properties(type));

    private List<SchemaProperty> Properties(INamedTypeSymbol type)
    {
        var found = new List<SchemaProperty>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (INamedTypeSymbol? declaring = type; declaring is not null; declaring = declaring.BaseType)
        {
            foreach (IPropertySymbol property in declaring.GetMembers().OfType<IPropertySymbol>())
            {
                _cancellation.ThrowIfCancellationRequested();
                // An override or a new property of the name stands before that of the base class.
                if (property is { IsStatic: false, DeclaredAccessibility: Accessibility.Public } && names.Add(property.Name)
                    && Find(property.GetAttributes(), FieldAttribute) is { } attribute)
                {
                    Add(type, property, attribute, found);
                }
            }
        }
        return found;
    }

    private void Add(INamedTypeSymbol type, IPropertySymbol property, AttributeData attribute, List<SchemaProperty> found)
    {
        (ITypeSymbol item, ListKind list) = Item(property.Type);
        ITypeSymbol value = item is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [{ } number] }
            && number.ToDisplayString(FullName) != TextType ? number : item;
        if (Scalar(value) is not { } scalar || attribute.ConstructorArguments is not [{ Value: string name }])
        {
            _problems.Add(SchemaBuilder.UnusableType(type.ToDisplayString(FullName), property.Name));
            return;
        }
        found.Add(new SchemaProperty(
            property.Name,
            name,
            scalar,
            list,
            property.Type.IsReferenceType && property.NullableAnnotation != NullableAnnotation.NotAnnotated,
            scalar == FieldType.Object ? Class((INamedTypeSymbol)value) : null,
            Named(attribute, "Categories") ?? "",
            Named(attribute, "OperatingSystems") ?? "",
            IsSet(attribute, "IsDecimal"),
            DocumentationText.Summary(property.GetDocumentationCommentXml(cancellationToken: _cancellation))));
    }

    private static (ITypeSymbol Item, ListKind List) Item(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
            return (array.ElementType, ListKind.Array);
        if (type.SpecialType == SpecialType.System_String)
            return (type, ListKind.None);
        IPropertySymbol[] members = [.. PublicProperties(type)];
        IPropertySymbol? indexer = Array.Find(members, static member => member is { IsIndexer: true, Parameters: [{ Type.SpecialType: SpecialType.System_Int32 }] });
        bool hasCount = Array.Exists(members, static member => member is { Name: "Count", Type.SpecialType: SpecialType.System_Int32 });
        return indexer is not null && hasCount ? (indexer.Type, ListKind.List) : (type, ListKind.None);
    }

    /// <summary>What can be read of an object of a type: properties of its base classes too, and of an interface's own interfaces.</summary>
    private static IEnumerable<IPropertySymbol> PublicProperties(ITypeSymbol type)
    {
        var types = new List<ITypeSymbol>();
        for (ITypeSymbol? declaring = type; declaring is not null; declaring = declaring.BaseType)
            types.Add(declaring);
        if (type.TypeKind == TypeKind.Interface)
            types.AddRange(type.AllInterfaces);
        return types.SelectMany(static declaring => declaring.GetMembers().OfType<IPropertySymbol>())
            .Where(static member => member is { IsStatic: false, DeclaredAccessibility: Accessibility.Public });
    }

    private static FieldType? Scalar(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_String => FieldType.Text,
        SpecialType.System_Boolean => FieldType.Boolean,
        SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Int32
            or SpecialType.System_UInt32 or SpecialType.System_Int64 => FieldType.Integer,
        SpecialType.System_Single or SpecialType.System_Double => FieldType.Float,
        SpecialType.None when type.ToDisplayString(FullName) == TextType => FieldType.Text,
        SpecialType.None when type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Interface } => FieldType.Object,
        _ => null,
    };

    private static AttributeData? Find(IEnumerable<AttributeData> attributes, string name) =>
        attributes.FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString(FullName) == name);

    private static string? Named(AttributeData attribute, string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name)
                return argument.Value.Value as string;
        }
        return null;
    }

    private static bool IsSet(AttributeData attribute, string name) =>
        attribute.NamedArguments.Any(argument => argument.Key == name && argument.Value.Value is true);
}
