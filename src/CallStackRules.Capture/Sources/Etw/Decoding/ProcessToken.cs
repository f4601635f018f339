using System.Buffers.Binary;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>What Microsoft-Windows-Kernel-Process tells of the token of a process.</summary>
internal static class ProcessToken
{
    /// <summary>Writes elevation and integrity level.</summary>
    /// <param name="elevation">Kind of elevation: TOKEN_ELEVATION_TYPE of winnt.h.</param>
    /// <param name="isElevated">Whether the token is elevated.</param>
    /// <param name="integrity">Security identifier of the integrity level, S-1-16-n.</param>
    /// <param name="token">Receives them.</param>
    public static void Write(uint elevation, bool isElevated, ReadOnlySpan<byte> integrity, TokenInfo token)
    {
        const int oneAuthority = 12;
        const byte mandatoryLabel = 16;
        token.Elevation = isElevated;
        token.ElevationLevel = elevation switch
        {
            1 => "default",
            2 => "full",
            3 => "limited",
            _ => null,
        };
        if (integrity.Length != oneAuthority || integrity[1] != 1 || integrity[7] != mandatoryLabel)
            return;
        uint level = BinaryPrimitives.ReadUInt32LittleEndian(integrity[8..]);
        token.IntegrityLevel = level;
        token.IntegrityLevelName = NameOf(level);
    }

    /// <summary>The name of the highest level that is reached. Source: SECURITY_MANDATORY_* of winnt.h.</summary>
    private static string NameOf(uint level) => level switch
    {
        >= 0x5000 => "protected",
        >= 0x4000 => "system",
        >= 0x3000 => "high",
        >= 0x2000 => "medium",
        >= 0x1000 => "low",
        _ => "untrusted",
    };
}
