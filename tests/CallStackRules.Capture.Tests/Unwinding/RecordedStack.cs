using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Capture.Tests.Unwinding;

/// <summary>What a process looked like at one moment: <c>stacks.c</c> records itself.</summary>
internal sealed class RecordedStack
{
    // gregs of <sys/ucontext.h>: r8 to r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip; as DWARF numbers.
    private static readonly int[] DwarfNumbers = [8, 9, 10, 11, 12, 13, 14, 15, 5, 4, 6, 3, 1, 0, 2, 7, 16];

    private RecordedStack(byte[] recording)
    {
        for (int i = 0; i < DwarfNumbers.Length; i++)
            Registers[DwarfNumbers[i]] = BinaryPrimitives.ReadUInt64LittleEndian(recording.AsSpan(i * 8));
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(recording.AsSpan(23 * 8));
        Stack = recording[(24 * 8)..((24 * 8) + length)];
        Assert.Equal(0, ProcMaps.Read(recording.AsSpan((24 * 8) + length), Space, Files, processId: 0));
    }

    public Registers Registers;

    public byte[] Stack { get; }

    public MappedFileTable Files { get; } = new();

    public AddressSpace Space { get; } = new();

    /// <summary>Builds the program and lets it record itself. Skips the test where there is no compiler.</summary>
    public static RecordedStack Of(string name, int depth = 0, string options = "-O2")
    {
        Skip.IfNot(Tool.IsThere("gcc"), "gcc is not installed");
        using var folder = new TemporaryFolder();
        string program = Path.Combine(folder.Path, "stacks");
        Tool.Run("gcc", $"{options} -w -pthread -o {program} {Path.Combine(AppContext.BaseDirectory, "Unwinding", "stacks.c")}");
        string recording = Path.Combine(folder.Path, "recording");
        Tool.Run(program, $"{name} {recording} {depth}");
        var stack = new RecordedStack(File.ReadAllBytes(recording));
        stack.ReadImages();
        return stack;
    }

    /// <summary>Records the thread that calls this, with the frames of .NET around it.</summary>
    public static RecordedStack OfThisThread()
    {
        Skip.IfNot(Tool.IsThere("gcc"), "gcc is not installed");
        using var folder = new TemporaryFolder();
        string library = Path.Combine(folder.Path, "here.so");
        Tool.Run("gcc", $"-O2 -w -shared -fPIC -o {library} {Path.Combine(AppContext.BaseDirectory, "Unwinding", "here.c")}");
        var record = Marshal.GetDelegateForFunctionPointer<RecordHere>(NativeLibrary.GetExport(NativeLibrary.Load(library), "record_here"));
        string recording = Path.Combine(folder.Path, "recording");
        Assert.Equal(1, record(recording));
        var stack = new RecordedStack(File.ReadAllBytes(recording));
        stack.ReadImages();
        return stack;
    }

    /// <summary>Unwinds the recording: the names of its frames, innermost first.</summary>
    public (UnwindStatus Status, string[] Frames) Unwind(StackUnwinder unwinder, int copied = int.MaxValue, int most = 1024)
    {
        var frames = new UnwoundFrame[most];
        Registers registers = Registers;
        UnwindStatus status = unwinder.Unwind(Space, ref registers, Stack.AsSpan(0, Math.Min(copied, Stack.Length)), frames, out int count);
        return (status, [.. frames[..count].Select(NameOf)]);
    }

    public string NameOf(UnwoundFrame frame)
    {
        if (frame.MappingIndex < 0)
            return "unmapped";
        Mapping mapping = Space[frame.MappingIndex];
        if (mapping.File is not { } file)
            return "anonymous";
        if (file.Image is { } image && image.TryGetVirtualAddress(mapping.FileOffsetOf(frame.LookupAddress), out ulong address)
            && image.Symbols.TryFind(address, out string? name, out _))
            return name!;
        return file.Module.Name.ToString();
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int RecordHere([MarshalAs(UnmanagedType.LPUTF8Str)] string file);

    // The program is deleted with its folder.
    private void ReadImages()
    {
        for (int i = 0; i < Space.Count; i++)
            _ = Space[i].File?.Image?.Symbols;
    }
}
