using CallStackRules.Capture.Sources.Sysmon;

namespace CallStackRules.Capture.Tests.Sysmon;

public class CallTraceReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(@"C:\Windows\SYSTEM32\ntdll.dll+9c584", @"Module C:\Windows\SYSTEM32\ntdll.dll 9c584")]
    [InlineData(@"C:\a.dll+1|C:\b.dll+22", @"Module C:\a.dll 1; Module C:\b.dll 22")]
    [InlineData(@"C:\a+b\c.dll+ff", @"Module C:\a+b\c.dll ff")]
    [InlineData(@"C:\w.dll+5(wow64)|UNKNOWN(00A1B2C3)(wow64)", @"Module C:\w.dll 5; Unbacked  a1b2c3")]
    [InlineData("UNKNOWN(00007FFA12345678)", "Unbacked  7ffa12345678")]
    [InlineData("UNKNOWN(0012F0A0)", "Unbacked  12f0a0")]
    [InlineData(@"C:\a.dll+1|UNKNOWN(FFFFF80312345678)|C:\b.dll+2", @"Module C:\a.dll 1")]
    [InlineData("UNKNOWN(8000000000000000)|UNKNOWN(0000000000001000)", "")]
    [InlineData("UNKNOWN(7FFFFFFFFFFFFFFF)", "Unbacked  7fffffffffffffff")]
    [InlineData("UNKNOWN()", "Malformed  0")]
    [InlineData("UNKNOWN(", "Malformed  0")]
    [InlineData("UNKNOWN(12345678901234567)", "Malformed  0")]
    [InlineData("UNKNOWN(xyz)", "Malformed  0")]
    [InlineData(@"C:\a.dll", "Malformed  0")]
    [InlineData(@"C:\a.dll+", "Malformed  0")]
    [InlineData(@"C:\a.dll+zz|C:\b.dll+2", @"Malformed  0; Module C:\b.dll 2")]
    [InlineData(@"C:\a.dll+00000000000000001", "Malformed  0")]
    [InlineData("+10", "Malformed  0")]
    [InlineData(@"C:\a.dll+1||C:\b.dll+2|", @"Module C:\a.dll 1; Malformed  0; Module C:\b.dll 2")]
    [InlineData("(wow64)", "Malformed  0")]
    public void A_trace_is_read_innermost_first_up_to_the_kernel(string trace, string expected)
    {
        var parts = new List<string>();
        var reader = new CallTraceReader(trace);
        while (reader.Read())
            parts.Add($"{reader.Kind} {reader.ModulePath} {reader.Value:x}");
        Assert.Equal(expected, string.Join("; ", parts));
    }
}
