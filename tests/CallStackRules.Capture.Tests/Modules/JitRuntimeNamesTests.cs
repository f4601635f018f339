using CallStackRules.Capture.Modules;

namespace CallStackRules.Capture.Tests.Modules;

public sealed class JitRuntimeNamesTests
{
    [Theory]
    [InlineData("/usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.0/libcoreclr.so", JitRuntimes.DotNet)]
    [InlineData("/usr/bin/node", JitRuntimes.V8)]
    [InlineData("/usr/lib/jvm/java-17-openjdk-amd64/lib/server/libjvm.so", JitRuntimes.Jvm)]
    [InlineData("/usr/lib/x86_64-linux-gnu/libluajit-5.1.so.2.1.0", JitRuntimes.LuaJit)]
    [InlineData("/usr/lib/x86_64-linux-gnu/libruby-3.1.so.3.1.2", JitRuntimes.Ruby)]
    [InlineData("/usr/bin/php8.2", JitRuntimes.Php)]
    [InlineData("/usr/sbin/php-fpm8.2", JitRuntimes.Php)]
    [InlineData("/usr/lib/erlang/erts-13.1.5/bin/beam.smp", JitRuntimes.Beam)]
    [InlineData("/usr/lib/x86_64-linux-gnu/libpypy3.9-c.so", JitRuntimes.PyPy)]
    [InlineData("/usr/lib/firefox/libxul.so", JitRuntimes.SpiderMonkey)]
    [InlineData("/usr/lib/x86_64-linux-gnu/libLLVM-14.so.1", JitRuntimes.Llvm)]
    [InlineData("/usr/bin/qemu-system-x86_64", JitRuntimes.Qemu)]
    [InlineData("/usr/lib/wine/wine64", JitRuntimes.Wine)]
    [InlineData("/usr/bin/nodemon", JitRuntimes.None)]
    [InlineData("/usr/bin/phpunit", JitRuntimes.None)]
    [InlineData("/opt/node/plugin.so", JitRuntimes.None)]
    [InlineData("node", JitRuntimes.V8)]
    [InlineData("", JitRuntimes.None)]
    public void A_runtime_is_told_by_the_name_of_its_file(string path, JitRuntimes runtime) => Assert.Equal(runtime, JitRuntimeNames.Of(path));
}
