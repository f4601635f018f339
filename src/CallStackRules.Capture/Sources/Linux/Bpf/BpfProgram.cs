using System.Text;
using CallStackRules.Capture.Sources.Linux.Interop;

namespace CallStackRules.Capture.Sources.Linux.Bpf;

/// <summary>An eBPF program in the kernel, run at one tracepoint on all processors.</summary>
internal sealed class BpfProgram : IDisposable
{
    private const uint TypeTracepoint = 5;

    private readonly int _program;
    private readonly int _tracepoint;

    private BpfProgram(int program, int tracepoint)
    {
        _program = program;
        _tracepoint = tracepoint;
    }

    /// <summary>Why this process may not load programs: 0 when it may, or else the negative error number.</summary>
    public static unsafe int FindRefusal()
    {
        var program = new BpfAssembler();
        program.Move(BpfRegister.R0, 1);
        program.Exit();
        fixed (ulong* code = program.Assemble())
        fixed (byte* license = "GPL\0"u8)
        {
            var attributes = new BpfAttributes { ProgramType = TypeTracepoint, ProgramInstructions = 2, ProgramCode = (ulong)code, ProgramLicense = (ulong)license };
            int status = LinuxSystem.Bpf(BpfAttributes.CommandProgramLoad, ref attributes);
            if (status >= 0)
                LinuxSystem.Close(status);
            // Anything else is no matter of permission, and told when the real programs are loaded.
            return status is -LinuxSystem.ErrorPermission or -LinuxSystem.ErrorAccess or -LinuxSystem.ErrorNoSystemCall ? status : 0;
        }
    }

    /// <summary>Loads a program and binds it to a tracepoint; it does not run before <see cref="Enable"/>.</summary>
    /// <param name="code">The instructions.</param>
    /// <param name="tracepoint">The number in the tracepoint's <c>id</c> file.</param>
    /// <param name="name">The tracepoint's name, for messages.</param>
    /// <exception cref="CaptureException">The kernel refuses; the verifier's words are in the message.</exception>
    public static BpfProgram Load(ulong[] code, int tracepoint, string name)
    {
        int program = Verify(TypeTracepoint, code, name);
        var attributes = PerfEventAttributes.Of(PerfEventAttributes.TypeTracepoint, (ulong)tracepoint);
        attributes.SamplePeriod = 1;
        attributes.SampleType = PerfEventAttributes.SampleRaw;
        attributes.Flags = PerfEventAttributes.FlagDisabled;
        // One event on one processor is enough: the program runs wherever the tracepoint is hit.
        int descriptor = LinuxSystem.PerfEventOpen(attributes, pid: -1, cpu: 0);
        if (descriptor < 0)
        {
            LinuxSystem.Close(program);
            throw LinuxRefusal.Of($"opening the tracepoint {name}", descriptor);
        }
        int status = LinuxSystem.Control(descriptor, PerfEventAttributes.ControlSetBpf, program);
        if (status < 0)
        {
            LinuxSystem.Close(descriptor);
            LinuxSystem.Close(program);
            throw LinuxRefusal.Of($"binding a BPF program to {name}", status);
        }
        return new BpfProgram(program, descriptor);
    }

    public void Enable() => LinuxSystem.Control(_tracepoint, PerfEventAttributes.ControlEnable, 0);

    public void Disable() => LinuxSystem.Control(_tracepoint, PerfEventAttributes.ControlDisable, 0);

    public void Dispose()
    {
        LinuxSystem.Close(_tracepoint);
        LinuxSystem.Close(_program);
    }

    /// <summary>Has the kernel check and take a program.</summary>
    /// <param name="type">What it is to be bound to.</param>
    /// <param name="code">The instructions.</param>
    /// <param name="name">What it is for, for messages.</param>
    /// <returns>Its descriptor.</returns>
    /// <exception cref="CaptureException">The kernel refuses; the verifier's words are in the message.</exception>
    internal static unsafe int Verify(uint type, ulong[] code, string name)
    {
        byte[] log = new byte[64 * 1024];
        fixed (ulong* codePointer = code)
        fixed (byte* license = "GPL\0"u8, logPointer = log)
        {
            var attributes = new BpfAttributes
            {
                ProgramType = type,
                ProgramInstructions = (uint)code.Length,
                ProgramCode = (ulong)codePointer,
                ProgramLicense = (ulong)license,
            };
            int program = LinuxSystem.Bpf(BpfAttributes.CommandProgramLoad, ref attributes);
            if (program >= 0 || program == -LinuxSystem.ErrorPermission)
                return program >= 0 ? program : throw LinuxRefusal.Of("loading a BPF program", program);
            // Again with the verifier's log, which costs time and is wanted only now.
            attributes.ProgramLogLevel = 1;
            attributes.ProgramLogSize = (uint)log.Length;
            attributes.ProgramLog = (ulong)logPointer;
            program = LinuxSystem.Bpf(BpfAttributes.CommandProgramLoad, ref attributes);
            return program >= 0
                ? program
                : throw LinuxRefusal.Of($"loading the BPF program for {name}", program, Encoding.ASCII.GetString(log).TrimEnd('\0'));
        }
    }
}
