using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>A web request and its answer.</summary>
public sealed class HttpInfo : IClearable
{
    /// <summary>Method, as in <c>GET</c>.</summary>
    [EqlField("request.method")]
    public Text RequestMethod { get; set; }

    /// <summary>Page that led to the request.</summary>
    [EqlField("request.referrer")]
    public Text RequestReferrer { get; set; }

    /// <summary>Size of the request.</summary>
    [EqlField("request.bytes")]
    public long? RequestBytes { get; set; }

    /// <summary>Size of the request's body.</summary>
    [EqlField("request.body.bytes")]
    public long? RequestBodyBytes { get; set; }

    /// <summary>Body of the request.</summary>
    [EqlField("request.body.content")]
    public Text RequestBodyContent { get; set; }

    /// <summary>Status of the answer.</summary>
    [EqlField("response.status_code")]
    public long? ResponseStatusCode { get; set; }

    /// <summary>Size of the answer.</summary>
    [EqlField("response.bytes")]
    public long? ResponseBytes { get; set; }

    /// <summary>Size of the answer's body.</summary>
    [EqlField("response.body.bytes")]
    public long? ResponseBodyBytes { get; set; }

    /// <summary>Body of the answer.</summary>
    [EqlField("response.body.content")]
    public Text ResponseBodyContent { get; set; }

    /// <summary>Media type of the answer.</summary>
    [EqlField("response.mime_type")]
    public Text ResponseMimeType { get; set; }

    /// <summary>Version of the protocol.</summary>
    [EqlField("version")]
    public Text Version { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        RequestMethod = default;
        RequestReferrer = default;
        RequestBytes = null;
        RequestBodyBytes = null;
        RequestBodyContent = default;
        ResponseStatusCode = null;
        ResponseBytes = null;
        ResponseBodyBytes = null;
        ResponseBodyContent = default;
        ResponseMimeType = default;
        Version = default;
    }
}
