namespace CallStackRules.Capture.Modules;

/// <summary>What a mapped file is, as far as code in it is judged by it.</summary>
public enum FileKind
{
    /// <summary>An ELF file with a path.</summary>
    Elf,

    /// <summary>A PE file with a path: .NET maps its precompiled assemblies as they are.</summary>
    Pe,

    /// <summary>A file with a path that is neither, or that could not be read: <see cref="MappedFile.Refusal"/> says why.</summary>
    Other,

    /// <summary>Memory with a file descriptor and no file: <c>/memfd:name (deleted)</c>.</summary>
    Memfd,

    /// <summary>A file that had a path when it was mapped and has none any more.</summary>
    Deleted,

    /// <summary>The code that the kernel maps into every process.</summary>
    Vdso,
}
