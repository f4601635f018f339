using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Symbols;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>What the system would have said of an event's stack and files, had it been asked when the event happened.</summary>
/// <param name="e">The example.</param>
/// <param name="thread">Its thread.</param>
/// <param name="addresses">Where <see cref="ExampleTrace"/> has put its frames.</param>
/// <param name="symbols">Where it has put functions: by image in lower case, and offset in it.</param>
internal sealed class ExampleFacts(EndpointEvent e, ThreadInfo thread, ulong[] addresses, IReadOnlyDictionary<(string Image, string Symbol), ulong> symbols) : ISystemFacts
{
    private const ulong AllocationMask = ~(ulong)0xFFF_FFFF;
    private const ulong PageMask = ~(ulong)0xFFF;

    public IReadOnlyList<Volume> Volumes => [];

    public string? DriveOf(string device) => null;

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
        if (Frame(address => address == asked + length) is not { } before || (before.CallSiteLeadingBytes.IsMissing && !HasNoCall(before)))
            return 0;
        byte[] leading = Convert.FromHexString(before.CallSiteLeadingBytes.Span);
        bytes.Clear();
        leading.CopyTo(bytes[(bytes.Length - leading.Length)..]);
        return bytes.Length;
    }

    public FileFacts? File(string path)
    {
        CallStackModule module = thread.FinalUserModule;
        if (IsAt(e.Library.Path, path))
            return Facts(e.Library.Hash, e.Library.Pe, e.Library.CodeSignature);
        for (ProcessInfo? process = e.Process; process is not null; process = process.Parent)
        {
            if (IsAt(process.Executable, path))
                return Facts(process.Hash, process.Pe, process.CodeSignature);
        }
        if (e.TargetProcess is { } target && IsAt(target.Executable, path))
            return Facts(target.Hash, target.Pe, target.CodeSignature);
        return IsAt(module.Path, path) ? Facts(module.Hash, pe: null, module.CodeSignatures.Count > 0 ? module.CodeSignatures[0] : null) : null;
    }

    public string? Header(in FileQuestion question) => IsAt(e.File.Path, question.Path) ? Said(e.File.HeaderBytes) : null;

    public ISymbolSource? Symbols(in ImageIdentity image)
    {
        string path = image.Path;
        return new PeExports(symbols.Where(symbol => symbol.Key.Image == path).Select(symbol => new PeExport((uint)symbol.Value, uint.MaxValue, symbol.Key.Symbol)));
    }

    public void Dispose()
    {
    }

    /// <summary>Where an example says that no call precedes a return address, it is that of the module that is responsible.</summary>
    private bool HasNoCall(CallStackFrame frame)
    {
        for (int i = 0; i < e.Api.Behaviors.Count; i++)
        {
            if (e.Api.Behaviors[i].Span.SequenceEqual("image_rop"))
                return frame.SymbolInfo.Span.StartsWith(thread.FinalUserModule.Path.Span, StringComparison.OrdinalIgnoreCase);
        }
        return false;
    }

    private static bool IsAt(Text known, string path) => !known.IsMissing && known.Span.Equals(path, StringComparison.OrdinalIgnoreCase);

    private static FileFacts Facts(FileHashes hash, PeInfo? pe, CodeSignature? signature) => new()
    {
        Sha256 = Said(hash.Sha256),
        OriginalFileName = Said(pe?.OriginalFileName ?? default),
        Signature = signature is null || (signature.Exists is null && signature.Trusted is null)
            ? null
            : new SignatureFacts(signature.Exists ?? true, signature.Trusted ?? false, Said(signature.Status), Said(signature.SubjectName)),
    };

    private static string? Said(Text text) => text.IsMissing ? null : text.ToString();

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
