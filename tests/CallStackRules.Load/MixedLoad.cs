using System.ComponentModel;
using System.Diagnostics;

namespace CallStackRules.Load;

/// <summary>What a machine of developers does: shells, scripts of Python and of node, and a build with .NET.</summary>
internal static class MixedLoad
{
    private const string Shell = """
        for i in $(seq 150); do
          ls -l /etc | sort | tail -n 3 | while read line; do [ -n "$line" ]; done
          cat /etc/passwd | grep root | cut -d: -f1 > /dev/null
        done
        """;

    private const string Python = """
        import json, os, subprocess, sqlite3, threading, xml.dom.minidom, email, http.client, ctypes
        def deep(n): return open('/etc/hostname').close() if n == 0 else deep(n - 1)
        for i in range(150):
            deep(i % 60)
            json.load(os.popen('echo "{}"'))
            t = threading.Thread(target=deep, args=(5,)); t.start(); t.join()
        for i in range(30): subprocess.run(['/bin/true'])
        """;

    private const string Node = """
        const fs = require('fs'), child = require('child_process');
        function deep(n) { return n === 0 ? fs.closeSync(fs.openSync('/etc/hostname')) : deep(n - 1); }
        for (let i = 0; i < 2000; i++) deep(i % 60);
        for (let i = 0; i < 30; i++) child.spawnSync('/bin/true');
        for (let i = 0; i < 200; i++) fs.readFile('/etc/hostname', () => {});
        """;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType></PropertyGroup></Project>
        """;

    /// <summary>Runs it to its end. What is not installed is said and left out.</summary>
    /// <param name="folder">Where files may be written.</param>
    public static void Run(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "load.csproj"), Project);
        File.WriteAllText(Path.Combine(folder, "load.cs"), "System.Console.WriteLine(System.IO.File.ReadAllText(\"/etc/hostname\"));");
        Run(folder, "bash", "-c", Shell);
        Run(folder, "python3", "-c", Python);
        Run(folder, "node", "-e", Node);
        // Servers that outlive the build would be read for ever.
        Run(folder, "dotnet", "build", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-v:quiet", "-nologo");
        Run(folder, "dotnet", "run", "--no-build");
    }

    private static void Run(string folder, string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new LoadException($"{program} ended with {process.ExitCode}: {output}");
        }
        catch (Win32Exception e)
        {
            Console.WriteLine($"{program} is left out: {e.Message}");
        }
    }
}
