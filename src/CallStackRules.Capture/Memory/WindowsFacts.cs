using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory.Interop;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Symbols;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Memory;

/// <summary>Asks the Windows that this runs on. Files are checked once as long as they stay the same.</summary>
/// <param name="clock">The clock of the questions.</param>
[SupportedOSPlatform("windows")]
public sealed class WindowsFacts(TraceClock clock) : ISystemFacts
{
    private const int MostProcesses = 256;
    private const int MostFiles = 16 * 1024;

    // Hashing more would hold the reading thread up for too long.
    private const long LargestHashed = 64 << 20;

    private static readonly long FileTimeEpoch = DateTime.FromFileTimeUtc(0).Ticks;

    private readonly Dictionary<(int Process, long Start), SafeProcessHandle?> _processes = [];
    private readonly Dictionary<FileKey, FileFacts> _files = [];

    /// <inheritdoc/>
    public RegionFacts? Region(in MemoryQuestion question) => Open(question) is { } process ? WindowsMemory.Region(process, question.Address) : null;

    /// <inheritdoc/>
    public long? PrivateBytes(in MemoryQuestion question) => Open(question) is { } process ? WindowsMemory.PrivateBytes(process, question.Address) : null;

    /// <inheritdoc/>
    public int Read(in MemoryQuestion question, Span<byte> bytes) => Open(question) is { } process ? WindowsMemory.Read(process, question.Address, bytes) : 0;

    /// <inheritdoc/>
    public FileFacts? File(string path)
    {
        try
        {
            var information = new FileInfo(path);
            var key = new FileKey(path.ToUpperInvariant(), information.Length, information.LastWriteTimeUtc.Ticks, information.CreationTimeUtc.Ticks);
            if (_files.TryGetValue(key, out FileFacts? known))
                return known;
            if (_files.Count == MostFiles)
                _files.Clear();
            FileFacts facts = Look(path, information.Length);
            _files.Add(key, facts);
            return facts;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ISymbolSource? Symbols(in ImageIdentity image) => PeExports.Open(image, out _);

    /// <inheritdoc/>
    public void Dispose() => CloseProcesses();

    private static FileFacts Look(string path, long length)
    {
        // Nobody may write to the file, or put another one in its place, between the looks.
        using SafeFileHandle file = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        string? hash = null;
        if (length <= LargestHashed)
        {
            using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            hash = Convert.ToHexStringLower(SHA256.HashData(content));
        }
        return new FileFacts
        {
            Sha256 = hash,
            Signature = WindowsTrust.Check(path, file),
            OriginalFileName = FileVersionInfo.GetVersionInfo(path).OriginalFilename is { Length: > 0 } name ? name : null,
        };
    }

    private SafeProcessHandle? Open(in MemoryQuestion question)
    {
        var key = (question.ProcessId, question.ProcessStart);
        if (_processes.TryGetValue(key, out SafeProcessHandle? known))
            return known;
        if (_processes.Count == MostProcesses)
            CloseProcesses();
        known = WindowsMemory.Open(question.ProcessId, question.ProcessStart == 0 ? 0 : clock.ToUtcTicks(question.ProcessStart) - FileTimeEpoch);
        _processes.Add(key, known);
        return known;
    }

    private void CloseProcesses()
    {
        foreach (SafeProcessHandle? process in _processes.Values)
            process?.Dispose();
        _processes.Clear();
    }

    private readonly record struct FileKey(string Path, long Length, long Written, long Created);
}
