// A process whose first thread ends while another goes on. That one waits until the first is gone, opens a file, and with an argument runs the program of that name; otherwise
// it waits for the end of its input.
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int first_is_dead(void)
{
    char path[64], line[512] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", getpid());
    int file = open(path, O_RDONLY);
    if (file < 0)
        return 0;
    if (read(file, line, sizeof line - 1) <= 0)
        line[0] = 0;
    close(file);
    char *end = strrchr(line, ')');
    return end && end[1] && end[2] == 'Z';
}

static void *go_on(void *program)
{
    char byte;
    while (!first_is_dead())
        usleep(1000);
    close(open("/etc/hostname", O_RDONLY));
    if (program)
        execl(program, program, (char *)NULL);
    while (read(0, &byte, 1) > 0)
        ;
    return NULL;
}

int main(int count, char **values)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, go_on, count > 1 ? values[1] : NULL))
        return 2;
    pthread_exit(NULL);
}
