using System.Globalization;
using CallStackRules.Events;
using CallStackRules.Schema;

namespace CallStackRules.CallStacks;

/// <summary>One frame of a call stack. Reused: valid until its stack is cleared.</summary>
/// <param name="buffer">The event's buffer, for the texts that are worked out.</param>
public sealed class CallStackFrame(TextBuffer buffer) : IClearable
{
    private ISymbolSource? _symbols;
    private ulong _symbolAddress;
    private ulong _symbolDistance;
    private bool _isSymbolSought;
    private Text _symbolName;
    private ulong _symbolOffset;
    private Text _symbolInfo;
    private Text _modulePath;
    private Text _moduleName;
    private IFrameFacts? _facts;
    private FrameFact _unasked;
    private Text _protection;
    private long? _privateBytes;
    private Text _callSiteLeadingBytes;
    private Text _callSiteTrailingBytes;

    /// <summary>The module the address is in, or a pseudo module; null when the source did not say.</summary>
    public ModuleInfo? Module { get; set; }

    /// <summary>Name of the symbol at or before the address; missing when it has none, or nobody knows. Looked up when it is first asked for.</summary>
    public Text SymbolName
    {
        get
        {
            if (_symbols is { } symbols && !_isSymbolSought)
            {
                _isSymbolSought = true;
                if (symbols.TryFindSymbol(_symbolAddress, out string name, out ulong offset))
                {
                    _symbolName = name;
                    _symbolOffset = offset + _symbolDistance;
                }
            }
            return _symbolName;
        }
        set
        {
            _symbols = null;
            _symbolName = value;
        }
    }

    /// <summary>Bytes from <see cref="SymbolName"/> to the address.</summary>
    public ulong SymbolOffset
    {
        get
        {
            _ = SymbolName;
            return _symbolOffset;
        }
        set => _symbolOffset = value;
    }

    /// <summary>
    /// Where the address is, for reading: <c>path!Symbol+0x1a</c>, or <c>path+0x2b3c</c> where no symbol is known, or <c>Unbacked+0x...</c> with the address.
    /// Worked out from the other properties unless the source has said it.
    /// </summary>
    [EqlField("symbol_info")]
    public Text SymbolInfo
    {
        get
        {
            if (_symbolInfo.IsMissing && Module is not null)
                _symbolInfo = DescribeSymbol(Module);
            return _symbolInfo;
        }
        set
        {
            _symbolInfo = value;
            IsSymbolInfoGiven = !value.IsMissing;
        }
    }

    /// <summary>Whether the source has said <see cref="SymbolInfo"/>; otherwise it follows from the module and the address.</summary>
    public bool IsSymbolInfoGiven { get; private set; }

    /// <summary>Path of the module, or the name of a pseudo module.</summary>
    [EqlField("module_path")]
    public Text ModulePath
    {
        get => _modulePath.IsMissing && Module is { } module ? module.Path : _modulePath;
        set => _modulePath = value;
    }

    /// <summary>File name of the module, lower-case, or the name of a pseudo module.</summary>
    [EqlField("module_name")]
    public Text ModuleName
    {
        get => _moduleName.IsMissing && Module is { } module ? module.Name : _moduleName;
        set => _moduleName = value;
    }

    /// <summary>Address the frame returns to; addresses beyond 2^63 are negative.</summary>
    [EqlField("instruction_pointer")]
    public long? InstructionPointer { get; set; }

    /// <summary>Offset of the address in its module.</summary>
    [EqlField("rva")]
    public long? Rva { get; set; }

    /// <summary>Protection of the page, as in <c>RWX</c>; left out for <c>R-X</c>.</summary>
    [EqlField("protection")]
    public Text Protection
    {
        get
        {
            Ask(FrameFact.Protection);
            return _protection;
        }
        set => _protection = value;
    }

    /// <summary>Name of the module that last changed the protection of the page.</summary>
    [EqlField("protection_provenance")]
    public Text ProtectionProvenance { get; set; }

    /// <summary>Path of the module that last changed the protection of the page.</summary>
    [EqlField("protection_provenance_path")]
    public Text ProtectionProvenancePath { get; set; }

    /// <summary>Executable bytes of the allocation that differ from its file: a sign of hooks or overwritten code.</summary>
    [EqlField("allocation_private_bytes")]
    public long? AllocationPrivateBytes
    {
        get
        {
            Ask(FrameFact.PrivateBytes);
            return _privateBytes;
        }
        set => _privateBytes = value;
    }

    /// <summary>Bytes before the address, hexadecimal: the call.</summary>
    [EqlField("callsite_leading_bytes")]
    public Text CallSiteLeadingBytes
    {
        get
        {
            Ask(FrameFact.CallSite);
            return _callSiteLeadingBytes;
        }
        set => _callSiteLeadingBytes = value;
    }

    /// <summary>Bytes from the address on, hexadecimal: where control returns to.</summary>
    [EqlField("callsite_trailing_bytes")]
    public Text CallSiteTrailingBytes
    {
        get
        {
            Ask(FrameFact.CallSite);
            return _callSiteTrailingBytes;
        }
        set => _callSiteTrailingBytes = value;
    }

    /// <summary>
    /// What <see cref="SymbolInfo"/> begins with instead of the module's path: of memory that no file can be found for, still the name it was made with.
    /// </summary>
    public string? ModulePathInSymbol { get; set; }

    /// <summary>Says who knows the symbol, so that it need not be looked up before somebody asks.</summary>
    /// <param name="symbols">Knows the symbols of the module's file.</param>
    /// <param name="address">The frame's address as that file counts.</param>
    /// <param name="isReturnAddress">Whether the address is behind a call, which may be the last instruction of its function.</param>
    public void SetSymbolSource(ISymbolSource symbols, ulong address, bool isReturnAddress)
    {
        _symbols = symbols;
        _isSymbolSought = false;
        _symbolDistance = isReturnAddress ? 1u : 0u;
        _symbolAddress = address - _symbolDistance;
    }

    /// <summary>Says who knows the facts of the frame that are not set, so that they need not be asked for before somebody wants them.</summary>
    /// <param name="facts">Knows them.</param>
    /// <param name="known">Which of them it can be asked for.</param>
    public void SetFactSource(IFrameFacts facts, FrameFact known)
    {
        _facts = facts;
        _unasked = known;
    }

    /// <summary>Sets the bytes before the address and from it on; of none, the text stays missing.</summary>
    public void SetCallSite(ReadOnlySpan<byte> leading, ReadOnlySpan<byte> trailing)
    {
        _callSiteLeadingBytes = Hexadecimal(leading);
        _callSiteTrailingBytes = Hexadecimal(trailing);
    }

    /// <summary>Asks for a fact, unless that was done.</summary>
    internal void Ask(FrameFact fact)
    {
        if ((_unasked & fact) == 0)
            return;
        _unasked &= ~fact;
        _facts!.Describe(this, fact);
    }

    /// <summary>Forgets what was looked up and worked out for an event.</summary>
    internal void ForgetAnswers()
    {
        if (_symbols is not null)
        {
            _isSymbolSought = false;
            _symbolName = default;
            _symbolOffset = 0;
        }
        if (!IsSymbolInfoGiven)
            _symbolInfo = default;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        _facts = null;
        _unasked = FrameFact.None;
        Module = null;
        _symbols = null;
        _isSymbolSought = false;
        _symbolName = default;
        _symbolOffset = 0;
        ModulePathInSymbol = null;
        _symbolInfo = default;
        IsSymbolInfoGiven = false;
        _modulePath = default;
        _moduleName = default;
        InstructionPointer = null;
        Rva = null;
        Protection = default;
        ProtectionProvenance = default;
        ProtectionProvenancePath = default;
        AllocationPrivateBytes = null;
        CallSiteLeadingBytes = default;
        CallSiteTrailingBytes = default;
    }

    private Text Hexadecimal(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return default;
        Convert.TryToHexStringLower(bytes, buffer.Reserve(2 * bytes.Length), out int length);
        return buffer.Commit(length);
    }

    private Text DescribeSymbol(ModuleInfo module)
    {
        const int longestNumber = 16;
        ReadOnlySpan<char> symbol = SymbolName.Span;
        long? offset = SymbolName.IsMissing ? (module.IsPseudo ? InstructionPointer : Rva) : (long)SymbolOffset;
        ReadOnlySpan<char> path = ModulePathInSymbol is { } other ? other : module.Path.Span;
        Span<char> room = buffer.Reserve(path.Length + 1 + symbol.Length + 3 + longestNumber);
        path.CopyTo(room);
        int length = path.Length;
        if (!SymbolName.IsMissing)
        {
            room[length++] = '!';
            symbol.CopyTo(room[length..]);
            length += symbol.Length;
        }
        if (offset is { } value)
        {
            "+0x".CopyTo(room[length..]);
            length += 3;
            ((ulong)value).TryFormat(room[length..], out int written, "x", CultureInfo.InvariantCulture);
            length += written;
        }
        return buffer.Commit(length);
    }
}
