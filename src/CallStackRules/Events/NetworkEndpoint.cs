using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>One end of a connection.</summary>
public sealed class NetworkEndpoint : IClearable
{
    /// <summary>Address as the source gives it: IP address, name or socket path.</summary>
    [EqlField("address")]
    public Text Address { get; set; }

    /// <summary>IP address.</summary>
    [EqlField("ip")]
    public Text Ip { get; set; }

    /// <summary>Port.</summary>
    [EqlField("port")]
    public long? Port { get; set; }

    /// <summary>Name of the machine.</summary>
    [EqlField("domain")]
    public Text Domain { get; set; }

    /// <summary>The part of the name that was registered.</summary>
    [EqlField("registered_domain")]
    public Text RegisteredDomain { get; set; }

    /// <summary>Last part of the name.</summary>
    [EqlField("top_level_domain")]
    public Text TopLevelDomain { get; set; }

    /// <summary>Hardware address.</summary>
    [EqlField("mac")]
    public Text Mac { get; set; }

    /// <summary>Bytes sent from this end.</summary>
    [EqlField("bytes")]
    public long? Bytes { get; set; }

    /// <summary>Packets sent from this end.</summary>
    [EqlField("packets")]
    public long? Packets { get; set; }

    /// <summary>Number of the autonomous system.</summary>
    [EqlField("as.number")]
    public long? AsNumber { get; set; }

    /// <summary>Organization behind the autonomous system.</summary>
    [EqlField("as.organization.name")]
    public Text AsOrganization { get; set; }

    /// <summary>Continent.</summary>
    [EqlField("geo.continent_name")]
    public Text ContinentName { get; set; }

    /// <summary>Two-letter code of the continent.</summary>
    [EqlField("geo.continent_code")]
    public Text ContinentCode { get; set; }

    /// <summary>Country.</summary>
    [EqlField("geo.country_name")]
    public Text CountryName { get; set; }

    /// <summary>Two-letter code of the country.</summary>
    [EqlField("geo.country_iso_code")]
    public Text CountryIsoCode { get; set; }

    /// <summary>Region.</summary>
    [EqlField("geo.region_name")]
    public Text RegionName { get; set; }

    /// <summary>Code of the region.</summary>
    [EqlField("geo.region_iso_code")]
    public Text RegionIsoCode { get; set; }

    /// <summary>City.</summary>
    [EqlField("geo.city_name")]
    public Text CityName { get; set; }

    /// <summary>Longitude in degrees.</summary>
    [EqlField("geo.location.lon")]
    public double? Longitude { get; set; }

    /// <summary>Latitude in degrees.</summary>
    [EqlField("geo.location.lat")]
    public double? Latitude { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Address = default;
        Ip = default;
        Port = null;
        Domain = default;
        RegisteredDomain = default;
        TopLevelDomain = default;
        Mac = default;
        Bytes = null;
        Packets = null;
        AsNumber = null;
        AsOrganization = default;
        ContinentName = default;
        ContinentCode = default;
        CountryName = default;
        CountryIsoCode = default;
        RegionName = default;
        RegionIsoCode = default;
        CityName = default;
        Longitude = null;
        Latitude = null;
    }
}
