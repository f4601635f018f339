using CallStackRules.Capture.Sources.Linux.Interop;

namespace CallStackRules.Capture.Sources.Linux.Bpf;

/// <summary>A table that eBPF programs share with each other and with us.</summary>
internal sealed class BpfMap : IDisposable
{
    private BpfMap(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; }

    /// <summary>For each processor, the descriptor of the ring that programs on it write to.</summary>
    public static BpfMap CreatePerfEventArray(int processors) => Create(type: 4, keySize: 4, valueSize: 4, processors);

    /// <summary>One value for each processor.</summary>
    public static BpfMap CreatePerCpuValue(int size) => Create(type: 6, keySize: 4, size, 1);

    /// <summary>Programs by number, which another program can go on with.</summary>
    public static BpfMap CreateProgramArray(int programs) => Create(type: 3, keySize: 4, valueSize: 4, programs);

    /// <summary>Sets an entry whose key and value are whole numbers of 4 bytes.</summary>
    /// <exception cref="CaptureException">The kernel refuses.</exception>
    public unsafe void Set(uint key, int value)
    {
        var attributes = new BpfAttributes { UpdateMap = (uint)Descriptor, UpdateKey = (ulong)&key, UpdateValue = (ulong)&value };
        int status = LinuxSystem.Bpf(BpfAttributes.CommandMapUpdate, ref attributes);
        if (status < 0)
            throw LinuxRefusal.Of("setting an entry of a BPF map", status);
    }

    public void Dispose() => LinuxSystem.Close(Descriptor);

    private static BpfMap Create(uint type, int keySize, int valueSize, int entries)
    {
        var attributes = new BpfAttributes { MapType = type, MapKeySize = (uint)keySize, MapValueSize = (uint)valueSize, MapEntries = (uint)entries };
        int descriptor = LinuxSystem.Bpf(BpfAttributes.CommandMapCreate, ref attributes);
        return descriptor < 0 ? throw LinuxRefusal.Of("creating a BPF map", descriptor) : new BpfMap(descriptor);
    }
}
