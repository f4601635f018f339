// Writes when it began into the file that is open as 3. With -DALONE it is a program without the C library, which says so with its first instructions, and for which no loader is run.
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CLOCK_FILE = 3 };

#ifdef ALONE
static long call(long number, long first, long second, long third, long fourth)
{
    long result;
    register long r10 __asm__("r10") = fourth;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(first), "S"(second), "d"(third), "r"(r10) : "rcx", "r11", "memory");
    return result;
}

void _start(void)
{
    struct timespec now;
    call(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&now, 0, 0);
    long written = call(SYS_pwrite64, CLOCK_FILE, (long)&now, sizeof now, 0);
    call(SYS_exit_group, written == sizeof now ? 0 : 1, 0, 0, 0);
    __builtin_unreachable();
}
#else
int main(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return pwrite(CLOCK_FILE, &now, sizeof now, 0) == sizeof now ? 0 : 1;
}
#endif
