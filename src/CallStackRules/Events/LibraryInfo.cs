using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>The library, or driver, that was loaded.</summary>
public sealed class LibraryInfo : IClearable
{
    private readonly CodeSignature _codeSignature = new();
    private readonly FileHashes _hash = new();
    private readonly PeInfo _pe = new();
    private readonly ObjectList<CodeSignature> _codeSignatures = new();
    private IFileFacts? _file;

    /// <summary>Full path.</summary>
    [EqlField("path")]
    public Text Path { get; set; }

    /// <summary>File name.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>Address the file was downloaded from.</summary>
    [EqlField("origin_url")]
    public Text OriginUrl { get; set; }

    /// <summary>Page that linked to the download.</summary>
    [EqlField("origin_referrer_url")]
    public Text OriginReferrerUrl { get; set; }

    /// <summary>Digests of the file.</summary>
    [EqlField("hash")]
    public FileHashes Hash
    {
        get
        {
            AskFile();
            return _hash;
        }
    }

    /// <summary>Signature of the file.</summary>
    [EqlField("code_signature", OperatingSystems = "windows macos")]
    public CodeSignature CodeSignature
    {
        get
        {
            AskFile();
            return _codeSignature;
        }
    }

    /// <summary>Headers of the file.</summary>
    [EqlField("pe", OperatingSystems = "windows")]
    public PeInfo Pe
    {
        get
        {
            AskFile();
            return _pe;
        }
    }

    /// <summary>All signatures of the file.</summary>
    [EqlField("Ext.code_signature", OperatingSystems = "windows macos")]
    public ObjectList<CodeSignature> CodeSignatures
    {
        get
        {
            AskFile();
            return _codeSignatures;
        }
    }

    /// <summary>Tricks against inspection that were found in the load.</summary>
    [EqlField("Ext.defense_evasions")]
    public TextList DefenseEvasions { get; } = new();

    /// <summary>Device the file lies on.</summary>
    [EqlField("Ext.device")]
    public DeviceInfo Device { get; } = new();

    /// <summary>How often this process has loaded the library so far, this time included.</summary>
    [EqlField("Ext.load_index")]
    public long? LoadIndex { get; set; }

    /// <summary>Seconds from the creation of the file to the load; negative for a file from the future.</summary>
    [EqlField("Ext.relative_file_creation_time")]
    public double? RelativeFileCreationTime { get; set; }

    /// <summary>Seconds from the last renaming of the file to the load; negative for a file from the future.</summary>
    [EqlField("Ext.relative_file_name_modify_time")]
    public double? RelativeFileNameModifyTime { get; set; }

    /// <summary>Size of the image in bytes.</summary>
    [EqlField("Ext.size")]
    public long? Size { get; set; }

    /// <summary>Zone the file was downloaded from: 3 is the Internet.</summary>
    [EqlField("Ext.windows.zone_identifier", OperatingSystems = "windows")]
    public long? ZoneIdentifier { get; set; }

    /// <summary>Says who knows signature, digests and headers of the file, so that they need not be asked for before somebody wants them.</summary>
    public void SetFileSource(IFileFacts facts) => _file = facts;

    /// <inheritdoc/>
    public void Clear()
    {
        _file = null;
        Path = default;
        Name = default;
        OriginUrl = default;
        OriginReferrerUrl = default;
        _hash.Clear();
        _codeSignature.Clear();
        _pe.Clear();
        _codeSignatures.Clear();
        DefenseEvasions.Clear();
        Device.Clear();
        LoadIndex = null;
        RelativeFileCreationTime = null;
        RelativeFileNameModifyTime = null;
        Size = null;
        ZoneIdentifier = null;
    }

    private void AskFile()
    {
        if (_file is not { } facts)
            return;
        _file = null;
        facts.Describe(this);
    }
}
