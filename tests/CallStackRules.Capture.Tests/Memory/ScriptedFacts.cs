using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Tests.Memory;

/// <summary>A system whose answers a test sets.</summary>
internal sealed class ScriptedFacts : ISystemFacts
{
    public IReadOnlyList<Volume> Volumes { get; init; } = [];

    /// <summary>Drives of devices that came later.</summary>
    public Dictionary<string, string> LaterDrives { get; } = [];

    public RegionFacts? RegionAnswer { get; set; }

    public long? PrivateBytesAnswer { get; set; }

    public byte[] BytesAnswer { get; set; } = [];

    public FileFacts? FileAnswer { get; set; }

    public string? HeaderAnswer { get; set; }

    public PeExports? SymbolsAnswer { get; set; }

    /// <summary>Questions so far.</summary>
    public int Asked { get; private set; }

    /// <summary>The files whose functions were asked for.</summary>
    public List<ImageIdentity> Images { get; } = [];

    public string? DriveOf(string device)
    {
        Asked++;
        return LaterDrives.GetValueOrDefault(device);
    }

    public RegionFacts? Region(in MemoryQuestion question)
    {
        Asked++;
        return RegionAnswer;
    }

    public long? PrivateBytes(in MemoryQuestion question)
    {
        Asked++;
        return PrivateBytesAnswer;
    }

    public int Read(in MemoryQuestion question, Span<byte> bytes)
    {
        Asked++;
        int length = Math.Min(bytes.Length, BytesAnswer.Length);
        BytesAnswer.AsSpan(0, length).CopyTo(bytes);
        return length;
    }

    public FileFacts? File(string path)
    {
        Asked++;
        return FileAnswer;
    }

    public string? Header(in FileQuestion question)
    {
        Asked++;
        return HeaderAnswer;
    }

    public ISymbolSource? Symbols(in ImageIdentity image)
    {
        Asked++;
        Images.Add(image);
        return SymbolsAnswer;
    }

    public void Dispose()
    {
    }
}
