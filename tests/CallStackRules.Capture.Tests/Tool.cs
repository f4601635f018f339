using System.Diagnostics;

namespace CallStackRules.Capture.Tests;

/// <summary>Programs of the machine that some tests compare with.</summary>
internal static class Tool
{
    /// <summary>Whether a program can be run.</summary>
    public static bool IsThere(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));

    /// <summary>Runs a program to its end: whether it is there and did what it was asked for.</summary>
    public static bool TryRun(string name, string arguments)
    {
        if (!IsThere(name))
            return false;
        using Process process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>Runs a program to its end: its standard output.</summary>
    /// <param name="name">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="mayComplain">Whether it may end with 1: readelf does when a file names debug information that is not installed.</param>
    public static string Run(string name, string arguments, bool mayComplain = false)
    {
        using Process process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 || (mayComplain && process.ExitCode == 1), $"{name} {arguments} ended with {process.ExitCode}: {errors.Result}");
        return output;
    }
}
