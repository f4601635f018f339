using CsCheck;

namespace CallStackRules.Capture.Tests.Symbols;

/// <summary>Images that are damaged at random, and cut.</summary>
internal static class DamagedImage
{
    /// <summary>Reads many of them: each must be read, or refused as an image that is damaged.</summary>
    /// <param name="good">The image.</param>
    /// <param name="place">Where it is damaged.</param>
    /// <param name="read">Reads one.</param>
    public static void Sample(byte[] good, Gen<int> place, Action<byte[]> read)
    {
        Gen.Select(Gen.Select(place, Gen.Byte).Array[1, 8], Gen.Int[0, good.Length]).Check((damages, length) =>
        {
            byte[] damaged = [.. good];
            foreach ((int where, byte value) in damages)
                damaged[where] = value;
            Survive(damaged, read);
            Survive(damaged[..length], read);
        }, iter: 20_000);
    }

    private static void Survive(byte[] image, Action<byte[]> read)
    {
        try
        {
            read(image);
        }
        catch (BadImageFormatException)
        {
            // Said to whoever opens the file.
        }
    }
}
