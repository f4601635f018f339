namespace CallStackRules.Capture.Sources.Linux.Bpf;

/// <summary>A register of the eBPF machine. R0 holds results, R1 to R5 arguments, R6 to R9 survive calls, R10 is the frame pointer.</summary>
internal enum BpfRegister : byte
{
    R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, R10,
}

/// <summary>Helper functions of the kernel, by number (<c>include/uapi/linux/bpf.h</c>).</summary>
internal enum BpfHelper
{
    MapLookup = 1,
    TailCall = 12,
    GetCurrentPidTgid = 14,
    GetCurrentUidGid = 15,
    GetCurrentName = 16,
    PerfEventOutput = 25,
    ProbeReadUser = 112,
    ProbeReadKernel = 113,
    ProbeReadUserString = 114,
    ProbeReadKernelString = 115,
    GetCurrentTask = 158,
    TaskRegisters = 175,
}

/// <summary>Writes eBPF instructions, one method an instruction, with named places to jump to.</summary>
/// <remarks>
/// An instruction is 8 bytes: operation, destination and source (4 bits each), 16-bit offset, 32-bit immediate (<c>Documentation/bpf/standardization</c>).
/// Programs only jump forward, which the kernel's verifier asks for.
/// </remarks>
internal sealed class BpfAssembler
{
    private readonly List<ulong> _code = [];
    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);
    private readonly List<(int Instruction, string Label)> _jumps = [];

    /// <summary>The instructions, with jumps resolved.</summary>
    /// <exception cref="InvalidOperationException">A jump leads to a place that was never named.</exception>
    public ulong[] Assemble()
    {
        ulong[] code = [.. _code];
        foreach ((int instruction, string label) in _jumps)
        {
            if (!_labels.TryGetValue(label, out int target))
                throw new InvalidOperationException($"Nothing is called '{label}'.");
            code[instruction] |= (ulong)(ushort)(short)(target - instruction - 1) << 16;
        }
        return code;
    }

    public void Label(string name) => _labels.Add(name, _code.Count);

    public void Move(BpfRegister to, BpfRegister from) => Emit(0xbf, to, from);

    public void Move(BpfRegister to, int value) => Emit(0xb7, to, immediate: value);

    public void Add(BpfRegister to, BpfRegister value) => Emit(0x0f, to, value);

    public void Add(BpfRegister to, int value) => Emit(0x07, to, immediate: value);

    public void And(BpfRegister to, int value) => Emit(0x57, to, immediate: value);

    public void ShiftRight(BpfRegister to, int bits) => Emit(0x77, to, immediate: bits);

    public void Load64(BpfRegister to, BpfRegister address, int offset) => Emit(0x79, to, address, offset);

    public void Load32(BpfRegister to, BpfRegister address, int offset) => Emit(0x61, to, address, offset);

    public void Load16(BpfRegister to, BpfRegister address, int offset) => Emit(0x69, to, address, offset);

    public void Load8(BpfRegister to, BpfRegister address, int offset) => Emit(0x71, to, address, offset);

    public void Store64(BpfRegister address, int offset, BpfRegister value) => Emit(0x7b, address, value, offset);

    public void Store32(BpfRegister address, int offset, BpfRegister value) => Emit(0x63, address, value, offset);

    public void Store32(BpfRegister address, int offset, int value) => Emit(0x62, address, offset: offset, immediate: value);

    public void Store64(BpfRegister address, int offset, int value) => Emit(0x7a, address, offset: offset, immediate: value);

    public void Call(BpfHelper helper) => Emit(0x85, immediate: (int)helper);

    public void Exit() => Emit(0x95);

    /// <summary>Loads a map, by its descriptor.</summary>
    public void LoadMap(BpfRegister to, int descriptor) => EmitWide(to, source: 1, (uint)descriptor);

    /// <summary>Loads 64 bits.</summary>
    public void LoadConstant(BpfRegister to, ulong value) => EmitWide(to, source: 0, value);

    public void Jump(string label) => EmitJump(0x05, default, label: label);

    public void JumpIfEqual(BpfRegister left, int right, string label) => EmitJump(0x15, left, right, label);

    public void JumpIfEqual(BpfRegister left, BpfRegister right, string label)
    {
        _jumps.Add((_code.Count, label));
        Emit(0x1d, left, right);
    }

    public void JumpIfNotEqual(BpfRegister left, int right, string label) => EmitJump(0x55, left, right, label);

    public void JumpIfAnySet(BpfRegister left, int mask, string label) => EmitJump(0x45, left, mask, label);

    public void JumpIfSignedLess(BpfRegister left, int right, string label) => EmitJump(0xc5, left, right, label);

    public void JumpIfGreater(BpfRegister left, int right, string label) => EmitJump(0x25, left, right, label);

    private void EmitJump(byte operation, BpfRegister left, int right = 0, string label = "")
    {
        _jumps.Add((_code.Count, label));
        Emit(operation, left, immediate: right);
    }

    private void EmitWide(BpfRegister to, byte source, ulong value)
    {
        Emit(0x18, to, (BpfRegister)source, immediate: (int)(uint)value);
        Emit(0, immediate: (int)(uint)(value >> 32));
    }

    private void Emit(byte operation, BpfRegister destination = default, BpfRegister source = default, int offset = 0, int immediate = 0) =>
        _code.Add(operation | ((ulong)destination << 8) | ((ulong)source << 12) | ((ulong)(ushort)(short)offset << 16) | ((ulong)(uint)immediate << 32));
}
