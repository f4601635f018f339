using System.Text;
using CallStackRules.Capture.Sources.Sysmon;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Sysmon;

public class SysmonRecordTests
{
    private readonly SysmonRecord _record = new();
    private readonly TextBuffer _buffer = new();

    [Theory]
    [InlineData("""{"EventID":1,"Image":"C:\\a.exe"}""")]
    [InlineData("""{"EventId":1,"Image":"C:\\a.exe"}""")]
    [InlineData("""{"EventID":"1","Image":"C:\\a.exe"}""")]
    [InlineData("""{"tags":["a",{"Image":"x"}],"Image":"C:\\a.exe","host":{"EventID":7},"EventID":1}""")]
    [InlineData("""{"winlog":{"event_data":{"Image":"C:\\a.exe"},"event_id":1,"user":{"Image":"no"}}}""")]
    [InlineData("""{"Event":{"System":{"EventID":1,"Execution":{"EventID":2}},"EventData":{"Image":"C:\\a.exe"}}}""")]
    [InlineData("""{"_index":"x","_source":{"winlog":{"event_id":1,"event_data":{"Image":"C:\\a.exe"}}}}""")]
    [InlineData("""{"EventID":9,"Image":null,"EventID":1,"Image":"C:\\a.exe"}""")]
    [InlineData(""" { "EventID" : 1 , "Image" : "C:\u005ca.exe" } """)]
    public void Every_shape_of_export_gives_the_same_values(string line)
    {
        Assert.True(Read(line));
        Assert.Equal(1, _record.Number(SysmonKey.EventId));
        Assert.Equal(@"C:\a.exe", _record.Text(SysmonKey.Image, _buffer).ToString());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"-\"")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("\"{00000000-0000-0000-0000-000000000000}\"")]
    [InlineData("\"<unknown process>\"")]
    [InlineData("\"&lt;unknown process&gt;\"")]
    [InlineData("\"\\u003cunknown process\\u003e\"")]
    public void What_stands_for_no_value_is_missing(string json)
    {
        Assert.True(Read($$"""{"Image":{{json}},"ProcessGuid":{{json}}}"""));
        Assert.False(_record.Has(SysmonKey.Image));
        Assert.True(_record.Text(SysmonKey.Image, _buffer).IsMissing);
        Assert.True(_record.Scratch(SysmonKey.ProcessGuid, _buffer).IsEmpty);
        Assert.Null(_record.Number(SysmonKey.Image));
    }

    [Theory]
    [InlineData("42", 42L)]
    [InlineData("\"42\"", 42L)]
    [InlineData("\"0x1fffff\"", 0x1FFFFFL)]
    [InlineData("\"0X10\"", 16L)]
    [InlineData("\"0xFFFFFFFFFFFFFFFF\"", -1L)]
    [InlineData("\"0x\"", null)]
    [InlineData("\"0x11112222333344445\"", null)]
    [InlineData("\"12 \"", null)]
    [InlineData("\"99999999999999999999\"", null)]
    [InlineData("1.5", null)]
    [InlineData("true", null)]
    public void A_number_may_be_quoted_and_hexadecimal(string json, long? expected)
    {
        Assert.True(Read($$"""{"ProcessId":{{json}}}"""));
        Assert.Equal(expected, _record.Number(SysmonKey.ProcessId));
    }

    [Fact]
    public void Values_from_nxlog_lose_their_xml_references_and_others_keep_them()
    {
        Assert.True(Read("""{"PipeName":"&lt;a&gt;","SourceModuleType":"im_msvistalog"}"""));
        Assert.Equal("<a>", _record.Text(SysmonKey.PipeName, _buffer).ToString());
        Assert.True(Read("""{"PipeName":"&lt;a&gt;"}"""));
        Assert.Equal("&lt;a&gt;", _record.Text(SysmonKey.PipeName, _buffer).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"EventID":1""")]
    [InlineData("""{"EventID":1}}""")]
    [InlineData("""{"EventID":1} {"EventID":2}""")]
    [InlineData("""{"EventID":1,}""")]
    [InlineData("""{"Image":"\x41"}""")]
    [InlineData("""{"Image":"\u12"}""")]
    [InlineData("""{"Image":"\u12zz"}""")]
    [InlineData("""{"Image":"ends\""")]
    [InlineData("""{"winlog":{"event_data":{"Image":"a"}}""")]
    public void A_line_that_is_not_one_whole_object_is_refused(string line)
    {
        Assert.False(Read(line));
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        Assert.False(Read(string.Concat(Enumerable.Repeat("""{"winlog":""", 100_000))));
        Assert.False(Read("""{"a":""" + new string('[', 1_000_000)));
    }

    private bool Read(string line) => _record.TryRead(Encoding.UTF8.GetBytes(line));
}
