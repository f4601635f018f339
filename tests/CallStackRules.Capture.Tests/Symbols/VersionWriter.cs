using System.Text;

namespace CallStackRules.Capture.Tests.Symbols;

/// <summary>Makes version resources of images.</summary>
internal static class VersionWriter
{
    /// <summary>A resource with these texts.</summary>
    public static byte[] Version(params (string Name, string Value)[] texts)
    {
        byte[][] strings = [.. texts.Select(static text => Block(text.Name, Encoding.Unicode.GetBytes(text.Value + "\0"), isText: true))];
        return Block("VS_VERSION_INFO", new byte[52], isText: false, Block("StringFileInfo", [], isText: true, Block("040904b0", [], isText: true, strings)));
    }

    private static byte[] Block(string name, byte[] value, bool isText, params byte[][] blocks)
    {
        var content = new List<byte>(new byte[6]);
        content.AddRange(Encoding.Unicode.GetBytes(name + "\0"));
        Align(content);
        content.AddRange(value);
        foreach (byte[] block in blocks)
        {
            Align(content);
            content.AddRange(block);
        }
        byte[] bytes = [.. content];
        BitConverter.TryWriteBytes(bytes, (ushort)bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(2), (ushort)(isText ? value.Length / 2 : value.Length));
        BitConverter.TryWriteBytes(bytes.AsSpan(4), (ushort)(isText ? 1 : 0));
        return bytes;
    }

    private static void Align(List<byte> bytes) => bytes.AddRange(new byte[-bytes.Count & 3]);
}
