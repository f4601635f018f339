using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>What the headers and the version resource of a Windows executable file say.</summary>
public sealed class PeInfo : IClearable
{
    /// <summary>Name the file had when it was built, from its version resource; renaming does not change it.</summary>
    [EqlField("original_file_name")]
    public Text OriginalFileName { get; set; }

    /// <summary>Digest of the imported libraries and functions: alike for programs built alike.</summary>
    [EqlField("imphash")]
    public Text Imphash { get; set; }

    /// <summary>The same digest under its newer name.</summary>
    [EqlField("import_hash")]
    public Text ImportHash { get; set; }

    /// <summary>Company named in the version resource.</summary>
    [EqlField("company")]
    public Text Company { get; set; }

    /// <summary>Description in the version resource.</summary>
    [EqlField("description")]
    public Text Description { get; set; }

    /// <summary>Version of the file in the version resource.</summary>
    [EqlField("file_version")]
    public Text FileVersion { get; set; }

    /// <summary>Product named in the version resource.</summary>
    [EqlField("product")]
    public Text Product { get; set; }

    /// <summary>Processor the file is built for.</summary>
    [EqlField("architecture")]
    public Text Architecture { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        OriginalFileName = default;
        Imphash = default;
        ImportHash = default;
        Company = default;
        Description = default;
        FileVersion = default;
        Product = default;
        Architecture = default;
    }
}
