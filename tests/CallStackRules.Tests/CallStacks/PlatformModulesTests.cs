using CallStackRules.CallStacks;

namespace CallStackRules.Tests.CallStacks;

public sealed class PlatformModulesTests
{
    [Theory]
    [InlineData(@"C:\Windows\System32\ntdll.dll")]
    [InlineData(@"c:\windows\syswow64\KERNELBASE.dll")]
    [InlineData(@"\Device\HarddiskVolume3\Windows\System32\wow64cpu.dll")]
    [InlineData("ntdll.dll")]
    [InlineData("/usr/lib/x86_64-linux-gnu/libc.so.6")]
    [InlineData("/lib64/ld-linux-x86-64.so.2")]
    [InlineData("[vdso]")]
    [InlineData("/usr/lib/system/libsystem_kernel.dylib")]
    public void Runtime_modules_in_their_place_are_of_the_platform(string path) => Assert.True(PlatformModules.Contains(path));

    [Theory]
    [InlineData(@"C:\Temp\ntdll.dll")]
    [InlineData(@"C:\Windows\System32\combase.dll")]
    [InlineData(@"C:\Windows\System32\clr.dll")]
    [InlineData("/tmp/libc.so.6")]
    [InlineData("/usr/bin/python3.12")]
    [InlineData("Unbacked")]
    [InlineData("")]
    public void Copies_elsewhere_and_other_modules_are_not(string path) => Assert.False(PlatformModules.Contains(path));
}
