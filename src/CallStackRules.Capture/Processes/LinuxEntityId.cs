using System.Globalization;

namespace CallStackRules.Capture.Processes;

/// <summary>
/// The identifier of a process on Linux: <c>BOOT-PID-START</c>, with the first 12 hexadecimal digits of the boot id, the process number, and when the process
/// started, in clock ticks (10 ms) since boot as in field 22 of <c>/proc/PID/stat</c>. It stays with a process that replaces its program.
/// </summary>
public static class LinuxEntityId
{
    /// <summary>Characters that an identifier has at most.</summary>
    public const int MostCharacters = BootCharacters + 1 + 10 + 1 + 20;

    private const int BootCharacters = 12;

    /// <summary>Writes an identifier.</summary>
    /// <param name="boot">At least 12 characters that tell boots apart: the boot id without hyphens.</param>
    /// <param name="pid">Process number in the sensor's name space.</param>
    /// <param name="startTicks">Clock ticks since boot.</param>
    /// <param name="room">At least <see cref="MostCharacters"/>.</param>
    /// <returns>The characters written.</returns>
    public static int Write(ReadOnlySpan<char> boot, int pid, long startTicks, Span<char> room)
    {
        boot[..BootCharacters].CopyTo(room);
        int length = BootCharacters;
        room[length++] = '-';
        pid.TryFormat(room[length..], out int written, default, CultureInfo.InvariantCulture);
        length += written;
        room[length++] = '-';
        startTicks.TryFormat(room[length..], out written, default, CultureInfo.InvariantCulture);
        return length + written;
    }

    /// <summary>Reads an identifier of this or another machine.</summary>
    /// <returns>False when it is not of this form.</returns>
    public static bool TryParse(ReadOnlySpan<char> entityId, out ReadOnlySpan<char> boot, out int pid, out long startTicks)
    {
        boot = default;
        pid = 0;
        startTicks = 0;
        if (entityId.Length <= BootCharacters || entityId[BootCharacters] != '-')
            return false;
        ReadOnlySpan<char> rest = entityId[(BootCharacters + 1)..];
        int hyphen = rest.IndexOf('-');
        if (hyphen < 0)
            return false;
        boot = entityId[..BootCharacters];
        return int.TryParse(rest[..hyphen], NumberStyles.None, CultureInfo.InvariantCulture, out pid)
            && long.TryParse(rest[(hyphen + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out startTicks);
    }
}
