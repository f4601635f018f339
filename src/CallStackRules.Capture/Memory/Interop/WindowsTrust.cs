using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Memory.Interop;

/// <summary>Checks signatures of files: those in the file itself, and those in catalogues, as most files of Windows have them. Nothing is fetched from the network.</summary>
/// <remarks>Structures as in wintrust.h and mscat.h; addresses have the size of the process.</remarks>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsTrust
{
    private const uint NoInterface = 2;
    private const uint FileChoice = 1;
    private const uint CatalogChoice = 2;
    private const uint Verify = 1;
    private const uint Close = 2;
    private const uint FromCacheOnly = 0x1000;
    private const int LongestPath = 260;

    // WINTRUST_ACTION_GENERIC_VERIFY_V2
    private static readonly Guid Generic = new("00AAC56B-CD44-11d0-8CC2-00C04FC295EE");

    /// <summary>Checks the signature of an open file.</summary>
    public static SignatureFacts Check(string path, SafeFileHandle file)
    {
        fixed (char* pathPointer = path)
        {
            var inFile = new FileInformation { Size = sizeof(FileInformation), Path = pathPointer, File = file.DangerousGetHandle() };
            uint result = Check(FileChoice, &inFile, out string? subject);
            if (result == AuthenticodeStatus.NoSignature && CheckCatalog(pathPointer, file, ref subject) is { } inCatalog)
                result = inCatalog;
            return AuthenticodeStatus.Facts(result, subject);
        }
    }

    private static uint? CheckCatalog(char* path, SafeFileHandle file, ref string? subject)
    {
        if (!AcquireContext(out nint context, 0, "SHA256", 0, 0))
            return null;
        nint catalog = 0;
        try
        {
            byte* hash = stackalloc byte[64];
            uint hashLength = 64;
            if (!HashFile(context, file, ref hashLength, hash, 0))
                return null;
            catalog = FindCatalog(context, hash, hashLength, 0, 0);
            var information = new CatalogInformation { Size = sizeof(CatalogInformation) };
            if (catalog == 0 || !CatalogOf(catalog, ref information, 0))
                return null;
            string tag = Convert.ToHexString(new ReadOnlySpan<byte>(hash, (int)hashLength));
            fixed (char* tagPointer = tag)
            {
                var member = new CatalogMember
                {
                    Size = sizeof(CatalogMember), Catalog = information.Path, Tag = tagPointer, MemberPath = path, MemberFile = file.DangerousGetHandle(),
                    Hash = hash, HashLength = hashLength, Context = context,
                };
                return Check(CatalogChoice, &member, out subject);
            }
        }
        finally
        {
            if (catalog != 0)
                _ = ReleaseCatalog(context, catalog, 0);
            _ = ReleaseContext(context, 0);
        }
    }

    private static uint Check(uint choice, void* what, out string? subject)
    {
        var data = new TrustData { Size = sizeof(TrustData), Interface = NoInterface, Choice = choice, What = what, Action = Verify, Flags = FromCacheOnly };
        Guid action = Generic;
        uint result = WinVerifyTrust(-1, ref action, ref data);
        subject = Subject(data.State);
        data.Action = Close;
        _ = WinVerifyTrust(-1, ref action, ref data);
        return result;
    }

    // CRYPT_PROVIDER_CERT: u32 size, then the address of the certificate.
    private static string? Subject(nint state)
    {
        nint provider = state == 0 ? 0 : ProviderData(state);
        nint signer = provider == 0 ? 0 : Signer(provider, 0, 0, 0);
        nint* certificate = signer == 0 ? null : (nint*)Certificate(signer, 0);
        if (certificate is null || certificate[1] == 0)
            return null;
        using var signedBy = new X509Certificate2(certificate[1]);
        return signedBy.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
    }

    [LibraryImport("wintrust.dll", EntryPoint = "WinVerifyTrust")]
    private static partial uint WinVerifyTrust(nint window, ref Guid action, ref TrustData data);

    [LibraryImport("wintrust.dll", EntryPoint = "WTHelperProvDataFromStateData")]
    private static partial nint ProviderData(nint state);

    [LibraryImport("wintrust.dll", EntryPoint = "WTHelperGetProvSignerFromChain")]
    private static partial nint Signer(nint provider, uint signer, int isCounterSigner, uint counterSigner);

    [LibraryImport("wintrust.dll", EntryPoint = "WTHelperGetProvCertFromChain")]
    private static partial nint Certificate(nint signer, uint index);

    [LibraryImport("wintrust.dll", EntryPoint = "CryptCATAdminAcquireContext2", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AcquireContext(out nint context, nint subsystem, string algorithm, nint policy, uint flags);

    [LibraryImport("wintrust.dll", EntryPoint = "CryptCATAdminReleaseContext")]
    private static partial int ReleaseContext(nint context, uint flags);

    [LibraryImport("wintrust.dll", EntryPoint = "CryptCATAdminCalcHashFromFileHandle2")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool HashFile(nint context, SafeFileHandle file, ref uint length, byte* hash, uint flags);

    [LibraryImport("wintrust.dll", EntryPoint = "CryptCATAdminEnumCatalogFromHash")]
    private static partial nint FindCatalog(nint context, byte* hash, uint length, uint flags, nint previous);

    [LibraryImport("wintrust.dll", EntryPoint = "CryptCATCatalogInfoFromContext")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CatalogOf(nint catalog, ref CatalogInformation information, uint flags);

    [LibraryImport("wintrust.dll", EntryPoint = "CryptCATAdminReleaseCatalogContext")]
    private static partial int ReleaseCatalog(nint context, nint catalog, uint flags);

    /// <summary>WINTRUST_FILE_INFO.</summary>
    private struct FileInformation
    {
        public int Size;
        public char* Path;
        public nint File;
        public nint KnownSubject;
    }

    /// <summary>WINTRUST_CATALOG_INFO.</summary>
    private struct CatalogMember
    {
        public int Size;
        public uint Version;
        public char* Catalog;
        public char* Tag;
        public char* MemberPath;
        public nint MemberFile;
        public byte* Hash;
        public uint HashLength;
        public nint CatalogContext;
        public nint Context;
    }

    /// <summary>CATALOG_INFO.</summary>
    private struct CatalogInformation
    {
        public int Size;
        public fixed char Path[LongestPath];
    }

    /// <summary>WINTRUST_DATA.</summary>
    private struct TrustData
    {
        public int Size;
        public nint PolicyData;
        public nint SubjectData;
        public uint Interface;
        public uint Revocation;
        public uint Choice;
        public void* What;
        public uint Action;
        public nint State;
        public nint Reference;
        public uint Flags;
        public uint Context;
        public nint Settings;
    }
}
