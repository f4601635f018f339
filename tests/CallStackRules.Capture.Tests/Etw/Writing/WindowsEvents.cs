using CallStackRules.Capture.Sources.Etw.Files;

namespace CallStackRules.Capture.Tests.Etw.Writing;

/// <summary>
/// Events as Windows writes them, each with the fields of its class or manifest in their order. Times are timestamps from the start of the trace; events that have a stack
/// get it as the system gives it: classic ones in events that follow, those of manifests inside.
/// </summary>
/// <remarks>Source: the MOF classes of "NT Kernel Logger" and the manifests of the providers, as TraceEvent and the recorded traces show them.</remarks>
/// <param name="writer">Where they go.</param>
internal sealed class WindowsEvents(EtlWriter writer)
{
    /// <summary>The process of the kernel.</summary>
    public const int System = 4;

    private static readonly Guid KernelProcess = new("22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716");
    private static readonly Guid KernelEventTracing = new("b675ec37-bdb6-4648-bc92-f3fdc74d3ca2");
    private static readonly Guid KernelFile = new("edd08927-9cc4-4e65-b970-c2560fb5c289");
    private static readonly Guid KernelRegistry = new("70eb4f03-c1de-4f73-a051-33d13d5413bd");
    private static readonly Guid KernelNetwork = new("7dd42a49-5329-4832-8dfd-43d979153a88");
    private static readonly Guid DnsClient = new("1c95126e-7eea-49a9-a3fe-a378b03ddb4d");
    private static readonly Guid VolumeMapping = new("9b79ee91-b5fd-41c0-a243-4248e266e9d0");

    /// <summary>The processor on which events happen from now on.</summary>
    public int Processor { get; set; }

    /// <summary>Calls that other providers tell of.</summary>
    public WindowsCalls Calls { get; } = new(writer);

    private Payload New => new(writer.PointerSize);

    /// <summary>A device and the drive that it is: \Device\HarddiskVolume2\ and C:\.</summary>
    public void Volume(long time, string device, string drive) =>
        writer.Classic(time, System, 0, VolumeMapping, 35, 0, New.Text(device).Text(drive), Processor);

    /// <summary>A process of the classic kernel provider. Kinds: 1 start, 2 end, 3 was there before, 4 is still there.</summary>
    public void Process(
        long time, int by, int thread, byte kind, int id, int parent, string name, string commandLine, int session = 1, int? account = 1001, params ulong[] stack)
    {
        Payload payload = New.Pointer(0xffff_a40c_0000_0000 + (ulong)id * 0x1000).Number(id).Number(parent).Number(session).Number(kind == 1 ? 259 : 0)
            .Pointer(0x1_0000_0000 + (ulong)id * 0x1000).Number(0).Account(account).ShortText(name).Text(commandLine).Text("").Text("");
        Kernel(time, by, thread, 0x03, kind, 4, payload, stack);
    }

    /// <summary>A thread of the classic kernel provider. Kinds: 1 start, 2 end, 3 was there before, 4 is still there.</summary>
    public void Thread(long time, int by, int thread, byte kind, int process, int id, ulong start, params ulong[] stack)
    {
        Payload payload = New.Number(process).Number(id).Pointer(0xffff_8b00_0000_6000).Pointer(0xffff_8b00_0000_0000).Pointer(0x50_0000).Pointer(0x4f_0000).Pointer(0xff)
            .Pointer(start).Pointer(0x60_0000).Number(0).Byte(8).Byte(5).Byte(2).Byte(0);
        Kernel(time, by, thread, 0x05, kind, 3, payload, stack);
    }

    /// <summary>An image of the classic kernel provider. Kinds: 10 loaded, 2 unloaded, 3 was there before, 4 is still there.</summary>
    public void Image(long time, int thread, byte kind, int process, ulong address, uint size, string file, params ulong[] stack)
    {
        Payload payload = New.Pointer(address).Pointer(size).Number(process).Number(0x1234).Number(0x5f00_0000).Byte(4).Byte(1).Number16(0).Pointer(address)
            .Number(0).Number(0).Number(0).Number(0).Text(file);
        // A load is written as a kind of process event; its number becomes the class of images.
        Kernel(time, process, thread, kind == 10 ? (byte)0x03 : (byte)0x14, kind, 3, payload, stack);
    }

    /// <summary>Opening or creating a file.</summary>
    public void FileCreate(long time, int process, int thread, ulong file, string path, uint options = 0x0500_0020, params ulong[] stack) =>
        Kernel(time, process, thread, 0x04, 64, 3, New.Pointer(0xffff_a40c_1000_0000).Pointer(file).Number(thread).Number(options).Number(0x80).Number(7).Text(path), stack);

    /// <summary>
    /// The name of a file object or of a key. Kinds: 0 a name, 32 of a file that is created, 35 of one that is deleted, 36 of one that was open before.
    /// </summary>
    public void FileName(long time, byte kind, ulong file, string path) => Kernel(time, System, 0, 0x04, kind, 2, New.Pointer(file).Text(path), []);

    public void FileWrite(long time, int process, int thread, ulong file, ulong key, int bytes, params ulong[] stack) =>
        Kernel(time, process, thread, 0x04, 68, 3, New.Number64(0).Pointer(0xffff_a40c_1000_0000).Pointer(file).Pointer(key).Number(thread).Number(bytes).Number(0x60a00), stack);

    /// <summary>What has no path: 69 set information, 70 delete, 71 rename.</summary>
    public void FileInformation(long time, int process, int thread, byte kind, ulong file, ulong key, int information, params ulong[] stack) =>
        Kernel(time, process, thread, 0x04, kind, 3,
            New.Pointer(0xffff_a40c_1000_0000).Pointer(file).Pointer(key).Pointer(kind == 70 ? 1u : 0).Number(thread).Number(information), stack);

    /// <summary>What has a path: 79 delete, 80 rename to it.</summary>
    public void FilePath(long time, int process, int thread, byte kind, ulong file, ulong key, int information, string path, params ulong[] stack) =>
        Kernel(time, process, thread, 0x04, kind, 3,
            New.Pointer(0xffff_a40c_1000_0000).Pointer(file).Pointer(key).Pointer(0).Number(thread).Number(information).Text(path), stack);

    /// <summary>
    /// The registry: 10 create, 11 open, 12 delete, 14 set value, 15 delete value; 22 a key's name when it is opened, 24 and 25 of one that was open before or still is.
    /// The key is its control block, 0 for none, and the name the path below it, or the value.
    /// </summary>
    public void Registry(long time, int process, int thread, byte kind, ulong key, string name, uint status = 0, params ulong[] stack) =>
        Kernel(time, process, thread, 0x09, kind, 2, New.Number64((ulong)(EtlWriter.Start + time)).Number(status).Number(0).Pointer(key).Text(name), stack);

    /// <summary>Memory: 98 allocated, 99 freed.</summary>
    public void VirtualMemory(long time, int by, int thread, byte kind, int process, ulong address, ulong size, uint flags = 0x1000, params ulong[] stack) =>
        Kernel(time, by, thread, 0x02, kind, 2, New.Pointer(address).Pointer(size).Number(process).Number(flags), stack);

    /// <summary>A connection over IPv4: 12 made, 15 taken.</summary>
    public void Connection(long time, byte kind, int process, uint remote, int remotePort, uint local, int localPort)
    {
        Payload payload = New.Number(process).Number(0).Number(remote).Number(local).Number16(Network(remotePort)).Number16(Network(localPort))
            .Number16(1460).Number16(0).Number16(0).Number16(0).Number(0x10000).Number16(8).Number16(8).Number(0).Pointer(0);
        writer.Kernel(time, -1, -1, 0x06, kind, 2, payload, Processor);
    }

    /// <summary>A datagram over IPv4: 10 sent, 11 received.</summary>
    public void Datagram(long time, byte kind, int process, uint to, int toPort, uint from, int fromPort) =>
        writer.Kernel(time, -1, -1, 0x08, kind, 2, New.Number(process).Number(100).Number(to).Number(from).Number16(Network(toPort)).Number16(Network(fromPort)).Number(0).Pointer(0),
            Processor);

    /// <summary>A datagram over IPv6 by the manifest: 58 sent, 59 received.</summary>
    public void ManifestDatagram(long time, int id, int process, byte[] to, int toPort, byte[] from, int fromPort) =>
        writer.Manifest(time, System, 0, KernelNetwork, id, 0, (byte)id, New.Number(process).Number(100).Raw(to).Raw(from)
            .Number16(Network(toPort)).Number16(Network(fromPort)).Number(0).Number(0), processor: Processor);

    /// <summary>The start of a process by the manifest, with its stack inside.</summary>
    public void ProcessStart(
        long time, int by, int thread, int id, string image, ulong[] stack, int parent = 0, int session = 1, ulong matchId = 0, bool isFrom32 = false)
    {
        Payload payload = New.Number(id).Number64((ulong)EtlWriter.StartTime.AddTicks(time).ToFileTimeUtc()).Number(parent == 0 ? by : parent).Number(session).Number(0).Text(image);
        writer.Manifest(time, by, thread, KernelProcess, 1, 1, 1, payload, stack, matchId, isFrom32, Processor, task: 1, keywords: 0x8000_0000_0000_0010);
    }

    /// <summary>The end of an image's mapping, by the manifest.</summary>
    public void ImageUnload(long time, int process, int thread, ulong address, ulong size, string file) =>
        writer.Manifest(time, process, thread, KernelProcess, 6, 0, 0, New.Pointer(address).Pointer(size).Number(process).Number(0x1234).Number(0x5f00_0000).Pointer(address)
            .Text(file), processor: Processor, task: 6);

    /// <summary>The load of an image by the manifest, with its stack inside.</summary>
    public void ImageLoad(long time, int process, int thread, ulong address, ulong size, string file, ulong[] stack, ulong matchId = 0, bool isFrom32 = false)
    {
        Payload payload = New.Pointer(address).Pointer(size).Number(process).Number(0x1234).Number(0x5f00_0000).Pointer(address).Text(file);
        writer.Manifest(time, process, thread, KernelProcess, 5, 0, 0, payload, stack, matchId, isFrom32, Processor, task: 5, keywords: 0x8000_0000_0000_0040);
    }

    /// <summary>The start of a process as Windows 10 tells it: with the token's elevation (1 default, 2 full, 3 limited) and integrity level.</summary>
    public void ProcessStartWithToken(long time, int by, int thread, int id, string image, int elevation, int integrity, params ulong[] stack) =>
        writer.Manifest(time, by, thread, KernelProcess, 1, 3, 1, WithToken(time, id, by, image, elevation, integrity), stack, processor: Processor, task: 1,
            keywords: 0x8000_0000_0000_0010);

    /// <summary>A process that was there before the session, by the manifest.</summary>
    public void ProcessRundown(long time, int id, int parent, string image, int elevation, int integrity) =>
        writer.Manifest(time, System, 0, KernelProcess, 15, 1, 0, WithToken(time, id, parent, image, elevation, integrity), processor: Processor, task: 15);

    /// <summary>The start of a thread by the manifest.</summary>
    public void ManifestThread(long time, int by, int thread, int process, int id, ulong start, params ulong[] stack) =>
        writer.Manifest(time, by, thread, KernelProcess, 3, 1, 1, New.Number(process).Number(id).Pointer(0).Pointer(0).Pointer(0x50_0000).Pointer(0x4f_0000).Pointer(0)
            .Pointer(start).Pointer(0x60_0000).Number(0), stack, processor: Processor, task: 3);

    /// <summary>The end of a process by the manifest.</summary>
    public void ProcessEnd(long time, int id, int exitCode, string name)
    {
        Payload payload = New.Number(id).Number64(77).Number64(0).Number64(0).Number(exitCode).Number(1).Number(20).Raw(new byte[44]).ShortText(name);
        writer.Manifest(time, id, id + 1, KernelProcess, 2, 2, 2, payload, processor: Processor, task: 2, keywords: 0x8000_0000_0000_0010);
    }

    /// <summary>Files by the manifest, with the fields of the classic events: 12 open, 30 new file.</summary>
    public void ManifestFileCreate(long time, int process, int thread, int id, ulong file, string path, uint options = 0x0200_0020, params ulong[] stack) =>
        writer.Manifest(time, process, thread, KernelFile, id, 1, 0,
            New.Pointer(0xffff_a40c_1000_0000).Pointer(file).Number(thread).Number(options).Number(0x80).Number(7).Text(path), stack, processor: Processor);

    /// <summary>Files by the manifest: 18 delete, 19 rename; with a path 26 deleted, 27 renamed to it.</summary>
    public void ManifestFileInformation(long time, int process, int thread, int id, ulong file, int information, string? path = null, params ulong[] stack)
    {
        Payload payload = New.Pointer(0xffff_a40c_1000_0000).Pointer(file).Pointer(0).Pointer(id == 18 ? 1u : 0).Number(thread).Number(information);
        writer.Manifest(time, process, thread, KernelFile, id, 1, 0, path is null ? payload : payload.Text(path), stack, processor: Processor);
    }

    /// <summary>A registry key by the manifest: 1 made or opened, 2 opened. Disposition 1 is a new key.</summary>
    public void KeyOpen(long time, int process, int thread, int id, ulong above, ulong key, string name, int disposition = 2, params ulong[] stack) =>
        writer.Manifest(time, process, thread, KernelRegistry, id, 0, (byte)(31 + id), New.Pointer(above).Pointer(key).Number(0).Number(disposition).Text("").Text(name), stack,
            processor: Processor);

    /// <summary>A registry key by the manifest: 3 deleted, 13 closed.</summary>
    public void Key(long time, int process, int thread, int id, ulong key, params ulong[] stack) =>
        writer.Manifest(time, process, thread, KernelRegistry, id, 0, (byte)(31 + id), New.Pointer(key).Number(0).Text(""), stack, processor: Processor);

    /// <summary>A registry value by the manifest, with its data.</summary>
    public void ValueSet(long time, int process, int thread, ulong key, string name, int type, byte[] data, params ulong[] stack) =>
        writer.Manifest(time, process, thread, KernelRegistry, 5, 0, 36, New.Pointer(key).Number(0).Number(type).Number(data.Length).Text("").Text(name)
            .Number16(data.Length).Raw(data).Number(0).Number(0).Number16(0), stack, processor: Processor);

    /// <summary>A registry value that is deleted, by the manifest.</summary>
    public void ValueDelete(long time, int process, int thread, ulong key, string name, params ulong[] stack) =>
        writer.Manifest(time, process, thread, KernelRegistry, 6, 0, 37, New.Pointer(key).Number(0).Text("").Text(name), stack, processor: Processor);

    /// <summary>A connection over IPv6 by the manifest: 28 made, 31 taken, 29 closed.</summary>
    public void ManifestConnection(long time, int id, int process, byte[] remote, int remotePort, byte[] local, int localPort) =>
        writer.Manifest(time, System, 0, KernelNetwork, id, 0, (byte)id, New.Number(process).Number(0).Raw(remote).Raw(local)
            .Number16(Network(remotePort)).Number16(Network(localPort)).Number16(1460).Number(0).Number(0).Number64(0), processor: Processor);

    /// <summary>The user's half of a stack whose kernel half was inside an event.</summary>
    public void UserStack(long time, int process, int thread, ulong matchId, params ulong[] addresses) =>
        writer.Manifest(time, process, thread, KernelEventTracing, 18, 0, 24, New, addresses, matchId, processor: Processor);

    /// <summary>A call that opens a process.</summary>
    public void OpenProcess(long time, int process, int thread, int target, uint access, uint result, params ulong[] stack) =>
        Calls.Audited(time, process, thread, 5, New.Number(target).Number(access).Number(result), stack);

    /// <summary>An answered query for a name.</summary>
    public void Query(long time, int process, int thread, string name, int type, string results) =>
        writer.Manifest(time, process, thread, DnsClient, 3008, 0, 0, New.Text(name).Number(type).Number64(0).Number(0).Text(results), processor: Processor);

    /// <summary>A stack of the classic kernel provider, or one half of it. It names its event by when that happened.</summary>
    public void Stack(long time, long of, int process, int thread, params ulong[] addresses) =>
        writer.Kernel(time, -1, -1, 0x18, 32, 2, New.Number64((ulong)(EtlWriter.Start + of)).Number(process).Number(thread).Addresses(addresses), Processor, RecordKind.PerfInfo32);

    private Payload WithToken(long time, int id, int parent, string image, int elevation, int integrity) =>
        New.Number(id).Number64(77).Number64((ulong)EtlWriter.StartTime.AddTicks(time).ToFileTimeUtc()).Number(parent).Number64(76).Number(1).Number(0)
            .Number(elevation).Number(elevation == 2 ? 1 : 0).Raw([1, 1, 0, 0, 0, 0, 0, 16]).Number(integrity).Text(image).Number(0).Number(0).Text("").Text("");

    /// <summary>Addresses of the kernel have this bit.</summary>
    public bool IsKernel(ulong address) => address >= (writer.PointerSize == 8 ? 0x8000_0000_0000_0000 : 0x8000_0000);

    // The kernel's half follows at once, the other when the thread returns from the kernel.
    private void Kernel(long time, int process, int thread, byte group, byte kind, byte version, Payload payload, ulong[] stack)
    {
        writer.Kernel(time, process, thread, group, kind, version, payload, Processor);
        int kernelFrames = stack.TakeWhile(IsKernel).Count();
        if (kernelFrames > 0)
            Stack(time + 1, time, process, thread, stack[..kernelFrames]);
        if (kernelFrames < stack.Length)
            Stack(time + 2, time, process, thread, stack[kernelFrames..]);
    }

    private static int Network(int port) => (port & 0xFF) << 8 | port >> 8;
}
