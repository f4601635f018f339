// What tries to go unseen, or fails, one at a run: named by the first argument; the second is a folder to do it in.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

// Files that appear without being created or renamed: by further paths, and out of one without a name.
static int link_files(void)
{
    char path[64];
    int file = open("first", O_CREAT | O_WRONLY, 0600);
    int unnamed = open(".", O_TMPFILE | O_RDWR, 0600);
    snprintf(path, sizeof path, "/proc/self/fd/%d", unnamed);
    return file < 0 || unnamed < 0 || link("first", "second") || linkat(AT_FDCWD, path, AT_FDCWD, "third", AT_SYMLINK_FOLLOW) || symlink("/etc/hostname", "fourth");
}

// Code without a file that is moved over a function of a library, which then calls open: mov rax, open; call rax, with a frame.
static int move_code(void)
{
    unsigned char bytes[] = {0x55, 0x48, 0x89, 0xe5, 0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xd0, 0x5d, 0xc3};
    void *function = (void *)open;
    memcpy(bytes + 6, &function, 8);
    unsigned char *target = dlsym(dlopen("libm.so.6", RTLD_NOW), "cbrt");
    unsigned char *page = (unsigned char *)((uintptr_t)target & ~4095UL);
    unsigned char *code = mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(code + (target - page), bytes, sizeof bytes);
    if (mremap(code, 8192, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, page) != page)
        return 11;
    return ((int (*)(const char *, int))target)("/etc/hostname", O_RDONLY) < 0;
}

// All of this fails: no such file, no such program, not a program, not a folder, nobody listens.
static int fail(void)
{
    char *const none[] = {NULL};
    struct sockaddr_in nobody = {.sin_family = AF_INET, .sin_port = htons(1), .sin_addr = {htonl(0x7f0000fe)}};
    return open("missing", O_RDONLY) >= 0 || execve("missing", none, none) != -1 || execve("/etc/hostname", none, none) != -1 || open("/etc/hostname/x", O_CREAT | O_WRONLY, 0600) >= 0
        || rename("missing", "other") == 0 || unlink("missing") == 0 || link("missing", "other") == 0
        || connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&nobody, sizeof nobody) == 0
        || mprotect((void *)4096, 4096, PROT_EXEC) == 0;
}

// A service leaves the session of whoever started it.
static int leave_session(void)
{
    return setsid() < 0 || open("/etc/hostname", O_RDONLY) < 0;
}

int main(int count, char **values)
{
    if (count < 3 || chdir(values[2]))
        return 2;
    return !strcmp(values[1], "links") ? link_files() : !strcmp(values[1], "moves") ? move_code() : !strcmp(values[1], "fails") ? fail()
        : !strcmp(values[1], "leaves") ? leave_session() : 3;
}
