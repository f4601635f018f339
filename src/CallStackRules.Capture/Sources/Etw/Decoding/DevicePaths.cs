using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>Paths of the kernel to paths as programs and rules have them: <c>\Device\HarddiskVolume2\x</c> to <c>C:\x</c>.</summary>
internal sealed class DevicePaths
{
    /// <summary>Volumes that are kept; made-up ones cannot fill the memory.</summary>
    private const int MostVolumes = 256;

    private const string DosPrefix = @"\??\";

    private readonly List<(string Device, string Drive)> _volumes = [];

    /// <summary>Takes the drive of a device; both with or without a backslash at the end.</summary>
    public void Add(ReadOnlySpan<char> device, ReadOnlySpan<char> drive)
    {
        device = device.TrimEnd('\\');
        drive = drive.TrimEnd('\\');
        if (device.IsEmpty || drive.IsEmpty)
            return;
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
            return buffer.Add(path[DosPrefix.Length..]);
        foreach ((string device, string drive) in _volumes)
        {
            if (!path.StartsWith(device, StringComparison.OrdinalIgnoreCase) || (path.Length > device.Length && path[device.Length] != '\\'))
                continue;
            ReadOnlySpan<char> rest = path[device.Length..];
            Span<char> room = buffer.Reserve(drive.Length + rest.Length);
            drive.CopyTo(room);
            rest.CopyTo(room[drive.Length..]);
            return buffer.Commit(drive.Length + rest.Length);
        }
        return buffer.Add(path);
    }
}
