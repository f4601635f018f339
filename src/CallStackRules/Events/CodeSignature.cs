using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>What is known of a file's digital signature.</summary>
public sealed class CodeSignature : IClearable
{
    /// <summary>Whether the file carries a signature.</summary>
    [EqlField("exists")]
    public bool? Exists { get; set; }

    /// <summary>Whether the certificate chain leads to an authority that the machine trusts.</summary>
    [EqlField("trusted")]
    public bool? Trusted { get; set; }

    /// <summary>Whether the signature fits the file's content.</summary>
    [EqlField("valid")]
    public bool? Valid { get; set; }

    /// <summary>Outcome of checking the signature in one word: <c>trusted</c>, or the error that was found.</summary>
    [EqlField("status")]
    public Text Status { get; set; }

    /// <summary>Whom the certificate was issued to: the signer's common name.</summary>
    [EqlField("subject_name")]
    public Text SubjectName { get; set; }

    /// <summary>Identifier the signer gave the program.</summary>
    [EqlField("signing_id", OperatingSystems = "macos")]
    public Text SigningId { get; set; }

    /// <summary>Identifier of the developer team that signed.</summary>
    [EqlField("team_id", OperatingSystems = "macos")]
    public Text TeamId { get; set; }

    /// <summary>Hash algorithm the signature uses.</summary>
    [EqlField("digest_algorithm")]
    public Text DigestAlgorithm { get; set; }

    /// <summary>Flags of the signature, as hexadecimal text.</summary>
    [EqlField("flags", OperatingSystems = "macos")]
    public Text Flags { get; set; }

    /// <summary>SHA-256 of the signer's certificate, hexadecimal.</summary>
    [EqlField("thumbprint_sha256")]
    public Text ThumbprintSha256 { get; set; }

    /// <summary>When the file was signed, ISO 8601.</summary>
    [EqlField("timestamp")]
    public Text Timestamp { get; set; }

    /// <summary>Takes all fields over from another object.</summary>
    public void CopyFrom(CodeSignature other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Exists = other.Exists;
        Trusted = other.Trusted;
        Valid = other.Valid;
        Status = other.Status;
        SubjectName = other.SubjectName;
        SigningId = other.SigningId;
        TeamId = other.TeamId;
        DigestAlgorithm = other.DigestAlgorithm;
        Flags = other.Flags;
        ThumbprintSha256 = other.ThumbprintSha256;
        Timestamp = other.Timestamp;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        Exists = null;
        Trusted = null;
        Valid = null;
        Status = default;
        SubjectName = default;
        SigningId = default;
        TeamId = default;
        DigestAlgorithm = default;
        Flags = default;
        ThumbprintSha256 = default;
        Timestamp = default;
    }
}
