using System.Text;
using System.Xml;

namespace CallStackRules.Eql.Schema;

/// <summary>Turns XML documentation into a line of plain text.</summary>
public static class DocumentationText
{
    /// <summary>The summary of a member's documentation as a compiler gives it (<c>&lt;member&gt;..&lt;/member&gt;</c>); empty when there is none or it is not XML.</summary>
    public static string Summary(string? member)
    {
        if (string.IsNullOrWhiteSpace(member))
            return "";
        var document = new XmlDocument { XmlResolver = null };
        try
        {
            document.LoadXml(member!);
        }
        catch (XmlException)
        {
            return "";
        }
        return document.SelectSingleNode("//summary") is { } summary ? Plain(summary) : "";
    }

    /// <summary>The text of an element, references by their last name, blanks folded.</summary>
    public static string Plain(XmlNode element)
    {
        var text = new StringBuilder();
        Append(element, text);
        return string.Join(" ", text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static void Append(XmlNode node, StringBuilder text)
    {
        foreach (XmlNode child in node.ChildNodes)
        {
            if (child.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                text.Append(child.Value);
            else if (child.Attributes?["cref"]?.Value is { } reference)
                text.Append(reference.Substring(reference.LastIndexOf('.') + 1));
            else if ((child.Attributes?["name"] ?? child.Attributes?["langword"])?.Value is { } name)
                text.Append(name);
            else
                Append(child, text);
        }
    }
}
