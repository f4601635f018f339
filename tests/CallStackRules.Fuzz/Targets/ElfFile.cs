using System.Buffers.Binary;
using CallStackRules.Capture.Symbols;
using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Fuzz.Targets;

/// <summary>An ELF file that somebody wants unwound: headers, segments, symbols, and all of its call frame information.</summary>
internal static class ElfFile
{
    private const int MostFunctions = 512;
    private const ulong StackStart = 0x7ffc_0000_0000;

    public static readonly FuzzTarget Target = new("elf", Find, Read);

    private static List<byte[]> Find()
    {
        string[] files = ["/lib64/ld-linux-x86-64.so.2", "/bin/true", "/usr/lib/x86_64-linux-gnu/libdl.so.2"];
        List<byte[]> found = [.. files.Where(File.Exists).Select(File.ReadAllBytes)];
        return found.Count > 0 ? found : throw new NoSeedsException("there are no ELF files where Linux has them");
    }

    private static void Read(byte[] input)
    {
        if (ElfImage.Read(input, out _) is not { } image)
            return;
        foreach (ElfSegment segment in image.Segments)
        {
            image.TryGetVirtualAddress(segment.FileOffset, out _);
            image.Symbols.TryFind(segment.Address, out _, out _);
        }
        if (image.CallFrames is not { Count: > 0 } frames)
            return;
        var stack = new byte[1024];
        for (int i = 0; i < stack.Length; i += 8)
            BinaryPrimitives.WriteUInt64LittleEndian(stack.AsSpan(i), frames.FunctionAt(i % frames.Count) + 1);
        for (int i = 0; i < Math.Min(frames.Count, MostFunctions); i++)
        {
            ulong function = frames.FunctionAt(i);
            image.Symbols.TryFind(function, out _, out _);
            if (frames.TryFindRow(function, out UnwindRow row))
                Follow(row, frames, stack);
        }
    }

    /// <summary>Works out what the row's expressions say, over a stack that leads back into the image.</summary>
    private static void Follow(in UnwindRow row, CallFrameInformation frames, byte[] stack)
    {
        var copy = new StackCopy(stack, StackStart);
        Registers registers = default;
        registers[Registers.Rsp] = StackStart;
        if (row.CfaKind != RegisterRuleKind.Register)
            DwarfExpression.TryEvaluate(frames.Frames.Slice((int)row.CfaOffset, row.CfaLength), registers, copy, cfa: null, out _);
        for (int register = 0; register < Registers.Count; register++)
        {
            RegisterRule rule = row.Rules[register];
            if (rule.Kind is RegisterRuleKind.Expression or RegisterRuleKind.ValExpression)
                DwarfExpression.TryEvaluate(frames.Frames.Slice((int)rule.Value, rule.Length), registers, copy, StackStart, out _);
        }
    }
}
