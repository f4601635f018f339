namespace CallStackRules.Capture.Sources.Linux.Hashing;

/// <summary>Digests that can be worked out of a file's content.</summary>
[Flags]
internal enum HashKinds
{
    None = 0,
    Md5 = 1,
    Sha1 = 2,
    Sha256 = 4,
    Sha384 = 8,
    Sha512 = 16,
}
