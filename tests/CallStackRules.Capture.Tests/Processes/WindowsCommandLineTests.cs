using CallStackRules.Capture.Processes;
using CsCheck;

namespace CallStackRules.Capture.Tests.Processes;

public class WindowsCommandLineTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  \t ", "")]
    [InlineData("cmd.exe /c  dir", "cmd.exe|/c|dir")]
    [InlineData("\"C:\\Program Files\\a.exe\" -x ", "C:\\Program Files\\a.exe|-x")]
    [InlineData("a \"\" b", "a||b")]
    [InlineData("a\"b c\"d", "ab cd")]
    [InlineData("\"open to the end", "open to the end")]
    [InlineData("\"a\"\"b\" c", "a\"b c")]
    [InlineData("a \"\"\"b c\"\"\" d", "a|\"b|c\"|d")]
    [InlineData("a\\\\b d\\e", "a\\\\b|d\\e")]
    [InlineData("a\\\"b c", "a\"b|c")]
    [InlineData("a\\\\\"b c\" d", "a\\b c|d")]
    [InlineData("a\\\\\\\"b c", "a\\\"b|c")]
    [InlineData("\"dir\\\\\" next", "dir\\|next")]
    [InlineData("tail\\", "tail\\")]
    [InlineData("x \\\\server\\share", "x|\\\\server\\share")]
    public void A_command_line_is_split_as_windows_programs_do(string commandLine, string expected)
    {
        Assert.Equal(expected, string.Join('|', WindowsCommandLine.Split(commandLine)));
    }

    [Theory]
    [InlineData(@"C:\a.exe run", @"C:\a.exe", "run")]
    [InlineData(@"""C:\Program Files\a.exe"" run", @"C:\Program Files\a.exe", "run")]
    [InlineData(@"a """" ""b c\\""", "a", "", @"b c\")]
    public void Arguments_are_quoted_only_where_they_must_be(string commandLine, params string[] arguments) =>
        Assert.Equal(commandLine, WindowsCommandLine.Join(arguments));

    [Fact]
    public void Joined_arguments_are_split_into_the_same() =>
        Gen.Char["a\\\" \t"].Array[0, 8].Select(characters => new string(characters)).Array[1, 4].Check(
            arguments => Assert.Equal(arguments, WindowsCommandLine.Split(WindowsCommandLine.Join(arguments))), iter: 5000);
}
