using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Tests.Memory;

/// <summary>A system whose answers a test sets.</summary>
internal sealed class ScriptedFacts : ISystemFacts
{
    public RegionFacts? RegionAnswer { get; set; }

    public bool? PageAnswer { get; set; }

    public byte[] BytesAnswer { get; set; } = [];

    public FileFacts? FileAnswer { get; set; }

    public PeExports? SymbolsAnswer { get; set; }

    public RegionFacts? Region(in MemoryQuestion question) => RegionAnswer;

    public bool? IsPagePrivate(in MemoryQuestion question) => PageAnswer;

    public int Read(in MemoryQuestion question, Span<byte> bytes)
    {
        int length = Math.Min(bytes.Length, BytesAnswer.Length);
        BytesAnswer.AsSpan(0, length).CopyTo(bytes);
        return length;
    }

    public FileFacts? File(string path) => FileAnswer;

    public ISymbolSource? Symbols(string path) => SymbolsAnswer;

    public void Dispose()
    {
    }
}
