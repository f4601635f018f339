using System.Diagnostics;
using System.Security.Cryptography;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux.Hashing;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Linux;

public sealed class HashedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MappedFileTable _files = new();
    private readonly CaptureStatistics _statistics = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_library_has_the_digests_of_its_content_also_after_it_was_changed_in_place()
    {
        using HashedFiles hashes = Open(HashKinds.Md5 | HashKinds.Sha1 | HashKinds.Sha256 | HashKinds.Sha384 | HashKinds.Sha512);
        string path = Write("library.so", "before");
        FileHashes before = HashesOf(hashes, path);
        DateTime written = File.GetLastWriteTimeUtc(path);
        // Neither size nor time of writing tell of it.
        File.WriteAllText(path, "behind");
        File.SetLastWriteTimeUtc(path, written);
        FileHashes after = HashesOf(hashes, path);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("before"u8)), before.Sha256.ToString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("behind"u8)), after.Sha256.ToString());
        Assert.Equal(
            (Convert.ToHexStringLower(MD5.HashData("behind"u8)), Convert.ToHexStringLower(SHA1.HashData("behind"u8))), (after.Md5.ToString(), after.Sha1.ToString()));
        Assert.Equal(
            (Convert.ToHexStringLower(SHA384.HashData("behind"u8)), Convert.ToHexStringLower(SHA512.HashData("behind"u8))), (after.Sha384.ToString(), after.Sha512.ToString()));
    }

    [SkippableFact]
    public void A_file_that_stays_the_same_is_read_once()
    {
        using HashedFiles hashes = Open(HashKinds.Sha256);
        string path = new FileInfo("/bin/sh").ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? "/bin/sh";

        FileHashes first = HashesOf(hashes, path);
        (long computed, long known) = (_statistics.HashesComputed, _statistics.HashesKnown);

        Assert.Equal(first.Sha256, HashesOf(hashes, path).Sha256);
        Assert.Equal((computed, known + 1), (_statistics.HashesComputed, _statistics.HashesKnown));
    }

    [SkippableFact]
    public void A_pipe_at_the_path_of_a_library_and_a_huge_file_are_refused_and_hang_nobody()
    {
        using HashedFiles hashes = Open(HashKinds.Sha256);
        string path = Write("pipe.so", "a library");
        MappedFile file = FileAt(path);
        File.Delete(path);
        using (Process make = Process.Start("mkfifo", [path]))
            make.WaitForExit();
        string huge = Write("huge.so", "");
        using (FileStream stream = File.OpenWrite(huge))
            stream.SetLength(FileHasher.LargestFile + 1);

        Assert.True(HashesOf(hashes, file).Sha256.IsMissing);
        Assert.True(HashesOf(hashes, huge).Sha256.IsMissing);
        Assert.Equal(2, _statistics.HashesRefused);
        Assert.False(HashesOf(hashes, Write("other.so", "other")).Sha256.IsMissing);
    }

    [SkippableFact]
    public void A_process_whose_digests_are_late_and_its_children_have_them_once_they_are_there()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Hashes of live processes are for Linux.");
        using var hashes = new HashedFiles(HashKinds.Sha256, ofPrograms: true, ofLibraries: false, static () => false, _statistics);
        var parent = new LinuxProcess(Environment.ProcessId, new ProcessInfo());
        var child = new LinuxProcess(Environment.ProcessId, new ProcessInfo());
        hashes.DescribeProgram(parent);
        Assert.Equal(1, _statistics.HashesLate);
        HashedFiles.Share(parent, child);

        Assert.True(SpinWait.SpinUntil(() => Take(hashes), TimeSpan.FromMinutes(1)));

        string expected = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Environment.ProcessPath!)));
        Assert.Equal((expected, expected), (parent.Info.Hash.Sha256.ToString(), child.Info.Hash.Sha256.ToString()));
        Assert.Equal(0, _statistics.HashesWaiting);

        bool Take(HashedFiles files)
        {
            files.TakeLate();
            return !parent.Info.Hash.Sha256.IsMissing;
        }
    }

    [SkippableFact]
    public void A_program_that_was_replaced_before_its_digests_came_leaves_none_behind()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Hashes of live processes are for Linux.");
        using var hashes = new HashedFiles(HashKinds.Sha256, ofPrograms: true, ofLibraries: false, static () => false, _statistics);
        var process = new LinuxProcess(Environment.ProcessId, new ProcessInfo());
        hashes.DescribeProgram(process);
        process.AwaitedHash = null;

        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                hashes.TakeLate();
                return _statistics.HashesComputed == 1;
            },
            TimeSpan.FromMinutes(1)));
        Assert.True(process.Info.Hash.Sha256.IsMissing);
    }

    private HashedFiles Open(HashKinds kinds)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Hashes of live processes are for Linux.");
        return new HashedFiles(kinds, ofPrograms: false, ofLibraries: true, static () => true, _statistics);
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, content);
        return path;
    }

    private MappedFile FileAt(string path)
    {
        FileIdentity.OpenRegular(path, out FileIdentity identity)!.Dispose();
        return _files.GetOrAdd(identity.DeviceMajor, identity.DeviceMinor, identity.Inode, System.Text.Encoding.UTF8.GetBytes(path));
    }

    private FileHashes HashesOf(HashedFiles hashes, string path) => HashesOf(hashes, FileAt(path));

    /// <summary>As of a library that a process mapped which is gone by now. On a busy machine the answer can take longer than an event waits; then it is asked once more.</summary>
    private FileHashes HashesOf(HashedFiles hashes, MappedFile file)
    {
        const int gone = 10_000_000;
        var mapping = new Mapping(0x1000, 0x2000, 0, MemoryProtection.Execute, MemoryUse.File, file);
        var result = new FileHashes();
        long late;
        do
        {
            late = _statistics.HashesLate;
            hashes.DescribeLibrary(gone, mapping, result);
        }
        while (_statistics.HashesLate > late);
        return result;
    }
}
