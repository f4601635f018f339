using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>The file an event is about.</summary>
public sealed class FileDetails : IClearable
{
    private EventPart<FileHashes> _hash = new(new());
    private EventPart<CodeSignature> _codeSignature = new(new());
    private EventPart<PeInfo> _pe = new(new());
    private EventPart<DeviceInfo> _volumeDevice = new(new());
    private IFileContent? _content;
    private Text _headerBytes;

    /// <summary>Full path.</summary>
    [EqlField("path")]
    public Text Path { get; set; }

    /// <summary>File name with its extension.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>Directory the file is in.</summary>
    [EqlField("directory")]
    public Text Directory { get; set; }

    /// <summary>What follows the name's last dot, without the dot.</summary>
    [EqlField("extension")]
    public Text Extension { get; set; }

    /// <summary>Drive letter.</summary>
    [EqlField("drive_letter", OperatingSystems = "windows")]
    public Text DriveLetter { get; set; }

    /// <summary>Size in bytes.</summary>
    [EqlField("size")]
    public long? Size { get; set; }

    /// <summary><c>file</c>, <c>dir</c> or <c>symlink</c>.</summary>
    [EqlField("type")]
    public Text Type { get; set; }

    /// <summary>What a symbolic link points to.</summary>
    [EqlField("target_path")]
    public Text TargetPath { get; set; }

    /// <summary>Media type of the content.</summary>
    [EqlField("mime_type")]
    public Text MimeType { get; set; }

    /// <summary>Attributes such as <c>hidden</c> or <c>readonly</c>.</summary>
    [EqlField("attributes")]
    public TextList Attributes { get; } = new();

    /// <summary>Name of the owner.</summary>
    [EqlField("owner")]
    public Text Owner { get; set; }

    /// <summary>Name of the owning group.</summary>
    [EqlField("group")]
    public Text Group { get; set; }

    /// <summary>Identifier of the owner.</summary>
    [EqlField("uid", IsDecimal = true)]
    public Text Uid { get; set; }

    /// <summary>Identifier of the owning group.</summary>
    [EqlField("gid", IsDecimal = true)]
    public Text Gid { get; set; }

    /// <summary>Permission bits, octal text.</summary>
    [EqlField("mode")]
    public Text Mode { get; set; }

    /// <summary>Inode number.</summary>
    [EqlField("inode")]
    public Text Inode { get; set; }

    /// <summary>Device the file lies on.</summary>
    [EqlField("device")]
    public Text Device { get; set; }

    /// <summary>When the content last changed, ISO 8601.</summary>
    [EqlField("mtime")]
    public Text Modified { get; set; }

    /// <summary>When the metadata last changed, ISO 8601.</summary>
    [EqlField("ctime")]
    public Text Changed { get; set; }

    /// <summary>When the file was created, ISO 8601.</summary>
    [EqlField("created")]
    public Text Created { get; set; }

    /// <summary>When the file was last read, ISO 8601.</summary>
    [EqlField("accessed")]
    public Text Accessed { get; set; }

    /// <summary>Address the file was downloaded from.</summary>
    [EqlField("origin_url")]
    public Text OriginUrl { get; set; }

    /// <summary>Page that linked to the download.</summary>
    [EqlField("origin_referrer_url")]
    public Text OriginReferrerUrl { get; set; }

    /// <summary>Digests of the content.</summary>
    [EqlField("hash")]
    public FileHashes Hash => _hash.Value;

    /// <summary>Signature of the file.</summary>
    [EqlField("code_signature", OperatingSystems = "windows macos")]
    public CodeSignature CodeSignature => _codeSignature.Value;

    /// <summary>Headers of the file.</summary>
    [EqlField("pe", OperatingSystems = "windows")]
    public PeInfo Pe => _pe.Value;

    /// <summary>All signatures of the file.</summary>
    [EqlField("Ext.code_signature", OperatingSystems = "windows macos")]
    public ObjectList<CodeSignature> CodeSignatures { get; } = new();

    /// <summary>Device the file lies on.</summary>
    [EqlField("Ext.device")]
    public DeviceInfo VolumeDevice => _volumeDevice.Value;

    /// <summary>Entropy of the content in bits per byte, 0 to 8.</summary>
    [EqlField("Ext.entropy")]
    public double? Entropy { get; set; }

    /// <summary>First 16 bytes of the file, lower-case hexadecimal.</summary>
    [EqlField("Ext.header_bytes")]
    public Text HeaderBytes
    {
        get
        {
            if (_content is { } content)
            {
                _content = null;
                content.Describe(this);
            }
            return _headerBytes;
        }
        set => _headerBytes = value;
    }

    /// <summary>Properties read from the file's header.</summary>
    [EqlField("Ext.header_data")]
    public TextList HeaderData { get; } = new();

    /// <summary>Number that grows with every file event.</summary>
    [EqlField("Ext.monotonic_id")]
    public long? MonotonicId { get; set; }

    /// <summary>Path before the change.</summary>
    [EqlField("Ext.original.path")]
    public Text OriginalPath { get; set; }

    /// <summary>File name before the change.</summary>
    [EqlField("Ext.original.name")]
    public Text OriginalName { get; set; }

    /// <summary>Extension before the change.</summary>
    [EqlField("Ext.original.extension")]
    public Text OriginalExtension { get; set; }

    /// <summary>Permission bits before the change, octal text.</summary>
    [EqlField("Ext.original.mode")]
    public Text OriginalMode { get; set; }

    /// <summary>Name of the owner before the change.</summary>
    [EqlField("Ext.original.owner")]
    public Text OriginalOwner { get; set; }

    /// <summary>Name of the owning group before the change.</summary>
    [EqlField("Ext.original.group")]
    public Text OriginalGroup { get; set; }

    /// <summary>Identifier of the owner before the change.</summary>
    [EqlField("Ext.original.uid", IsDecimal = true)]
    public Text OriginalUid { get; set; }

    /// <summary>Identifier of the owning group before the change.</summary>
    [EqlField("Ext.original.gid", IsDecimal = true)]
    public Text OriginalGid { get; set; }

    /// <summary>Where the sensor put a copy.</summary>
    [EqlField("Ext.temp_file_path")]
    public Text TemporaryPath { get; set; }

    /// <summary>Zone the file was downloaded from: 3 is the Internet.</summary>
    [EqlField("Ext.windows.zone_identifier", OperatingSystems = "windows")]
    public long? ZoneIdentifier { get; set; }

    /// <summary>Says who can read the file, so that it need not be opened before somebody wants to know what is in it.</summary>
    public void SetContentSource(IFileContent content) => _content = content;

    /// <inheritdoc/>
    public void Clear()
    {
        _content = null;
        Path = default;
        Name = default;
        Directory = default;
        Extension = default;
        DriveLetter = default;
        Size = null;
        Type = default;
        TargetPath = default;
        MimeType = default;
        Attributes.Clear();
        Owner = default;
        Group = default;
        Uid = default;
        Gid = default;
        Mode = default;
        Inode = default;
        Device = default;
        Modified = default;
        Changed = default;
        Created = default;
        Accessed = default;
        OriginUrl = default;
        OriginReferrerUrl = default;
        _hash.Clear();
        _codeSignature.Clear();
        _pe.Clear();
        CodeSignatures.Clear();
        _volumeDevice.Clear();
        Entropy = null;
        _headerBytes = default;
        HeaderData.Clear();
        MonotonicId = null;
        OriginalPath = default;
        OriginalName = default;
        OriginalExtension = default;
        OriginalMode = default;
        OriginalOwner = default;
        OriginalGroup = default;
        OriginalUid = default;
        OriginalGid = default;
        TemporaryPath = default;
        ZoneIdentifier = null;
    }
}
