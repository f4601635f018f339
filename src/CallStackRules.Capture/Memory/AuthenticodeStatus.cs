namespace CallStackRules.Capture.Memory;

/// <summary>Outcomes of checking a signature in the words that rules use.</summary>
/// <remarks>Source: TRUST_E_* and CERT_E_* of winerror.h.</remarks>
internal static class AuthenticodeStatus
{
    /// <summary>The file carries no signature; it may still be in a catalogue.</summary>
    public const uint NoSignature = 0x800B0100;

    /// <summary>The word for an outcome.</summary>
    /// <param name="result">What WinVerifyTrust returns.</param>
    public static string Of(uint result) => result switch
    {
        0 => "trusted",
        0x800B0101 => "errorExpired",
        0x800B0109 => "errorUntrustedRoot",
        0x800B010A => "errorChaining",
        0x800B010C => "errorRevoked",
        0x800B0111 => "errorDistrust",
        0x80096010 => "errorBadDigest",
        _ => $"errorCode_endpoint: 0x{result:x8}",
    };

    /// <summary>What an outcome says of the signature.</summary>
    /// <param name="result">What WinVerifyTrust returns.</param>
    /// <param name="subject">Common name of the signer; null when not known.</param>
    public static SignatureFacts Facts(uint result, string? subject) =>
        result == NoSignature ? new SignatureFacts(Exists: false, Trusted: false, Status: null, Subject: null) : new SignatureFacts(Exists: true, result == 0, Of(result), subject);
}
