using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Symbols;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>What the system would have said of the frames of an event's stack, had it been asked when the event happened.</summary>
/// <param name="thread">The thread of the example.</param>
/// <param name="addresses">Where <see cref="ExampleTrace"/> has put its frames.</param>
/// <param name="symbols">Where it has put functions: by image in lower case, and offset in it.</param>
internal sealed class ExampleFacts(ThreadInfo thread, ulong[] addresses, IReadOnlyDictionary<(string Image, string Symbol), ulong> symbols) : ISystemFacts
{
    private const ulong AllocationMask = ~(ulong)0xFFF_FFFF;
    private const ulong PageMask = ~(ulong)0xFFF;

    public RegionFacts? Region(in MemoryQuestion question)
    {
        ulong page = question.Address & PageMask;
        return Frame(address => (address & PageMask) == page) is { } frame
            ? new RegionFacts { Base = page, Size = 0x1000, AllocationBase = page & AllocationMask, Protection = ProtectionOf(frame), Type = TypeOf(frame) }
            : null;
    }

    public long? PrivateBytes(in MemoryQuestion question)
    {
        ulong allocation = question.Address;
        return Frame(address => (address & AllocationMask) == allocation, static frame => frame.AllocationPrivateBytes is not null)?.AllocationPrivateBytes;
    }

    public int Read(in MemoryQuestion question, Span<byte> bytes)
    {
        ulong asked = question.Address;
        ulong length = (ulong)bytes.Length;
        if (Frame(address => address == asked) is { } behind)
        {
            byte[] trailing = Convert.FromHexString(behind.CallSiteTrailingBytes.Span);
            trailing.CopyTo(bytes);
            return trailing.Length;
        }
        if (Frame(address => address == asked + length) is not { CallSiteLeadingBytes.IsMissing: false } before)
            return 0;
        byte[] leading = Convert.FromHexString(before.CallSiteLeadingBytes.Span);
        bytes.Clear();
        leading.CopyTo(bytes[(bytes.Length - leading.Length)..]);
        return bytes.Length;
    }

    public FileFacts? File(string path)
    {
        CallStackModule module = thread.FinalUserModule;
        if (!module.Path.Span.Equals(path, StringComparison.OrdinalIgnoreCase))
            return null;
        CodeSignature? signature = module.CodeSignatures.Count > 0 ? module.CodeSignatures[0] : null;
        return new FileFacts
        {
            Sha256 = module.Hash.Sha256.IsMissing ? null : module.Hash.Sha256.ToString(),
            Signature = signature is null
                ? null
                : new SignatureFacts(signature.Exists ?? false, signature.Trusted ?? false, signature.Status.ToString(), signature.SubjectName.ToString()),
        };
    }

    public ISymbolSource? Symbols(in ImageIdentity image)
    {
        string path = image.Path;
        return new PeExports(symbols.Where(symbol => symbol.Key.Image == path).Select(symbol => new PeExport((uint)symbol.Value, uint.MaxValue, symbol.Key.Symbol)));
    }

    public void Dispose()
    {
    }

    private CallStackFrame? Frame(Predicate<ulong> isAt, Predicate<CallStackFrame>? isSuch = null)
    {
        for (int i = 0; i < addresses.Length; i++)
        {
            if (isAt(addresses[i]) && (isSuch is null || isSuch(thread.CallStack[i])))
                return thread.CallStack[i];
        }
        return null;
    }

    private static RegionType TypeOf(CallStackFrame frame) => frame.SymbolInfo.Span.StartsWith("Unbacked") ? RegionType.Private : RegionType.Image;

    private static PageProtection ProtectionOf(CallStackFrame frame) =>
        Enum.GetValues<PageProtection>().FirstOrDefault(value => frame.Protection.Span.SequenceEqual(value.Text()), PageProtection.ExecuteRead);
}
