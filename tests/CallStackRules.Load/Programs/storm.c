// Opens and closes a file as fast as one processor can, from a stack of 16 frames: storm PROCESSOR COUNT. Begins when its input ends; prints seconds that passed and seconds of processor time.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// open, this 11 times, main, the two of the C library that start it, and _start: 16 frames.
enum { DEPTH = 11 };

__attribute__((noinline)) static long repeat(int depth, long count)
{
    long done = 0;
    if (depth > 1)
        done = repeat(depth - 1, count);
    else
        for (; done < count; done++)
            close(open("/dev/null", O_RDONLY));
    // After the call, so that the compiler makes no jump of it.
    __asm__ volatile("" : "+r"(done));
    return done;
}

static double seconds(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **values)
{
    if (count != 3)
        return 2;
    cpu_set_t processors;
    CPU_ZERO(&processors);
    CPU_SET(atoi(values[1]), &processors);
    if (sched_setaffinity(0, sizeof processors, &processors))
        return 3;
    while (getchar() != EOF)
        ;
    double start = seconds(CLOCK_MONOTONIC);
    double start_busy = seconds(CLOCK_PROCESS_CPUTIME_ID);
    repeat(DEPTH, atol(values[2]));
    printf("%.6f %.6f\n", seconds(CLOCK_MONOTONIC) - start, seconds(CLOCK_PROCESS_CPUTIME_ID) - start_busy);
    return 0;
}
