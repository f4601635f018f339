using System.Globalization;
using System.Text.RegularExpressions;
using CallStackRules.Capture.Symbols;
using CallStackRules.Capture.Unwinding;
using Xunit.Abstractions;

namespace CallStackRules.Capture.Tests.Unwinding;

/// <summary>Rows of real files, held against what binutils makes of the same bytes.</summary>
public partial class CallFrameRowsTests(ITestOutputHelper output)
{
    private static readonly string[] RegisterNames =
        ["rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "ra"];

    public static TheoryData<string> Files =>
    [
        "/bin/bash", "/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2",
        Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libcoreclr.so"),
    ];

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Every_row_of_a_file_is_what_readelf_says(string path)
    {
        Skip.IfNot(File.Exists(path), $"{path} is not on this machine");
        Skip.IfNot(Tool.IsThere("readelf"), "readelf is not installed");
        ElfImage image = ElfImage.Open(path, out string? refusal)!;
        Assert.Null(refusal);
        string[] columns = [];
        (int rows, int functions, ulong end) = (0, 0, 0);
        var mistakes = new List<string>();
        (ulong Address, string Row)? last = null;
        foreach (string line in Tool.Run("readelf", $"--debug-dump=frames-interp -W {path}", mayComplain: true).Split('\n'))
        {
            if (FunctionHeader().Match(line) is { Success: true } header)
            {
                functions++;
                end = ulong.Parse(header.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
            else if (line.Contains(" CIE ", StringComparison.Ordinal))
                end = 0;
            else if (line.TrimStart().StartsWith("LOC ", StringComparison.Ordinal))
                columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            else if (end != 0 && RowLine().Match(line) is { Success: true } match)
            {
                ulong address = ulong.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                string expected = match.Groups[2].Value.TrimEnd();
                // readelf prints a row for each advance; of two at one address the second holds.
                // A row that begins where the function ends is no row of it.
                if (address >= end)
                    continue;
                if (last is { } previous && previous.Address != address)
                    Compare(image, previous, columns, mistakes, ref rows);
                last = (address, expected);
                continue;
            }
            if (last is { } ended && line.Length == 0)
            {
                Compare(image, ended, columns, mistakes, ref rows);
                last = null;
            }
        }
        output.WriteLine($"{path}: {functions} functions, {rows} rows compared, table lists {image.CallFrames!.Count}");
        Assert.True(rows > 100 && functions > 10);
        Assert.True(mistakes.Count == 0, string.Join('\n', mistakes.Take(20)));
        Assert.Equal(functions, image.CallFrames.Count);
    }

    private static void Compare(ElfImage image, (ulong Address, string Row) expected, string[] columns, List<string> mistakes, ref int rows)
    {
        rows++;
        string actual = image.CallFrames!.TryFindRow(expected.Address, out UnwindRow row) ? Print(row, columns) : "no row";
        string wanted = string.Join(' ', RegisterRuleText().Replace(expected.Row, "$1").Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (actual != wanted)
            mistakes.Add($"{expected.Address:x}: {actual} is not {wanted}");
    }

    private static string Print(in UnwindRow row, string[] columns)
    {
        var parts = new List<string>();
        foreach (string column in columns)
        {
            if (column == "CFA")
                parts.Add(row.CfaKind == RegisterRuleKind.Expression ? "exp" : $"{RegisterNames[row.CfaRegister]}{row.CfaOffset:+0;-0;+0}");
            else if (Array.IndexOf(RegisterNames, column) is var register and >= 0)
                parts.Add(Print(row.Rules[register]));
        }
        return string.Join(' ', parts);
    }

    private static string Print(RegisterRule rule) => rule.Kind switch
    {
        RegisterRuleKind.Undefined => "u",
        RegisterRuleKind.Unspecified => "u",
        RegisterRuleKind.SameValue => "s",
        RegisterRuleKind.Offset => $"c{rule.Value:+0;-0;+0}",
        RegisterRuleKind.ValOffset => $"v{rule.Value:+0;-0;+0}",
        RegisterRuleKind.Register => RegisterNames[(int)rule.Value],
        RegisterRuleKind.Expression => "exp",
        _ => "vexp",
    };

    [GeneratedRegex(@"FDE cie=\w+ pc=(?:[0-9a-f]+)\.\.([0-9a-f]+)")]
    private static partial Regex FunctionHeader();

    [GeneratedRegex(@"r\d+ \((\w+)\)")]
    private static partial Regex RegisterRuleText();

    [GeneratedRegex("^([0-9a-f]{16}) (.*)$")]
    private static partial Regex RowLine();
}
