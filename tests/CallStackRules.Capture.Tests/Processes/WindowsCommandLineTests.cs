using CallStackRules.Capture.Processes;

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
}
