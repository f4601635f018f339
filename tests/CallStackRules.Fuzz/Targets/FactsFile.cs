using System.Text;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Fuzz.Targets;

/// <summary>Recorded answers of a system, beside a trace.</summary>
internal static class FactsFile
{
    public static readonly FuzzTarget Target = new("facts", static () => [Encoding.UTF8.GetBytes(Lines)], Read) { Form = InputForm.Json };

    private const string Lines = """
        {"version":1}
        {"device":"\\Device\\HarddiskVolume3","drive":"C:"}
        {"of":{"process":10,"start":0,"address":4096,"time":5},"region":{"base":4096,"size":4096,"allocationBase":4096,"protection":64,"state":4096,"type":131072,"mappedPath":"a"}}
        {"of":{"process":10,"start":0,"address":4096,"time":5},"privateBytes":8192}
        {"of":{"process":10,"start":0,"address":4096,"time":5},"bytes":"6AECAwQ="}
        {"path":"C:\\a","file":{"sha256":"ab","signature":{"exists":true,"trusted":true,"status":"trusted","subject":"b"},"originalFileName":"c"}}
        {"path":"C:\\a","time":5,"header":"4d5a9000"}
        {"path":"C:\\a","image":{"timestamp":1,"checksum":2,"size":3},"exports":[{"rva":16,"sectionEnd":4096,"name":"f"},{"rva":32,"sectionEnd":4096,"name":"g"}]}

        """;

    private static void Read(byte[] input)
    {
        using var file = new InputFile(input);
        try
        {
            using var facts = new RecordedFacts(file.Path);
            var question = new MemoryQuestion(10, 0, 4096, 7);
            facts.Region(question);
            facts.PrivateBytes(question);
            facts.Read(question, stackalloc byte[8]);
            facts.File(@"C:\a");
            facts.Header(new FileQuestion(@"C:\a", 7));
            facts.Symbols(new ImageIdentity(@"C:\a", 1, 2, 3))?.TryFindSymbol(20, out _, out _);
        }
        catch (InvalidDataException e) when (e.Message.StartsWith(file.Path, StringComparison.Ordinal))
        {
            // Declared: the file is damaged, and it is said where.
        }
    }
}
