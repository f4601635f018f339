// One behaviour a run, named by the first argument: what code without a file, or code that was written over, does to be found.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *const arguments[] = {"/bin/true", NULL};
static char *const environment[] = {NULL};

// A function of up to three arguments that makes a system call and returns: mov eax, number; syscall; ret.
static size_t write_call(unsigned char *code, int number)
{
    unsigned char bytes[] = {0xb8, 0, 0, 0, 0, 0x0f, 0x05, 0xc3};
    memcpy(bytes + 1, &number, 4);
    memcpy(code, bytes, sizeof bytes);
    return sizeof bytes;
}

// The same through the C library, with a frame: push rbp; mov rbp, rsp; mov rax, function; call rax; pop rbp; ret.
static size_t write_library_call(unsigned char *code, void *function)
{
    unsigned char bytes[] = {0x55, 0x48, 0x89, 0xe5, 0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xd0, 0x5d, 0xc3};
    memcpy(bytes + 6, &function, 8);
    memcpy(code, bytes, sizeof bytes);
    return sizeof bytes;
}

typedef long (*call3)(const void *, const void *, const void *);

static void *memory(int protection)
{
    void *place = mmap(NULL, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED)
        exit(2);
    return place;
}

__attribute__((noinline)) static int level3(const char *what)
{
    if (!strcmp(what, "exec-raw")) {
        unsigned char *code = memory(7);
        write_call(code, SYS_execve);
        ((call3)code)("/bin/true", arguments, environment);
    } else if (!strcmp(what, "exec-library")) {
        unsigned char *code = memory(7);
        write_library_call(code, (void *)execve);
        ((call3)code)("/bin/true", arguments, environment);
    } else if (!strcmp(what, "open-raw")) {
        unsigned char *code = memory(7);
        write_call(code, SYS_open);
        return ((call3)code)("/etc/hostname", (void *)O_RDONLY, NULL) < 0;
    } else if (!strcmp(what, "open-library")) {
        unsigned char *code = memory(7);
        write_library_call(code, (void *)open);
        return ((call3)code)("/etc/hostname", (void *)O_RDONLY, NULL) < 0;
    } else if (!strcmp(what, "capabilities-raw")) {
        // Those that it has: {version 3, this process}, {effective, permitted, inheritable} twice.
        unsigned header[2] = {0x20080522, 0};
        unsigned sets[6];
        unsigned char *code = memory(7);
        write_call(code, SYS_capset);
        return syscall(SYS_capget, header, sets) || ((call3)code)(header, sets, NULL);
    } else if (!strcmp(what, "open-written-then-executable")) {
        unsigned char *code = memory(3);
        write_library_call(code, (void *)open);
        mprotect(code, 4096, 5);
        return ((call3)code)("/etc/hostname", (void *)O_RDONLY, NULL) < 0;
    } else if (!strcmp(what, "open-memory-file")) {
        int file = memfd_create("payload", 0);
        if (ftruncate(file, 4096))
            return 2;
        unsigned char *writable = mmap(NULL, 4096, 3, MAP_SHARED, file, 0);
        write_library_call(writable, (void *)open);
        unsigned char *code = mmap(NULL, 4096, 5, MAP_SHARED, file, 0);
        return ((call3)code)("/etc/hostname", (void *)O_RDONLY, NULL) < 0;
    } else if (!strcmp(what, "open-patched-library")) {
        unsigned char *function = dlsym(dlopen("libm.so.6", RTLD_NOW), "cbrt");
        unsigned char *page = (unsigned char *)((uintptr_t)function & ~4095UL);
        mprotect(page, 8192, 7);
        write_library_call(function, (void *)open);
        mprotect(page, 8192, 5);
        return ((call3)function)("/etc/hostname", (void *)O_RDONLY, NULL) < 0;
    } else if (!strcmp(what, "open-direct")) {
        long result;
        __asm__ volatile("syscall" : "=a"(result) : "a"(SYS_open), "D"("/etc/hostname"), "S"(O_RDONLY), "d"(0) : "rcx", "r11", "memory");
        return result < 0;
    } else if (!strcmp(what, "load-deleted")) {
        // The library is the second argument's: it is opened, deleted, and loaded through its descriptor.
        return 0;
    } else if (!strcmp(what, "ordinary")) {
        return open("/etc/hostname", O_RDONLY) < 0;
    }
    return 3;
}

__attribute__((noinline)) static int level2(const char *what)
{
    int result = level3(what);
    __asm__ volatile("" ::: "memory");
    return result;
}

int main(int count, char **values)
{
    if (count > 2 && !strcmp(values[1], "load-deleted")) {
        char path[64];
        int file = open(values[2], O_RDONLY);
        unlink(values[2]);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
        return dlopen(path, RTLD_NOW) == NULL;
    }
    return count > 1 ? level2(values[1]) : 3;
}
