// Processes and threads that begin, load, map, protect, unmap, run programs and end, as fast as they can, and now and then do what a rule looks for: churn SECONDS WORKERS LIBRARY. Prints the rounds that were done.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static time_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

static void use_files(void)
{
    int file = open("/etc/hostname", O_RDONLY);
    if (file >= 0)
        close(file);
}

// Memory that becomes code and is given back: what a compiler does that runs with its program.
static void use_memory(void)
{
    unsigned char *code = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED)
        return;
    code[0] = code[4096] = 0xc3; // ret
    mprotect(code, 2 * 4096, PROT_READ | PROT_EXEC);
    ((void (*)(void))code)();
    ((void (*)(void))(code + 4096))();
    munmap(code, 4096);
    munmap(code + 4096, 3 * 4096);
}

// What a rule looks for: code without a file that opens a file by itself. mov eax, SYS_open; syscall; ret.
static void open_from_memory(void)
{
    static const unsigned char bytes[] = {0xb8, SYS_open, 0, 0, 0, 0x0f, 0x05, 0xc3};
    void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED)
        return;
    memcpy(code, bytes, sizeof bytes);
    ((int (*)(const char *, int))code)("/etc/hostname", O_RDONLY);
}

static void *work_in_thread(void *library)
{
    void *loaded = dlopen(library, RTLD_NOW);
    use_memory();
    use_files();
    if (loaded)
        dlclose(loaded);
    return NULL;
}

static void run(char *program)
{
    pid_t child = fork();
    if (child == 0) {
        char *const arguments[] = {program, NULL};
        char *const environment[] = {NULL};
        execve("/nowhere/program", arguments, environment);
        execve(program, arguments, environment);
        _exit(127);
    }
    if (child > 0)
        waitpid(child, NULL, 0);
}

// A child that works with threads and sometimes ends while they run.
static void live_and_die(char *library, unsigned round)
{
    pid_t child = fork();
    if (child == 0) {
        if (round % 100 == 0)
            open_from_memory();
        pthread_t threads[3];
        for (int i = 0; i < 3; i++)
            pthread_create(&threads[i], NULL, work_in_thread, library);
        if (round % 4 == 0)
            _exit(0);
        for (int i = 0; i < 3; i++)
            pthread_join(threads[i], NULL);
        _exit(0);
    }
    if (child > 0)
        waitpid(child, NULL, 0);
}

int main(int count, char **values)
{
    if (count != 4)
        return 2;
    time_t end = now() + atol(values[1]);
    int workers = atoi(values[2]);
    for (int i = 0; i < workers; i++) {
        if (fork() == 0) {
            unsigned round = 0;
            while (now() < end) {
                live_and_die(values[3], round);
                run("/bin/true");
                use_memory();
                round++;
            }
            printf("%u\n", round);
            return 0;
        }
    }
    while (wait(NULL) > 0)
        ;
    return 0;
}
