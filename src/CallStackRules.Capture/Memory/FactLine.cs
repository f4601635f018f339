using System.Text.Json.Serialization;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Memory;

/// <summary>
/// One line of a file of recorded answers, see <c>docs/facts.md</c>: the first holds <see cref="Version"/>, every other one answer.
/// </summary>
internal sealed record FactLine
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const int CurrentVersion = 1;

    public int? Version { get; init; }

    public string? Device { get; init; }

    public string? Drive { get; init; }

    public QuestionLine? Of { get; init; }

    public RegionFacts? Region { get; init; }

    public long? PrivateBytes { get; init; }

    public byte[]? Bytes { get; init; }

    public string? Path { get; init; }

    public FileFacts? File { get; init; }

    public long? Time { get; init; }

    public string? Header { get; init; }

    public ImageLine? Image { get; init; }

    public IReadOnlyList<PeExport>? Exports { get; init; }
}

/// <summary>A <see cref="MemoryQuestion"/>.</summary>
internal sealed record QuestionLine(int Process, long Start, ulong Address, long Time);

/// <summary>An <see cref="ImageIdentity"/>, but for its path.</summary>
internal sealed record ImageLine(uint Timestamp, uint Checksum, uint Size);

/// <summary>How lines are written: short names, nothing for what is not there.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FactLine))]
internal sealed partial class FactLines : JsonSerializerContext;
