using System.Reflection;
using System.Security;
using CallStackRules.Rules;

namespace CallStackRules.Sensor.Importing;

/// <summary>The project file that makes a folder of rules an assembly, <c>Rules.dll</c>.</summary>
internal static class RuleProject
{
    private const string FileName = "Rules.csproj";

    /// <summary>A project of the repository, by which a folder is known to be the repository.</summary>
    private static readonly string LibraryProject = Path.Combine("src", "CallStackRules", "CallStackRules.csproj");

    /// <summary>Whether a folder is a checkout of this project's repository.</summary>
    public static bool IsRepository(string folder) => File.Exists(Path.Combine(folder, LibraryProject));

    /// <summary>Writes it, unless the folder has a project file already.</summary>
    /// <param name="folder">The folder of the rules; it exists.</param>
    /// <param name="repository">A checkout to reference; null: the package.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void WriteIfMissing(string folder, string? repository)
    {
        if (!Directory.EnumerateFiles(folder, "*.csproj").Any())
            File.WriteAllText(Path.Combine(folder, FileName), repository is null ? WithPackage() : WithRepository(folder, repository));
    }

    private static string WithPackage()
    {
        AssemblyName library = typeof(RuleInfo).Assembly.GetName();
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">

              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>

              <ItemGroup>
                <PackageReference Include="{library.Name}" Version="{library.Version!.ToString(3)}" />
              </ItemGroup>

            </Project>

            """.ReplaceLineEndings("\n");
    }

    private static string WithRepository(string folder, string repository)
    {
        string path = SecurityElement.Escape(Path.GetRelativePath(folder, repository).Replace('\\', '/'));
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">

              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>

              <!-- What the package brings, from a checkout: the library, the generator, and the rule files for it. -->
              <Import Project="{path}/generators/CallStackRules.Generators/build/CallStackRules.Generators.props" />
              <ItemGroup>
                <ProjectReference Include="{path}/src/CallStackRules/CallStackRules.csproj" />
                <ProjectReference Include="{path}/generators/CallStackRules.Generators/CallStackRules.Generators.csproj" OutputItemType="Analyzer" ReferenceOutputAssembly="false" />
              </ItemGroup>

            </Project>

            """.ReplaceLineEndings("\n");
    }
}
