using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CallStackRules.Generators.Tests.ForeignModel;

/// <summary>Reads events of the foreign model from JSON with its properties' names.</summary>
internal static class ForeignEventReader
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new Saturating<int>(), new Saturating<byte>(), new Saturating<short>() } };

    public static ForeignEvent Read(string json) => JsonSerializer.Deserialize<ForeignEvent>(json, Options)!;

    /// <summary>Generated numbers have 64 bits; a narrower property takes the nearest number it can hold.</summary>
    private sealed class Saturating<T> : JsonConverter<T>
        where T : INumber<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => T.CreateSaturating(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => throw new NotSupportedException("Events are only read.");
    }
}
