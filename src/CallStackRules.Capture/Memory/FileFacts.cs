using CallStackRules.CallStacks;
using CallStackRules.Events;

namespace CallStackRules.Capture.Memory;

/// <summary>What a program or library file is, beyond its path. Shared; does not change.</summary>
public sealed record FileFacts
{
    /// <summary>SHA-256 of the content, lower-case hexadecimal; null when not known.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What checking the signature came to; null when it was not checked.</summary>
    public SignatureFacts? Signature { get; init; }

    /// <summary>Name that the version resource says the file was built with; null when it has none.</summary>
    public string? OriginalFileName { get; init; }

    /// <summary>Writes digest and signature to the module that stacks share.</summary>
    public void CopyTo(ModuleInfo module)
    {
        ArgumentNullException.ThrowIfNull(module);
        module.Hash.Sha256 = Sha256;
        WriteSignature(module.CodeSignatures);
    }

    /// <summary>Writes all to a process.</summary>
    public void CopyTo(ProcessInfo process)
    {
        ArgumentNullException.ThrowIfNull(process);
        process.Hash.Sha256 = Sha256;
        process.Pe.OriginalFileName = OriginalFileName;
        Signature?.CopyTo(process.CodeSignature);
        WriteSignature(process.CodeSignatures);
    }

    /// <summary>Writes all to the library of an event.</summary>
    public void CopyTo(LibraryInfo library)
    {
        ArgumentNullException.ThrowIfNull(library);
        library.Hash.Sha256 = Sha256;
        library.Pe.OriginalFileName = OriginalFileName;
        Signature?.CopyTo(library.CodeSignature);
        WriteSignature(library.CodeSignatures);
    }

    private void WriteSignature(ObjectList<CodeSignature> signatures)
    {
        signatures.Clear();
        Signature?.CopyTo(signatures.Add());
    }
}

/// <summary>What checking a file's signature came to.</summary>
/// <param name="Exists">Whether the file is signed, in itself or through a catalogue.</param>
/// <param name="Trusted">Whether the chain leads to an authority that the machine trusts.</param>
/// <param name="Status">One word: <c>trusted</c>, or the error that was found, as in <c>errorExpired</c>; null when there is no signature.</param>
/// <param name="Subject">Common name of the signer; null when not known.</param>
public sealed record SignatureFacts(bool Exists, bool Trusted, string? Status = null, string? Subject = null)
{
    /// <summary>Writes the outcome to a field of an event.</summary>
    public void CopyTo(CodeSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        signature.Exists = Exists;
        signature.Trusted = Trusted;
        signature.Status = Status;
        signature.SubjectName = Subject;
    }
}
