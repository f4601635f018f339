using CallStackRules.Capture.Symbols;
using CallStackRules.Capture.Tests.Symbols;

namespace CallStackRules.Fuzz.Targets;

/// <summary>A file of Windows whose exports and original name somebody wants to know.</summary>
internal static class PeFile
{
    public static readonly FuzzTarget Target = new("pe", static () => [Image(is64Bit: true), Image(is64Bit: false)], Read);

    private static byte[] Image(bool is64Bit)
    {
        var writer = new PeWriter(is64Bit) { Version = VersionWriter.Version(("CompanyName", "A maker"), ("OriginalFilename", "a.dll")) };
        for (uint i = 0; i < 20; i++)
            writer.Export(PeWriter.CodeStart + (i * 16), $"Function{i}");
        writer.Export(PeWriter.CodeStart + 0x400);
        writer.Forward("Elsewhere", "NTDLL.RtlElsewhere");
        return writer.ToArray();
    }

    private static void Read(byte[] input)
    {
        try
        {
            PeVersion.OriginalFileName(new MemoryStream(input));
            PeExports.Read(new MemoryStream(input)).TryFindSymbol(PeWriter.CodeStart + 8, out _, out _);
        }
        catch (BadImageFormatException)
        {
            // Declared: the file is no image, or damaged.
        }
    }
}
