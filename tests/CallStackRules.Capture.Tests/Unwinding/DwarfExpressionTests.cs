using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Capture.Tests.Unwinding;

public class DwarfExpressionTests
{
    private const ulong StackStart = 0x7000;
    private static readonly byte[] Stack = [1, 2, 3, 4, 5, 6, 7, 8, 0x11, 0, 0, 0, 0, 0, 0, 0x80];

    [Theory]
    [InlineData(new byte[] { 0x03, 1, 0, 0, 0, 0, 0, 0, 0x80 }, 0x8000000000000001)] // addr
    [InlineData(new byte[] { 0x77, 8, 0x06 }, 0x8000000000000011)] // breg7 8, deref
    [InlineData(new byte[] { 0x77, 1, 0x94, 2 }, 0x0302)] // deref_size
    [InlineData(new byte[] { 0x08, 0xff }, 255)] // const1u
    [InlineData(new byte[] { 0x09, 0xff }, ulong.MaxValue)] // const1s
    [InlineData(new byte[] { 0x0a, 0xff, 0xff }, 0xffff)] // const2u
    [InlineData(new byte[] { 0x0b, 0xfe, 0xff }, ulong.MaxValue - 1)] // const2s
    [InlineData(new byte[] { 0x0c, 1, 0, 0, 0x80 }, 0x80000001)] // const4u
    [InlineData(new byte[] { 0x0d, 0xff, 0xff, 0xff, 0xff }, ulong.MaxValue)] // const4s
    [InlineData(new byte[] { 0x0e, 1, 0, 0, 0, 0, 0, 0, 1 }, 0x0100000000000001)] // const8u
    [InlineData(new byte[] { 0x0f, 1, 0, 0, 0, 0, 0, 0, 1 }, 0x0100000000000001)] // const8s
    [InlineData(new byte[] { 0x10, 0x80, 1 }, 128)] // constu
    [InlineData(new byte[] { 0x11, 0x7f }, ulong.MaxValue)] // consts
    [InlineData(new byte[] { 0x33, 0x12, 0x1e }, 9)] // 3 dup mul
    [InlineData(new byte[] { 0x33, 0x34, 0x13 }, 3)] // drop
    [InlineData(new byte[] { 0x33, 0x34, 0x14 }, 3)] // over
    [InlineData(new byte[] { 0x33, 0x34, 0x35, 0x15, 2 }, 3)] // pick
    [InlineData(new byte[] { 0x33, 0x34, 0x16 }, 3)] // swap
    [InlineData(new byte[] { 0x33, 0x34, 0x35, 0x17, 0x13 }, 3)] // rot puts the top third: 5 3 4, drop leaves 3
    [InlineData(new byte[] { 0x09, 0xfb, 0x19 }, 5)] // abs
    [InlineData(new byte[] { 0x3c, 0x3a, 0x1a }, 8)] // and
    [InlineData(new byte[] { 0x09, 0xf8, 0x32, 0x1b }, ulong.MaxValue - 3)] // div
    [InlineData(new byte[] { 0x0e, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x09, 0xff, 0x1b }, 0x8000000000000000)] // the quotient that does not fit
    [InlineData(new byte[] { 0x38, 0x33, 0x1c }, 5)] // minus
    [InlineData(new byte[] { 0x38, 0x33, 0x1d }, 2)] // mod
    [InlineData(new byte[] { 0x31, 0x1f }, ulong.MaxValue)] // neg
    [InlineData(new byte[] { 0x30, 0x20 }, ulong.MaxValue)] // not
    [InlineData(new byte[] { 0x3c, 0x33, 0x21 }, 15)] // or
    [InlineData(new byte[] { 0x38, 0x33, 0x22 }, 11)] // plus
    [InlineData(new byte[] { 0x38, 0x23, 3 }, 11)] // plus_uconst
    [InlineData(new byte[] { 0x31, 0x33, 0x24 }, 8)] // shl
    [InlineData(new byte[] { 0x31, 0x08, 64, 0x24 }, 0)] // shl by too much
    [InlineData(new byte[] { 0x09, 0xff, 0x08, 60, 0x25 }, 15)] // shr
    [InlineData(new byte[] { 0x09, 0xf0, 0x32, 0x26 }, ulong.MaxValue - 3)] // shra
    [InlineData(new byte[] { 0x3c, 0x3a, 0x27 }, 6)] // xor
    [InlineData(new byte[] { 0x31, 0x28, 1, 0, 0x35, 0x36 }, 6)] // bra taken
    [InlineData(new byte[] { 0x30, 0x28, 1, 0, 0x35 }, 5)] // bra not taken
    [InlineData(new byte[] { 0x35, 0x2f, 1, 0, 0x36 }, 5)] // skip
    [InlineData(new byte[] { 0x33, 0x33, 0x29 }, 1)] // eq
    [InlineData(new byte[] { 0x09, 0xff, 0x30, 0x2a }, 0)] // ge is signed
    [InlineData(new byte[] { 0x34, 0x33, 0x2b }, 1)] // gt
    [InlineData(new byte[] { 0x09, 0xff, 0x30, 0x2c }, 1)] // le
    [InlineData(new byte[] { 0x33, 0x33, 0x2d }, 0)] // lt
    [InlineData(new byte[] { 0x33, 0x34, 0x2e }, 1)] // ne
    [InlineData(new byte[] { 0x92, 7, 0x78 }, StackStart - 8)] // bregx
    [InlineData(new byte[] { 0x96, 0x31 }, 1)] // nop
    [InlineData(new byte[] { 0x77, 8, 0x80, 0, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22 }, StackStart + 16)] // what linkers write for .plt, at rip & 15 = 11
    public void An_operation_gives_what_DWARF_says(byte[] expression, ulong expected)
    {
        Assert.True(Evaluate(expression, out ulong result));
        Assert.Equal(expected, result);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0x13 })]
    [InlineData(new byte[] { 0x22 })]
    [InlineData(new byte[] { 0x31, 0x30, 0x1b })]
    [InlineData(new byte[] { 0x31, 0x30, 0x1d })]
    [InlineData(new byte[] { 0x2f, 0xfd, 0xff })]
    [InlineData(new byte[] { 0x31, 0x12, 0x2f, 0xfc, 0xff })]
    [InlineData(new byte[] { 0x2f, 0xff, 0x7f })]
    [InlineData(new byte[] { 0x31, 0x94, 9 })]
    [InlineData(new byte[] { 0x30, 0x06 })]
    [InlineData(new byte[] { 0x03, 1 })]
    [InlineData(new byte[] { 0x8f, 0 })]
    [InlineData(new byte[] { 0xff })]
    public void An_expression_that_cannot_be_evaluated_fails(byte[] expression) => Assert.False(Evaluate(expression, out _));

    [Fact]
    public void The_CFA_is_on_the_stack_when_a_register_is_asked_for()
    {
        Assert.True(DwarfExpression.TryEvaluate([0x23, 8], default, default, cfa: 0x1000, out ulong result));
        Assert.Equal(0x1008ul, result);
    }

    private static bool Evaluate(byte[] expression, out ulong result)
    {
        Registers registers = default;
        registers[Registers.Rsp] = StackStart;
        registers[Registers.Rip] = 0x40000b;
        return DwarfExpression.TryEvaluate(expression, registers, new StackCopy(Stack, StackStart), cfa: null, out result);
    }
}
