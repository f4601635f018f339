using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using CallStackRules.Sensor.Commands;

namespace CallStackRules.Sensor.Tests.Live;

/// <summary>The sensor as systemd starts it: told by <c>NOTIFY_SOCKET</c> whom to tell, and by <c>WATCHDOG_USEC</c> how often (sd_notify(3)).</summary>
public sealed class ServiceTests : IDisposable
{
    private const int Seconds = 120;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void The_service_manager_hears_that_the_sensor_watches_that_it_is_well_and_that_it_ends()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "systemd is for Linux.");
        string address = Path.Combine(_folder.Path, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = Seconds * 1000 };
        socket.Bind(new UnixDomainSocketEndPoint(address));
        using Process manager = StartByManager(address, out int sensor);

        string first = Receive(socket);
        Skip.If(first.Length == 0 && manager.WaitForExit(TimeSpan.FromSeconds(Seconds)) && manager.ExitCode == ExitCode.NoCapture, "The kernel refuses live capture here.");
        string second = Receive(socket);
        Assert.Equal(["READY=1", "WATCHDOG=1"], new[] { first, second }.Order());

        using (var kill = Process.Start("kill", ["-TERM", sensor.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        string last = Receive(socket);
        while (last == "WATCHDOG=1")
            last = Receive(socket);

        Assert.Equal("STOPPING=1", last);
        Assert.True(manager.WaitForExit(TimeSpan.FromSeconds(Seconds)));
        Assert.Equal(0, manager.ExitCode);
        Assert.Contains("{\"summary\":", File.ReadLines(Path.Combine(_folder.Path, "alerts")).Last(), StringComparison.Ordinal);
    }

    /// <summary>Starts the sensor by a process of the name by which it knows systemd. Its output goes to a file, which is never full.</summary>
    private Process StartByManager(string address, out int sensor)
    {
        string manager = Path.Combine(_folder.Path, "systemd");
        File.CreateSymbolicLink(manager, "/bin/sh");
        string script = """dotnet exec "$0" run --json > "$1" & echo $!; wait $!""";
        var start = new ProcessStartInfo(manager, ["-c", script, typeof(RunCommand).Assembly.Location, Path.Combine(_folder.Path, "alerts")]) { RedirectStandardOutput = true };
        start.Environment["NOTIFY_SOCKET"] = address;
        start.Environment["WATCHDOG_USEC"] = "4000000";
        Process process = Process.Start(start)!;
        sensor = int.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        return process;
    }

    /// <summary>What comes next; empty when nothing does.</summary>
    private static string Receive(Socket socket)
    {
        Span<byte> message = stackalloc byte[256];
        try
        {
            return Encoding.UTF8.GetString(message[..socket.Receive(message)]);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return "";
        }
    }
}
