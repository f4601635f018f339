using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Linux.Interop;

/// <summary><c>struct pollfd</c> of poll(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    /// <summary>There is something to read.</summary>
    public const short Readable = 1;

    public int Descriptor;
    public short Wanted;
    public short Returned;
}
