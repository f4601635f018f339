// Stops at a known place (int3) in a known stack and writes what a sensor would see there: registers, the stack's bytes, the mappings.
//   stacks CASE FILE [DEPTH]
// File: u64 gregs[23] in the order of <sys/ucontext.h>, u64 length, stack bytes, the text of /proc/self/maps.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static const char *file;

static void on_trap(int number, siginfo_t *info, void *context)
{
    (void)number, (void)info;
    ucontext_t *at = context;
    static char copy[60 * 1024];
    // pread gives fewer bytes where the stack ends.
    int memory = open("/proc/self/mem", O_RDONLY);
    int64_t length = pread(memory, copy, sizeof copy, at->uc_mcontext.gregs[REG_RSP]);
    int out = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    write(out, at->uc_mcontext.gregs, 23 * 8);
    write(out, &length, 8);
    write(out, copy, length);
    int maps = open("/proc/self/maps", O_RDONLY);
    for (ssize_t n; (n = read(maps, copy, sizeof copy)) > 0;)
        write(out, copy, n);
    _exit(0);
}

#define STOP() __asm__ volatile("int3")

static void (*innermost)(void);

__attribute__((noinline)) void stop(void) { STOP(); __asm__ volatile(""); }
__attribute__((noinline)) void on_signal(int number) { (void)number; STOP(); __asm__ volatile(""); }
__attribute__((noinline)) void lvl3(void) { innermost(); __asm__ volatile(""); }
__attribute__((noinline)) void lvl2(void) { volatile char big[300]; big[0] = 1; lvl3(); __asm__ volatile("" ::"r"(big)); }
__attribute__((noinline)) void lvl1(int n) { char *p = __builtin_alloca(n); __asm__ volatile("" ::"r"(p)); lvl2(); __asm__ volatile(""); }
__attribute__((noinline)) void descend(int n)
{
    if (n == 0)
        lvl1(100);
    else
        descend(n - 1);
    __asm__ volatile("");
}

static void raise_signal(void) { raise(SIGUSR1); }
static int compare(const void *a, const void *b) { (void)a, (void)b; stop(); return 0; }
static void sort(void) { int two[2] = {2, 1}; qsort(two, 2, 4, compare); }

static void *code_page(const unsigned char *code, size_t size)
{
    void *page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(page, code, size);
    return page;
}

static void *thread(void *unused) { (void)unused; lvl1(10); return 0; }

int main(int argc, char **argv)
{
    static char stack[64 * 1024];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction trap = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
    sigaction(SIGTRAP, &trap, 0);
    struct sigaction user = {.sa_handler = on_signal};
    file = argv[2];
    innermost = stop;
    int depth = argc > 3 ? atoi(argv[3]) : 0;
    if (!strcmp(argv[1], "signal") || !strcmp(argv[1], "alternate"))
    {
        innermost = raise_signal;
        user.sa_flags = argv[1][0] == 'a' ? SA_ONSTACK : 0;
        sigaltstack(&alternate, 0);
        sigaction(SIGUSR1, &user, 0);
    }
    else if (!strcmp(argv[1], "callback"))
        innermost = sort;
    else if (!strcmp(argv[1], "leaf")) // int3; ret
        innermost = code_page((const unsigned char[]){0xcc, 0xc3}, 2);
    else if (!strcmp(argv[1], "framed")) // push rbp; mov rbp,rsp; sub rsp,64; int3; leave; ret
        innermost = code_page((const unsigned char[]){0x55, 0x48, 0x89, 0xe5, 0x48, 0x83, 0xec, 0x40, 0xcc, 0xc9, 0xc3}, 11);
    else if (!strcmp(argv[1], "frameless")) // xor ebp,ebp; sub rsp,8; mov rax,stop; call rax
    {
        unsigned char code[] = {0x31, 0xed, 0x48, 0x83, 0xec, 8, 0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xd0};
        void (*target)(void) = stop;
        memcpy(code + 8, &target, 8);
        innermost = code_page(code, sizeof code);
    }
    else if (!strcmp(argv[1], "thread"))
    {
        pthread_t t;
        pthread_create(&t, 0, thread, 0);
        pthread_join(t, 0);
    }
    descend(depth);
    return 0;
}
