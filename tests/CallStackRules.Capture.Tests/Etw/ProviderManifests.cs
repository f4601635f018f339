using System.Text;
using System.Xml.Linq;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>The manifests of providers whose events are decoded, which TraceEvent would have from Windows, made of <c>providers.txt</c>.</summary>
internal static class ProviderManifests
{
    private static readonly XNamespace Events = "http://schemas.microsoft.com/win/2004/08/events";

    /// <summary>Lets TraceEvent know the fields.</summary>
    public static void Register(DynamicTraceEventParser parser)
    {
        foreach (XElement provider in Read(Path.Combine(AppContext.BaseDirectory, "Etw", "providers.txt")))
        {
            var manifest = new XElement(Events + "instrumentationManifest", new XElement(Events + "instrumentation", new XElement(Events + "events", provider)));
            byte[] bytes = Encoding.UTF8.GetBytes(manifest.ToString());
            using var stream = new MemoryStream(bytes);
            parser.AddDynamicProvider(new ProviderManifest(stream, bytes.Length));
        }
    }

    private static List<XElement> Read(string path)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        var providers = new List<XElement>();
        foreach (string line in File.ReadLines(path))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("provider ", StringComparison.Ordinal))
            {
                string[] words = line.Split(' ');
                providers.Add(new XElement(Events + "provider",
                    new XAttribute("name", words[1]), new XAttribute("guid", $"{{{words[2]}}}"), new XAttribute("symbol", "P"),
                    new XElement(Events + "tasks"), new XElement(Events + "events"), new XElement(Events + "templates")));
            }
            else if (line.Split(" = ") is [var name, var fields])
            {
                parts[name] = fields;
            }
            else
            {
                Add(providers[^1], line, parts);
            }
        }
        return providers;
    }

    private static void Add(XElement provider, string line, Dictionary<string, string> parts)
    {
        string[] halves = line.Split(": ");
        string[] words = halves[0].Split(' ');
        provider.Element(Events + "tasks")!.Add(new XElement(Events + "task", new XAttribute("name", words[2]), new XAttribute("value", words[0])));
        provider.Element(Events + "events")!.Add(new XElement(Events + "event",
            new XAttribute("value", words[0]), new XAttribute("version", words[1]), new XAttribute("task", words[2]), new XAttribute("template", words[2])));
        var template = new XElement(Events + "template", new XAttribute("tid", words[2]));
        foreach (string field in Expand(halves[1], parts))
        {
            string[] typeAndName = field.Split(' ');
            // Parts come more than once; only names that come once are asked for.
            string name = template.Elements().Any(other => (string)other.Attribute("name")! == typeAndName[1]) ? $"{typeAndName[1]}{template.Elements().Count()}" : typeAndName[1];
            template.Add(new XElement(Events + "data", new XAttribute("name", name), new XAttribute("inType", $"win:{typeAndName[0]}")));
        }
        provider.Element(Events + "templates")!.Add(template);
    }

    private static IEnumerable<string> Expand(string fields, Dictionary<string, string> parts) =>
        fields.Split(", ").SelectMany(field => parts.TryGetValue(field, out string? part) ? Expand(part, parts) : [field]);
}
