using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Linux.Interop;

/// <summary><c>union bpf_attr</c> of <c>include/uapi/linux/bpf.h</c>: the parts of the commands that are used.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct BpfAttributes
{
    public const int CommandMapCreate = 0;
    public const int CommandMapUpdate = 2;
    public const int CommandProgramLoad = 5;
    public const int CommandRawTracepointOpen = 17;

    [FieldOffset(0)] public uint MapType;
    [FieldOffset(4)] public uint MapKeySize;
    [FieldOffset(8)] public uint MapValueSize;
    [FieldOffset(12)] public uint MapEntries;

    [FieldOffset(0)] public uint UpdateMap;
    [FieldOffset(8)] public ulong UpdateKey;
    [FieldOffset(16)] public ulong UpdateValue;
    [FieldOffset(24)] public ulong UpdateFlags;

    [FieldOffset(0)] public uint ProgramType;
    [FieldOffset(4)] public uint ProgramInstructions;
    [FieldOffset(8)] public ulong ProgramCode;
    [FieldOffset(16)] public ulong ProgramLicense;
    [FieldOffset(24)] public uint ProgramLogLevel;
    [FieldOffset(28)] public uint ProgramLogSize;
    [FieldOffset(32)] public ulong ProgramLog;

    [FieldOffset(0)] public ulong TracepointName;
    [FieldOffset(8)] public uint TracepointProgram;
}
