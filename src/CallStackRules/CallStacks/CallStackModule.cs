using CallStackRules.Events;
using CallStackRules.Schema;

namespace CallStackRules.CallStacks;

/// <summary>One module of a call stack that plays a part of its own, described in the event itself.</summary>
public sealed class CallStackModule : IClearable
{
    /// <summary>Whether nothing is known of the module.</summary>
    public bool IsMissing => Name.IsMissing && Path.IsMissing && Hash.Sha256.IsMissing && CodeSignatures.Count == 0 && AllocationPrivateBytes is null
        && Protection.IsMissing && ProtectionProvenance.IsMissing && ProtectionProvenancePath.IsMissing && Reason.IsMissing;

    /// <summary>File name, lower-case; <c>Unbacked</c> for code that belongs to no file, <c>Undetermined</c> where the stack does not say.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>Full path, or the same word as the name.</summary>
    [EqlField("path")]
    public Text Path { get; set; }

    /// <summary>Digests of the file.</summary>
    [EqlField("hash")]
    public FileHashes Hash { get; } = new();

    /// <summary>Signatures of the file.</summary>
    [EqlField("code_signature", OperatingSystems = "windows macos")]
    public ObjectList<CodeSignature> CodeSignatures { get; } = new();

    /// <summary>Executable bytes of the module that differ from its file: a sign of hooks or overwritten code.</summary>
    [EqlField("allocation_private_bytes")]
    public long? AllocationPrivateBytes { get; set; }

    /// <summary>Protection of the page the frame is on, as in <c>RWX</c>.</summary>
    [EqlField("protection")]
    public Text Protection { get; set; }

    /// <summary>Name of the module that last changed the protection of the page.</summary>
    [EqlField("protection_provenance")]
    public Text ProtectionProvenance { get; set; }

    /// <summary>Path of the module that last changed the protection of the page.</summary>
    [EqlField("protection_provenance_path")]
    public Text ProtectionProvenancePath { get; set; }

    /// <summary>Why this module was named, where it is not the plain rule.</summary>
    [EqlField("reason")]
    public Text Reason { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Name = default;
        Path = default;
        Hash.Clear();
        CodeSignatures.Clear();
        AllocationPrivateBytes = null;
        Protection = default;
        ProtectionProvenance = default;
        ProtectionProvenancePath = default;
        Reason = default;
    }
}
