using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Capture.Tests.Unwinding;

public class CallFrameProgramTests
{
    public static TheoryData<string, byte[], string> Instructions => new()
    {
        { "nop", [0x00], "rsp+8 ra=c-8" },
        { "advance_loc", [0x50, 0x0e, 16, 0x70, 0x0e, 24], "rsp+16 ra=c-8" },
        { "set_loc", [0x01, 0x20, 0x10, 0, 0, 0, 0, 0, 0, 0x0e, 16, 0x01, 0x21, 0x10, 0, 0, 0, 0, 0, 0, 0x0e, 24], "rsp+16 ra=c-8" },
        { "advance_loc1", [0x02, 0x20, 0x0e, 16, 0x02, 1, 0x0e, 24], "rsp+16 ra=c-8" },
        { "advance_loc2", [0x03, 0x20, 0, 0x0e, 16, 0x03, 1, 0, 0x0e, 24], "rsp+16 ra=c-8" },
        { "advance_loc4", [0x04, 0x20, 0, 0, 0, 0x0e, 16, 0x04, 1, 0, 0, 0, 0x0e, 24], "rsp+16 ra=c-8" },
        { "offset", [0x86, 2], "rsp+8 r6=c-16 ra=c-8" },
        { "offset_extended", [0x05, 6, 2], "rsp+8 r6=c-16 ra=c-8" },
        { "offset_extended_sf", [0x11, 6, 0x7e], "rsp+8 r6=c+16 ra=c-8" },
        { "GNU_negative_offset_extended", [0x2f, 6, 2], "rsp+8 r6=c+16 ra=c-8" },
        { "val_offset", [0x14, 6, 2], "rsp+8 r6=v-16 ra=c-8" },
        { "val_offset_sf", [0x15, 6, 0x7e], "rsp+8 r6=v+16 ra=c-8" },
        { "restore", [0x90, 5, 0xd0], "rsp+8 ra=c-8" },
        { "restore_extended", [0x90, 5, 0x86, 2, 0x06, 16, 0x06, 6], "rsp+8 ra=c-8" },
        { "undefined", [0x07, 16], "rsp+8 ra=u" },
        { "same_value", [0x08, 3], "rsp+8 r3=s ra=c-8" },
        { "register", [0x09, 16, 2], "rsp+8 ra=r2" },
        { "register that is not kept", [0x09, 6, 40], "rsp+8 r6=u ra=c-8" },
        { "remember_state and restore_state", [0x0a, 0x0e, 16, 0x86, 2, 0x0b], "rsp+8 ra=c-8" },
        { "def_cfa", [0x0c, 6, 16], "r6+16 ra=c-8" },
        { "def_cfa_sf", [0x12, 6, 0x7e], "r6+16 ra=c-8" },
        { "def_cfa_register", [0x0d, 6], "r6+8 ra=c-8" },
        { "def_cfa_offset", [0x0e, 0x80, 1], "rsp+128 ra=c-8" },
        { "def_cfa_offset_sf", [0x13, 0x7e], "rsp+16 ra=c-8" },
        { "def_cfa_expression", [0x0f, 2, 0x77, 8], "exp2 ra=c-8" },
        { "expression", [0x10, 6, 2, 0x77, 8], "rsp+8 r6=e2 ra=c-8" },
        { "val_expression", [0x16, 6, 2, 0x77, 8], "rsp+8 r6=x2 ra=c-8" },
        { "GNU_args_size", [0x2e, 16], "rsp+8 ra=c-8" },
        { "vector register", [0x91, 2, 0x05, 40, 2], "rsp+8 ra=c-8" },
    };

    [Theory]
    [MemberData(nameof(Instructions))]
    public void An_instruction_makes_the_row_that_DWARF_says(string name, byte[] instructions, string expected)
    {
        Assert.True(FrameBytes.Read(instructions).TryFindRow(FrameBytes.Function + 0x20, out UnwindRow row), name);
        Assert.Equal(expected, Print(row));
    }

    [Theory]
    [InlineData(new byte[] { 0x3f })]
    [InlineData(new byte[] { 0x0b })]
    [InlineData(new byte[] { 0x0c })]
    [InlineData(new byte[] { 0x0f, 0x7f })]
    [InlineData(new byte[] { 0x0c, 17, 8 })]
    [InlineData(new byte[] { 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a })]
    public void Instructions_that_make_no_sense_describe_nothing(byte[] instructions) =>
        Assert.False(FrameBytes.Read(instructions).TryFindRow(FrameBytes.Function, out _));

    [Fact]
    public void A_function_is_described_from_its_first_byte_to_its_last()
    {
        CallFrameInformation frames = FrameBytes.Read(0);
        Assert.Equal(1, frames.Count);
        Assert.False(frames.TryFindRow(FrameBytes.Function - 1, out _));
        Assert.True(frames.TryFindRow(FrameBytes.Function, out UnwindRow row));
        Assert.True(frames.TryFindRow(FrameBytes.Function + FrameBytes.FunctionSize - 1, out _));
        Assert.False(frames.TryFindRow(FrameBytes.Function + FrameBytes.FunctionSize, out _));
        Assert.False(row.IsSignalFrame);
        Assert.True(new CallFrameInformation(FrameBytes.Section([0], "zRS"), FrameBytes.Address, null).TryFindRow(FrameBytes.Function, out row));
        Assert.True(row.IsSignalFrame);
    }

    [Fact]
    public void Any_bytes_end_quietly_and_soon()
    {
        var random = new Random(11);
        byte[] section = FrameBytes.Section([0x0a, 0x0c, 6, 16, 0x10, 6, 2, 0x77, 8, 0x0b, 0x86, 2]);
        for (int i = 0; i < 100_000; i++)
        {
            byte[] damaged = section.AsSpan(0, section.Length - (random.Next(3) * random.Next(section.Length) / 2)).ToArray();
            for (int flips = random.Next(1, 6); flips > 0 && damaged.Length > 0; flips--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            new CallFrameInformation(damaged, FrameBytes.Address, null).TryFindRow(FrameBytes.Function + (ulong)random.Next(0x100), out _);
        }
    }

    private static string Print(in UnwindRow row)
    {
        string cfaRegister = row.CfaRegister == Registers.Rsp ? "rsp" : $"r{row.CfaRegister}";
        string cfa = row.CfaKind == RegisterRuleKind.Expression ? $"exp{row.CfaLength}" : $"{cfaRegister}+{row.CfaOffset}";
        var parts = new List<string> { cfa };
        for (int register = 0; register < Registers.Count; register++)
        {
            if (row.Rules[register].Kind != RegisterRuleKind.Unspecified)
                parts.Add($"{(register == 16 ? "ra" : $"r{register}")}={Print(row.Rules[register])}");
        }
        return string.Join(' ', parts);
    }

    private static string Print(RegisterRule rule) => rule.Kind switch
    {
        RegisterRuleKind.Undefined => "u",
        RegisterRuleKind.SameValue => "s",
        RegisterRuleKind.Offset => $"c{rule.Value:+0;-0}",
        RegisterRuleKind.ValOffset => $"v{rule.Value:+0;-0}",
        RegisterRuleKind.Register => $"r{rule.Value}",
        RegisterRuleKind.Expression => $"e{rule.Length}",
        _ => $"x{rule.Length}",
    };
}
