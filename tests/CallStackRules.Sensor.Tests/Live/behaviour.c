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
#include <ucontext.h>
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

// Goes on with a function whose stack is a chain of return addresses in the heap, as an exploit does: it returns to the end of this one, behind which nothing makes sense.
__attribute__((noinline)) static void call_on_chain(void *function, const void *first, const void *second, const void *third)
{
    enum { words = 8192 };
    void **chain = malloc(words * sizeof(void *));
    memset(chain, 0x41, words * sizeof(void *));
    void **top = chain + words / 2;
    top[0] = function;
    __asm__ volatile("mov %%rsp, %%rbx\n lea 1f(%%rip), %%rax\n mov %%rax, 8(%0)\n mov %0, %%rsp\n ret\n 1: mov %%rbx, %%rsp"
        : : "r"(top), "D"(first), "S"(second), "d"(third) : "rax", "rbx", "rcx", "r8", "r9", "r10", "r11", "memory", "cc");
    free(chain);
}

static ucontext_t outside;

static void run_true(void)
{
    execve("/bin/true", arguments, environment);
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
    } else if (!strcmp(what, "open-moved-over-library")) {
        unsigned char *function = dlsym(dlopen("libm.so.6", RTLD_NOW), "cbrt");
        unsigned char *page = (unsigned char *)((uintptr_t)function & ~4095UL);
        unsigned char *code = memory(7);
        if (((uintptr_t)function & 4095) > 4064)
            return 2;
        write_library_call(code + (function - page), (void *)open);
        if (mremap(code, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, page) == MAP_FAILED)
            return 2;
        return ((call3)function)("/etc/hostname", (void *)O_RDONLY, NULL) < 0;
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
    } else if (!strcmp(what, "protect-on-chain")) {
        call_on_chain((void *)mprotect, memory(3), (void *)4096, (void *)7);
        return 0;
    } else if (!strcmp(what, "exec-on-chain")) {
        call_on_chain((void *)execve, "/bin/true", arguments, environment);
    } else if (!strcmp(what, "exec-in-coroutine")) {
        ucontext_t inside;
        getcontext(&inside);
        inside.uc_stack.ss_size = 65536;
        inside.uc_stack.ss_sp = malloc(65536);
        inside.uc_link = &outside;
        makecontext(&inside, run_true, 0);
        swapcontext(&outside, &inside);
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
