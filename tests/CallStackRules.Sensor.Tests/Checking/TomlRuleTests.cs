using CallStackRules.Sensor.Checking;

namespace CallStackRules.Sensor.Tests.Checking;

public class TomlRuleTests
{
    [Theory]
    [InlineData("[rule]\nquery = '''\nprocess where HERE\n'''\n")]
    [InlineData("[rule]\r\nname = \"é 😀\"\r\nquery = '''\r\nprocess where\r\n  HERE\r\n'''\r\n")]
    [InlineData("# 😀\n[rule]\nquery = '''process where HERE'''\n")]
    [InlineData("[rule]\nquery = 'process where HERE'\n")]
    [InlineData("[rule]\n\"query\" = \"process where HERE\"\n")]
    [InlineData("[rule]\nquery = \"a \\\"b\\\\c\\\" \\t \\u0041 \\x41 HERE\"\n")]
    [InlineData("[rule]\nquery = \"\\U0001F600 \\U00000041 HERE\"\n")]
    [InlineData("[rule]\nquery = \"\"\"\nprocess \\\n    where \\n HERE\"\"\"\n")]
    [InlineData("[rule]\nquery = \"\"\"\r\nprocess \\  \r\n\r\n  where HERE\"\"\"\r\n")]
    [InlineData("title = 'x'\n[other]\nquery = 'no'\n[rule]\nname = 'n'\nquery = 'HERE'\n[[threat]]\nquery = 'no'\n")]
    public void A_place_in_the_query_is_found_in_the_file(string text)
    {
        TomlRule rule = TomlRule.Read(text);

        int inQuery = rule.Query.IndexOf("HERE", StringComparison.Ordinal);
        Assert.True(inQuery >= 0, rule.Query);
        Assert.Equal(text.IndexOf("HERE", StringComparison.Ordinal), rule.OffsetInFile(inQuery));
    }

    [Theory]
    [InlineData("", "(1,1): The file has no text 'query'")]
    [InlineData("[rule]\nname = 'x'\n", "(1,1): The file has no text 'query'")]
    [InlineData("[rule]\nquery = 3\n", "(1,1): The file has no text 'query'")]
    [InlineData("[rule]\nquery = 'a\n", "(2,")]
    [InlineData("[rule]\nquery = 'a'\nquery = 'b'\n", "(3,1)")]
    [InlineData("[rule]\nquery = \"\\uD800\"\n", "(")]
    [InlineData("[rule]\nquery = \"\\U", "(1,1): A \\u or \\U in a text stands for no character.")]
    public void A_file_that_is_no_rule_says_so(string text, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => TomlRule.Read(text));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        var error = Assert.Throws<InvalidDataException>(() => TomlRule.Read($"[rule]\nx = {new string('[', 100_000)}\nquery = 'a'\n"));

        Assert.StartsWith("(1,1): ", error.Message, StringComparison.Ordinal);
    }
}
