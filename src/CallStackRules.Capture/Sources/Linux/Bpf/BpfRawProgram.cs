using System.Text;
using CallStackRules.Capture.Sources.Linux.Interop;

namespace CallStackRules.Capture.Sources.Linux.Bpf;

/// <summary>
/// An eBPF program that is run where the kernel passes a tracepoint, without the kernel's writing the tracepoint's record first: for places that every call passes. It can also be
/// bound to nothing, and be gone on with by another.
/// </summary>
internal sealed class BpfRawProgram : IDisposable
{
    private const uint TypeRawTracepoint = 17;

    private readonly string _tracepoint;
    private int _binding = -1;

    private BpfRawProgram(int descriptor, string tracepoint)
    {
        Descriptor = descriptor;
        _tracepoint = tracepoint;
    }

    /// <summary>For <see cref="BpfMap.CreateProgramArray"/>.</summary>
    public int Descriptor { get; }

    /// <summary>Loads a program; it does not run before <see cref="Enable"/>.</summary>
    /// <param name="code">The instructions.</param>
    /// <param name="tracepoint">The tracepoint's name, without the group's.</param>
    /// <exception cref="CaptureException">The kernel refuses; the verifier's words are in the message.</exception>
    public static BpfRawProgram Load(ulong[] code, string tracepoint) => new(BpfProgram.Verify(TypeRawTracepoint, code, tracepoint), tracepoint);

    /// <summary>Binds it to its tracepoint.</summary>
    /// <exception cref="CaptureException">The kernel refuses.</exception>
    public unsafe void Enable()
    {
        fixed (byte* name = Encoding.ASCII.GetBytes(_tracepoint + '\0'))
        {
            var attributes = new BpfAttributes { TracepointName = (ulong)name, TracepointProgram = (uint)Descriptor };
            _binding = LinuxSystem.Bpf(BpfAttributes.CommandRawTracepointOpen, ref attributes);
        }
        if (_binding < 0)
            throw LinuxRefusal.Of($"binding a BPF program to {_tracepoint}", _binding);
    }

    /// <summary>Takes it off its tracepoint.</summary>
    public void Disable()
    {
        if (_binding >= 0)
            LinuxSystem.Close(_binding);
        _binding = -1;
    }

    public void Dispose()
    {
        Disable();
        LinuxSystem.Close(Descriptor);
    }
}
