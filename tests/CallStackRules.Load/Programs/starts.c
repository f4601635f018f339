// Runs a program over and over and measures from before execve until it has begun: starts COUNT MICROSECONDS PROGRAM. MICROSECONDS are waited before each. Prints the nanoseconds of each.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Where the program writes when it began: begun.c.
enum { CLOCK_FILE = 3 };

int main(int count, char **arguments)
{
    if (count != 4)
        return 2;
    long rounds = atol(arguments[1]);
    useconds_t pause = (useconds_t)atol(arguments[2]);
    int file = memfd_create("clock", 0);
    if (file != CLOCK_FILE && (dup2(file, CLOCK_FILE) < 0 || close(file) < 0))
        return 1;
    if (ftruncate(CLOCK_FILE, sizeof(struct timespec)) < 0)
        return 1;
    struct timespec *begun = mmap(NULL, sizeof *begun, PROT_READ, MAP_SHARED, CLOCK_FILE, 0);
    if (begun == MAP_FAILED)
        return 1;
    char *program[] = { arguments[3], NULL };
    char *environment[] = { NULL };
    for (long i = 0; i < rounds; i++)
    {
        if (pause > 0)
            usleep(pause);
        // The child shares our memory until it runs the program.
        static volatile struct timespec asked;
        pid_t child = vfork();
        if (child == 0)
        {
            clock_gettime(CLOCK_MONOTONIC, (struct timespec *)&asked);
            execve(program[0], program, environment);
            _exit(1);
        }
        int status;
        if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0)
            return 1;
        printf("%ld\n", (begun->tv_sec - asked.tv_sec) * 1000000000L + begun->tv_nsec - asked.tv_nsec);
    }
    return 0;
}
