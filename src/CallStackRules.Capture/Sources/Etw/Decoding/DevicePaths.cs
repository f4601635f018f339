using System.Diagnostics;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>
/// Paths of the kernel to paths as programs and rules have them: <c>\Device\HarddiskVolume2\x</c> to <c>C:\x</c>, <c>\SystemRoot\x</c> to
/// <c>C:\Windows\x</c>. Files of other machines keep the form that public rules look for, <c>\Device\Mup\server\share\x</c>, whichever redirector or
/// spelling leads to them.
/// </summary>
/// <param name="ask">Who knows the drive of a device that nothing told of; null for nobody.</param>
internal sealed class DevicePaths(Func<string, string?>? ask = null)
{
    private const string DevicePrefix = @"\Device\";

    /// <summary>Devices without a drive, as of pipes, that are remembered.</summary>
    private const int MostWithout = 256;

    /// <summary>How long a device is taken to have no drive before it is asked for again: it may be getting one just then.</summary>
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(2);

    /// <summary>Volumes that are kept; made-up ones cannot fill the memory.</summary>
    private const int MostVolumes = 256;

    private const string DosPrefix = @"\??\";
    private const string SystemRoot = @"\SystemRoot";

    private const int DriveLength = 2;

    private const string Network = @"\Device\Mup\";

    /// <summary>Other beginnings of paths of other machines; those of redirectors are mostly behind <see cref="Network"/>.</summary>
    private static readonly string[] NetworkSpellings = [@"UNC\", @"\\"];

    private static readonly string[] Redirectors =
        [@"DfsClient\", @"LanmanRedirector\", @"WebDavRedirector\", @"RdpDr\", @"\Device\LanmanRedirector\", @"\Device\WebDavRedirector\"];

    private readonly List<(string Device, string Drive)> _volumes = [];

    private readonly Dictionary<string, long> _without = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where Windows is unless somebody chose another place; a trace that was merged says it.</summary>
    private string _systemRoot = @"C:\Windows";

    /// <summary>Takes the drive of a device; both with or without a backslash at the end.</summary>
    public void Add(ReadOnlySpan<char> device, ReadOnlySpan<char> drive)
    {
        device = device.TrimEnd('\\');
        drive = drive.TrimEnd('\\');
        if (device.IsEmpty || drive.IsEmpty)
            return;
        if (device.Equals(SystemRoot, StringComparison.OrdinalIgnoreCase))
        {
            _systemRoot = drive.ToString();
            return;
        }
        for (int i = 0; i < _volumes.Count; i++)
        {
            if (!device.Equals(_volumes[i].Device, StringComparison.OrdinalIgnoreCase))
                continue;
            if (!drive.SequenceEqual(_volumes[i].Drive))
                _volumes[i] = (_volumes[i].Device, drive.ToString());
            return;
        }
        if (_volumes.Count < MostVolumes)
            _volumes.Add((device.ToString(), drive.ToString()));
    }

    /// <summary>A path as programs have it; one of a device without a drive stays as it is. Missing when it is empty.</summary>
    public Text Resolve(ReadOnlySpan<char> path, TextBuffer buffer)
    {
        if (path.IsEmpty)
            return default;
        if (path.StartsWith(DosPrefix, StringComparison.Ordinal))
            path = path[DosPrefix.Length..];
        foreach ((string device, string drive) in _volumes)
        {
            if (IsBelow(path, device))
                return Join(drive, path[device.Length..], buffer);
        }
        if (IsBelow(path, SystemRoot))
            return Join(_systemRoot, path[SystemRoot.Length..], buffer);
        // Loads of images are told without the device: \Windows\System32\kernel32.dll.
        if (_systemRoot.Length > DriveLength && IsBelow(path, _systemRoot.AsSpan(DriveLength)))
            return Join(_systemRoot, path[(_systemRoot.Length - DriveLength)..], buffer);
        if (OfNetwork(path) is { IsEmpty: false } rest)
            return Join(Network, rest, buffer);
        return AskForDrive(path) is { } found ? Join(found.Drive, path[found.Device.Length..], buffer) : buffer.Add(path);
    }

    /// <summary>The device of a path and its drive, when it has got one since.</summary>
    private (string Device, string Drive)? AskForDrive(ReadOnlySpan<char> path)
    {
        if (ask is null || !path.StartsWith(DevicePrefix, StringComparison.OrdinalIgnoreCase) || path[DevicePrefix.Length..].IndexOf('\\') is not (> 0 and var end))
            return null;
        ReadOnlySpan<char> device = path[..(DevicePrefix.Length + end)];
        var without = _without.GetAlternateLookup<ReadOnlySpan<char>>();
        if (without.TryGetValue(device, out long asked) && Stopwatch.GetElapsedTime(asked) < BetweenQuestions)
            return null;
        string name = device.ToString();
        if (ask(name) is { } drive && _volumes.Count < MostVolumes)
        {
            Add(name, drive);
            return _volumes[^1];
        }
        if (_without.Count >= MostWithout)
            _without.Clear();
        _without[name] = Stopwatch.GetTimestamp();
        return null;
    }

    /// <summary>
    /// Server, share and file of a path on another machine: without the redirector, and the drive and logon session it was mapped for; empty for
    /// others.
    /// </summary>
    private static ReadOnlySpan<char> OfNetwork(ReadOnlySpan<char> path)
    {
        bool isOfNetwork = TrySkip(ref path, Network);
        foreach (string spelling in NetworkSpellings)
            isOfNetwork |= !isOfNetwork && TrySkip(ref path, spelling);
        foreach (string redirector in Redirectors)
        {
            if ((isOfNetwork || redirector[0] == '\\') && TrySkip(ref path, redirector))
            {
                isOfNetwork = true;
                break;
            }
        }
        if (!isOfNetwork)
            return default;
        // ;Z:0000000000020d40
        if (path.StartsWith(';') && path.IndexOf('\\') is >= 0 and int end)
            path = path[(end + 1)..];
        return path;
    }

    private static bool TrySkip(ref ReadOnlySpan<char> path, string beginning)
    {
        if (!path.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
            return false;
        path = path[beginning.Length..];
        return true;
    }

    private static bool IsBelow(ReadOnlySpan<char> path, ReadOnlySpan<char> folder) =>
        path.StartsWith(folder, StringComparison.OrdinalIgnoreCase) && (path.Length == folder.Length || path[folder.Length] == '\\');

    private static Text Join(string beginning, ReadOnlySpan<char> rest, TextBuffer buffer)
    {
        Span<char> room = buffer.Reserve(beginning.Length + rest.Length);
        beginning.CopyTo(room);
        rest.CopyTo(room[beginning.Length..]);
        return buffer.Commit(beginning.Length + rest.Length);
    }
}
