using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>Digests of a file's content, in lower-case hexadecimal.</summary>
public sealed class FileHashes : IClearable
{
    /// <summary>MD5 digest.</summary>
    [EqlField("md5")]
    public Text Md5 { get; set; }

    /// <summary>SHA-1 digest.</summary>
    [EqlField("sha1")]
    public Text Sha1 { get; set; }

    /// <summary>SHA-256 digest.</summary>
    [EqlField("sha256")]
    public Text Sha256 { get; set; }

    /// <summary>SHA-384 digest.</summary>
    [EqlField("sha384")]
    public Text Sha384 { get; set; }

    /// <summary>SHA-512 digest.</summary>
    [EqlField("sha512")]
    public Text Sha512 { get; set; }

    /// <summary>Digest of the code directory, by which the system knows a signed program.</summary>
    [EqlField("cdhash", OperatingSystems = "macos")]
    public Text CdHash { get; set; }

    /// <summary>Fuzzy ssdeep digest.</summary>
    [EqlField("ssdeep")]
    public Text SsDeep { get; set; }

    /// <summary>Fuzzy TLSH digest.</summary>
    [EqlField("tlsh")]
    public Text TlSh { get; set; }

    /// <summary>Takes all fields over from another object.</summary>
    public void CopyFrom(FileHashes other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Md5 = other.Md5;
        Sha1 = other.Sha1;
        Sha256 = other.Sha256;
        Sha384 = other.Sha384;
        Sha512 = other.Sha512;
        CdHash = other.CdHash;
        SsDeep = other.SsDeep;
        TlSh = other.TlSh;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        Md5 = default;
        Sha1 = default;
        Sha256 = default;
        Sha384 = default;
        Sha512 = default;
        CdHash = default;
        SsDeep = default;
        TlSh = default;
    }
}
