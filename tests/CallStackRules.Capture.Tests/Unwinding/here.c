// Writes the caller's registers and stack where it was called: as stacks.c does, from inside another process. gcc -shared
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <ucontext.h>
#include <unistd.h>

int record_here(const char *file)
{
    ucontext_t here;
    getcontext(&here);
    static char copy[256 * 1024];
    int memory = open("/proc/self/mem", O_RDONLY);
    int64_t length = pread(memory, copy, sizeof copy, here.uc_mcontext.gregs[REG_RSP]);
    int out = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    write(out, here.uc_mcontext.gregs, 23 * 8);
    write(out, &length, 8);
    write(out, copy, length);
    int maps = open("/proc/self/maps", O_RDONLY);
    for (ssize_t n; (n = read(maps, copy, sizeof copy)) > 0;)
        write(out, copy, n);
    close(maps), close(out), close(memory);
    return 1;
}
