using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CallStackRules.Capture.Sources.Linux.Processes;

namespace CallStackRules.Capture.Tests.Linux;

/// <summary>Stacks as the kernel makes them for a new program, in memory of this process.</summary>
public sealed unsafe class InitialStackTests : IDisposable
{
    private const int CopiedBytes = 24 * 1024;

    private byte* _memory;

    public void Dispose() => NativeMemory.Free(_memory);

    [Fact]
    public void A_program_begins_with_its_arguments_the_variables_of_its_loader_and_its_rights()
    {
        InitialStack stack = Read(["ls", "-l", ""], ["HOME=/", "LD_PRELOAD=/tmp/a.so", "LD_DEBUG=all"]);

        Assert.Equal(["ls", "-l", ""], stack.Arguments);
        Assert.Equal(3, stack.ArgumentCount);
        Assert.Equal(["LD_PRELOAD=/tmp/a.so", "LD_DEBUG=all"], stack.LoaderVariables);
        Assert.Equal((1000u, 0u, 100u, 50u), stack.Credentials);
        Assert.False(stack.IsIncomplete);
    }

    [SkippableFact]
    public void Whoever_has_very_many_variables_does_not_hide_what_the_loader_is_told()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Memory of processes is read as Linux lets it be read.");
        string[] variables = [.. Enumerable.Range(0, 20_000).Select(static i => $"V{i}="), "LD_PRELOAD=/tmp/a.so"];

        InitialStack stack = Read(["true"], variables);

        Assert.Equal(["LD_PRELOAD=/tmp/a.so"], stack.LoaderVariables);
        Assert.Equal((1000u, 0u, 100u, 50u), stack.Credentials);
    }

    [SkippableFact]
    public void Of_very_many_arguments_the_first_are_kept_and_all_are_counted()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Memory of processes is read as Linux lets it be read.");

        InitialStack stack = Read([.. Enumerable.Range(0, 100_000).Select(static i => $"{i}")], ["LD_PRELOAD=/tmp/a.so"]);

        Assert.Equal(100_000, stack.ArgumentCount);
        Assert.Equal(["0", "1", "2"], stack.Arguments[..3]);
        Assert.InRange(stack.Arguments.Count, 1000, 99_999);
        Assert.True(stack.IsIncomplete);
        Assert.Equal(["LD_PRELOAD=/tmp/a.so"], stack.LoaderVariables);
    }

    [Fact]
    public void A_variable_that_is_said_to_lie_just_before_the_stack_is_passed_over()
    {
        const ulong place = 0x10_0000;
        ulong[] words = [0, 0, place - 3, 0, 0, 0];
        var stack = new InitialStack();

        stack.Read(MemoryMarshal.AsBytes<ulong>(words), place, Environment.ProcessId, wordSize: 8);

        Assert.Empty(stack.LoaderVariables);
    }

    [Fact]
    public void Of_a_32_bit_program_all_numbers_have_4_bytes()
    {
        const uint place = 0xffff_0000;
        const uint texts = place + 64;
        uint[] words = [2, texts, texts + 3, 0, texts + 6, 0, 11, 1000, 12, 0, 13, 100, 14, 50, 0, 0];
        var stack = new InitialStack();

        stack.Read([.. MemoryMarshal.AsBytes<uint>(words), .. "ls\0-l\0LD_PRELOAD=/tmp/a.so\0"u8], place, Environment.ProcessId, wordSize: 4);

        Assert.Equal(["ls", "-l"], stack.Arguments);
        Assert.Equal(["LD_PRELOAD=/tmp/a.so"], stack.LoaderVariables);
        Assert.Equal((1000u, 0u, 100u, 50u), stack.Credentials);
        Assert.False(stack.IsIncomplete);
    }

    /// <summary>Where its addresses end early, or go on for ever, a stack is what can be read of it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(40)]
    [InlineData(CopiedBytes)]
    public void A_stack_that_makes_no_sense_is_survived(int length)
    {
        byte[] copy = new byte[length];
        copy.AsSpan().Fill(0xff);
        var stack = new InitialStack();

        // Nothing lies at this address of any process.
        stack.Read(copy, 8, Environment.ProcessId);

        Assert.True(stack.IsIncomplete);
        Assert.Empty(stack.Arguments);
        Assert.Empty(stack.LoaderVariables);
    }

    /// <summary>Number, addresses of arguments, 0, addresses of variables, 0, pairs, 0, then the texts.</summary>
    private InitialStack Read(string[] arguments, string[] variables)
    {
        (ulong Kind, ulong Value)[] pairs = [(11, 1000), (12, 0), (13, 100), (14, 50), (0, 0)];
        byte[][] texts = [.. arguments.Concat(variables).Select(static text => Encoding.UTF8.GetBytes(text + '\0'))];
        int addresses = 8 * (1 + arguments.Length + 1 + variables.Length + 1 + (pairs.Length * 2));
        int length = addresses + texts.Sum(static text => text.Length);
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)length);
        var all = new Span<byte>(_memory, length);
        int place = 0;
        int textPlace = addresses;
        Add((ulong)arguments.Length);
        for (int i = 0; i < texts.Length; i++)
        {
            if (i == arguments.Length)
                Add(0);
            texts[i].CopyTo(new Span<byte>(_memory + textPlace, texts[i].Length));
            Add((ulong)_memory + (ulong)textPlace);
            textPlace += texts[i].Length;
        }
        Add(0);
        foreach ((ulong kind, ulong value) in pairs)
        {
            Add(kind);
            Add(value);
        }
        var stack = new InitialStack();
        stack.Read(all[..Math.Min(length, CopiedBytes)], (ulong)_memory, Environment.ProcessId);
        return stack;

        void Add(ulong word)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(_memory + place, 8), word);
            place += 8;
        }
    }
}
