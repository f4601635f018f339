using System.Diagnostics;

namespace CallStackRules.Sensor.Tests.Packaging;

public sealed class PackageTests : IDisposable
{
    /// <summary>Much longer than it takes, even on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_project_with_the_package_and_a_rule_file_compiles_and_runs_the_rule()
    {
        // No cache knows this version.
        string version = $"0.0.1-test.{Guid.NewGuid():N}";
        string configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        string library = Path.Combine(Repository.Root, "src", "CallStackRules");
        await RunDotnet("pack", library, "--no-build", "-c", configuration, $"-p:PackageVersion={version}", "-o", _folder["source"]);

        _folder.Write(
            "nuget.config",
            "<configuration>",
            "  <config><add key=\"globalPackagesFolder\" value=\"packages\" /></config>",
            "  <packageSources><clear /><add key=\"local\" value=\"source\" /></packageSources>",
            "</configuration>");
        _folder.Write(
            "app/App.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\">",
            "  <PropertyGroup>",
            "    <OutputType>Exe</OutputType>",
            "    <TargetFramework>net10.0</TargetFramework>",
            "    <ImplicitUsings>enable</ImplicitUsings>",
            "    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>",
            "  </PropertyGroup>",
            "  <ItemGroup>",
            $"    <PackageReference Include=\"CallStackRules\" Version=\"{version}\" />",
            "  </ItemGroup>",
            "</Project>");
        _folder.Write(
            "app/rules/shell.eql",
            "// @id 3f0c6a52-0000-4000-8000-000000000001",
            "// @name A shell starts",
            "process where process.name : (\"cmd.exe\", \"power*.exe\")");
        _folder.Write(
            "app/Program.cs",
            """
            using CallStackRules.Events;
            using CallStackRules.Rules;

            var rules = new App.RulePack();
            var matches = new List<EventRule<EndpointEvent>>();
            foreach (string name in (string[])["cmd.exe", "notepad.exe", "PowerShell.exe"])
            {
                var e = new EndpointEvent { Process = new ProcessInfo { Name = name } };
                e.Event.Category.Add("process");
                matches.Clear();
                rules.Match(e, matches);
                Console.WriteLine($"{name}: {string.Join(", ", matches.Select(rule => rule.Info.Name))}");
            }
            """);
        string output = await RunDotnet("run", "--project", _folder["app"], "-p:UseSharedCompilation=false");

        Assert.Equal(["cmd.exe: A shell starts", "notepad.exe: ", "PowerShell.exe: A shell starts"], output.TrimEnd('\r', '\n').ReplaceLineEndings("\n").Split('\n'));
    }

    private async Task<string> RunDotnet(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        // What the build that runs the tests has set is not for this one.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}:\n{await output}\n{await error}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
