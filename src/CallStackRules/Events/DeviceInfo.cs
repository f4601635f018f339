using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>A storage or attached device.</summary>
public sealed class DeviceInfo : IClearable
{
    /// <summary>Identifier of the device.</summary>
    [EqlField("id")]
    public Text Id { get; set; }

    /// <summary>The maker's identifier of the product.</summary>
    [EqlField("product_id")]
    public Text ProductId { get; set; }

    /// <summary>The maker's name of the product.</summary>
    [EqlField("product_name")]
    public Text ProductName { get; set; }

    /// <summary>Identifier of the maker.</summary>
    [EqlField("vendor_id")]
    public Text VendorId { get; set; }

    /// <summary>Name of the maker.</summary>
    [EqlField("vendor_name")]
    public Text VendorName { get; set; }

    /// <summary>Kind of device.</summary>
    [EqlField("type")]
    public Text Type { get; set; }

    /// <summary>Serial number of the device.</summary>
    [EqlField("serial_number")]
    public Text SerialNumber { get; set; }

    /// <summary>Maker of the device.</summary>
    [EqlField("manufacturer")]
    public Text Manufacturer { get; set; }

    /// <summary>Machine-readable model of the device.</summary>
    [EqlField("model.identifier")]
    public Text ModelIdentifier { get; set; }

    /// <summary>Model of the device.</summary>
    [EqlField("model.name")]
    public Text ModelName { get; set; }

    /// <summary>Bus the device is attached by, such as USB.</summary>
    [EqlField("bus_type")]
    public Text BusType { get; set; }

    /// <summary>Name in the kernel's name space, as in <c>\Device\HarddiskVolume2</c>.</summary>
    [EqlField("nt_name", OperatingSystems = "windows")]
    public Text NtName { get; set; }

    /// <summary>Drive letter or other name programs use.</summary>
    [EqlField("dos_name", OperatingSystems = "windows")]
    public Text DosName { get; set; }

    /// <summary>File system on the volume.</summary>
    [EqlField("file_system_type")]
    public Text FileSystemType { get; set; }

    /// <summary>Kind of volume: disk, CD-ROM, network and so on.</summary>
    [EqlField("volume_device_type")]
    public Text VolumeDeviceType { get; set; }

    /// <summary>Where the volume is mounted.</summary>
    [EqlField("mount_point")]
    public Text MountPoint { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Id = default;
        ProductId = default;
        ProductName = default;
        VendorId = default;
        VendorName = default;
        Type = default;
        SerialNumber = default;
        Manufacturer = default;
        ModelIdentifier = default;
        ModelName = default;
        BusType = default;
        NtName = default;
        DosName = default;
        FileSystemType = default;
        VolumeDeviceType = default;
        MountPoint = default;
    }
}
