using System.Text;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Sysmon;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Sysmon;

public class SysmonTextTests
{
    private readonly TextBuffer _buffer = new();

    [Theory]
    [InlineData(@"HKLM\SOFTWARE\A\B", true, @"HKLM\SOFTWARE\A\B", "HKLM", @"SOFTWARE\A", "B")]
    [InlineData(@"HKLM\SOFTWARE\A\B", false, @"HKLM\SOFTWARE\A\B", "HKLM", @"SOFTWARE\A\B", null)]
    [InlineData(@"HKU\S-1-5-21-1\Run\x", true, @"HKEY_USERS\S-1-5-21-1\Run\x", "HKEY_USERS", @"S-1-5-21-1\Run", "x")]
    [InlineData("HKU", false, "HKEY_USERS", "HKEY_USERS", null, null)]
    [InlineData(@"HKUX\a", false, @"HKUX\a", "HKUX", "a", null)]
    [InlineData("HKCR", false, "HKCR", "HKCR", null, null)]
    [InlineData(@"HKLM\v", true, @"HKLM\v", "HKLM", null, "v")]
    [InlineData(@"HKLM\", false, @"HKLM\", "HKLM", null, null)]
    [InlineData(@"\REGISTRY\A\{1}\k\v", true, @"\REGISTRY\A\{1}\k\v", null, null, "v")]
    [InlineData(null, true, null, null, null, null)]
    public void A_registry_path_has_hive_key_and_value(string? target, bool namesValue, string? path, string? hive, string? key, string? value)
    {
        Assert.Equal(new RegistryPath(path, hive, key, value), RegistryPath.Split(target, namesValue, _buffer));
    }

    [Theory]
    [InlineData("DWORD (0x00000001)", "1", "REG_DWORD")]
    [InlineData("DWORD (0xffffffff)", "4294967295", "REG_DWORD")]
    [InlineData("QWORD (0x00000001-0x00000002)", "4294967298", "REG_QWORD")]
    [InlineData("QWORD (0xffffffff-0xffffffff)", "18446744073709551615", "REG_QWORD")]
    [InlineData("Binary Data", null, "REG_BINARY")]
    [InlineData("(Empty)", null, null)]
    [InlineData("DWORD (0x1", "DWORD (0x1", null)]
    [InlineData("DWORD (0xzz)", "DWORD (0xzz)", null)]
    [InlineData("QWORD (0x1)", "QWORD (0x1)", null)]
    [InlineData(@"C:\evil.exe -a", @"C:\evil.exe -a", null)]
    [InlineData(null, null, null)]
    public void Registry_data_is_the_text_that_rules_compare(string? details, string? text, string? type)
    {
        Assert.Equal(new RegistryDetails(text, type), RegistryDetails.Read(details, _buffer));
    }

    [Theory]
    [InlineData("127.0.0.1;", "127.0.0.1")]
    [InlineData("fe80::8511:34e6;::ffff:172.18.39.6;", "fe80::8511:34e6 172.18.39.6")]
    [InlineData("type:  5 geo.example.net;::FFFF:20.44.239.154;", "20.44.239.154")]
    [InlineData("type:  6 ;172.18.38.5", "172.18.38.5")]
    [InlineData("::ffff:1", "::ffff:1")]
    [InlineData(";;;", "")]
    [InlineData("", "")]
    public void Addresses_are_taken_from_dns_results(string results, string expected)
    {
        var addresses = new TextList();
        DnsResults.AddAddresses(results, addresses);
        Assert.Equal(expected, Joined(addresses));
    }

    [Theory]
    [InlineData("0:0:0:0:0:0:0:1", "::1")]
    [InlineData("0:0:0:0:0:0:0:0", "::")]
    [InlineData("fe80:0:0:0:c82a:1ede:d7bd:6e6e", "fe80::c82a:1ede:d7bd:6e6e")]
    [InlineData("1:0:0:2:0:0:0:3", "1:0:0:2::3")]
    [InlineData("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::")]
    [InlineData("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7")]
    [InlineData("10:0:20:30:4:5:600:70", "10:0:20:30:4:5:600:70")]
    [InlineData("fe80::1", "fe80::1")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData(":::::::", ":::::::")]
    [InlineData(null, null)]
    public void Addresses_are_written_as_rules_ask_for_them(string? address, string? expected)
    {
        Assert.Equal(new CallStackRules.Events.Text(expected), NetworkAddress.Shorten(address, _buffer));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(0x1400, "PROCESS_QUERY_INFORMATION PROCESS_QUERY_LIMITED_INFORMATION")]
    [InlineData(0x1010, "PROCESS_VM_READ PROCESS_QUERY_LIMITED_INFORMATION")]
    [InlineData(0x1FFFFF, "PROCESS_ALL_ACCESS")]
    [InlineData(0x101FFFFF, "PROCESS_ALL_ACCESS GENERIC_ALL")]
    [InlineData(0x8000_0000, "GENERIC_READ")]
    [InlineData(0x4000, "")]
    public void An_access_mask_is_named_right_by_right(long mask, string expected)
    {
        var names = new TextList();
        AccessRights.AddOfProcess(mask, names);
        Assert.Equal(expected, Joined(names));
    }

    [Theory]
    [InlineData("SHA1=AB,MD5=CD,SHA256=EF,IMPHASH=01", "md5", "CD")]
    [InlineData("SHA1=AB,MD5=CD,SHA256=EF,IMPHASH=01", "imphash", "01")]
    [InlineData("SHA256=EF", "sha1", "")]
    [InlineData("IMPHASH=00000000000000000000000000000000", "imphash", "")]
    [InlineData("md5=ab , sha1 = cd", "SHA1", "cd")]
    [InlineData("Unknown", "md5", "")]
    [InlineData("MD5=,,=", "md5", "")]
    [InlineData("", "md5", "")]
    public void A_hash_is_found_by_its_name(string list, string name, string expected)
    {
        Assert.Equal(expected, HashList.Find(list, name).ToString());
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(@"a\\b\/c\""d\n\r\t\b\f", "a\\b/c\"d\n\r\t\b\f")]
    [InlineData(@"\u0041\u00e9\uD83D\uDE00!", "A\u00e9\U0001F600!")]
    [InlineData(@"end\", @"end\")]
    [InlineData(@"\u12", "u12")]
    public void Json_escapes_are_resolved(string escaped, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(escaped);
        var room = new char[bytes.Length];
        Assert.Equal(expected, new string(room, 0, JsonText.Unescape(bytes, room)));
    }

    [Fact]
    public void A_lone_surrogate_stays_as_file_names_may_have_it()
    {
        var room = new char[8];
        Assert.Equal(3, JsonText.Unescape("x\\ud800y"u8, room));
        Assert.Equal(['x', '\ud800', 'y'], room[..3]);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_replaced_and_do_not_hide_the_rest()
    {
        var room = new char[4];
        Assert.Equal(4, JsonText.Transcode([0x61, 0xFF, 0xC3, 0x62], room));
        Assert.Equal("a\uFFFD\uFFFDb", new string(room));
    }

    [Theory]
    [InlineData("&lt;Anonymous Pipe&gt;", "<Anonymous Pipe>")]
    [InlineData("a&amp;lt;b", "a&lt;b")]
    [InlineData("&quot;&apos;&", "\"'&")]
    [InlineData("&nbsp;&amp", "&nbsp;&amp")]
    public void Xml_references_are_resolved_once(string text, string expected)
    {
        char[] characters = text.ToCharArray();
        Assert.Equal(expected, new string(characters, 0, XmlText.ResolveReferences(characters)));
    }

    private static string Joined(TextList texts) => string.Join(' ', Enumerable.Range(0, texts.Count).Select(i => texts[i].ToString()));
}
