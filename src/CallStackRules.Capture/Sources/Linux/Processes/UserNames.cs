using System.Globalization;

namespace CallStackRules.Capture.Sources.Linux.Processes;

/// <summary>Names of users and groups by number, as <c>/etc/passwd</c> and <c>/etc/group</c> have them, and numbers as text. Known ones allocate nothing.</summary>
internal sealed class UserNames
{
    /// <summary>Numbers kept; an attacker with user name spaces can use many.</summary>
    private const int Capacity = 16 * 1024;

    private readonly Dictionary<uint, string> _numbers = [];
    private readonly Dictionary<uint, string> _users = [];
    private readonly Dictionary<uint, string> _groups = [];
    private DateTime _usersRead;
    private DateTime _groupsRead;

    /// <summary>A number as decimal text.</summary>
    public string Number(uint number)
    {
        if (_numbers.TryGetValue(number, out string? text))
            return text;
        if (_numbers.Count == Capacity)
            _numbers.Clear();
        text = number.ToString(CultureInfo.InvariantCulture);
        _numbers.Add(number, text);
        return text;
    }

    /// <summary>A user's name; null when the file has none.</summary>
    public string? User(uint number) => Find(_users, number, "/etc/passwd", ref _usersRead);

    /// <summary>A group's name; null when the file has none.</summary>
    public string? Group(uint number) => Find(_groups, number, "/etc/group", ref _groupsRead);

    private static string? Find(Dictionary<uint, string> names, uint number, string file, ref DateTime read)
    {
        if (names.TryGetValue(number, out string? name))
            return name;
        DateTime written = File.GetLastWriteTimeUtc(file);
        if (written == read)
            return null;
        read = written;
        names.Clear();
        try
        {
            // name:password:number:...
            foreach (string line in File.ReadLines(file))
            {
                string[] parts = line.Split(':', 4);
                if (parts.Length > 2 && uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint key))
                    names.TryAdd(key, parts[0]);
            }
        }
        catch (IOException)
        {
            // Without the file there are numbers and no names.
        }
        return names.GetValueOrDefault(number);
    }
}
