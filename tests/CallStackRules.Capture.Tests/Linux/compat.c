// System calls by the table for 32-bit programs, from a 64-bit program: int 0x80. What their arguments point to must lie below 4 GiB.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

static uint32_t room;

static int call(long number, long first, long second, long third, long fourth, long fifth)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(first), "c"(second), "d"(third), "S"(fourth), "D"(fifth)
        : "memory", "r8", "r9", "r10", "r11");
    return (int)result;
}

static uint32_t put(const void *bytes, size_t count)
{
    uint32_t place = room;
    memcpy((void *)(uintptr_t)place, bytes, count);
    room += (count + 15) & ~15;
    return place;
}

static uint32_t text(const char *value)
{
    return put(value, strlen(value) + 1);
}

static int in_memory(const char *folder)
{
    char path[256];
    room = (uint32_t)(uintptr_t)mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    if (call(295, AT_FDCWD, text("/etc/hostname"), O_RDONLY, 0, 0) < 0)
        return 10;
    strcat(strcpy(path, folder), "/made");
    uint32_t made = text(path);
    if (call(5, made, O_CREAT | O_RDWR, 0600, 0, 0) < 0)
        return 11;
    strcat(strcpy(path, folder), "/moved");
    uint32_t moved = text(path);
    if (call(38, made, moved, 0, 0, 0) || call(10, moved, 0, 0, 0, 0))
        return 12;
    // mmap of old has its arguments in memory.
    uint32_t arguments[6] = {0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, (uint32_t)-1, 0};
    if ((uint32_t)call(90, put(arguments, sizeof arguments), 0, 0, 0, 0) > 0xfffff000)
        return 13;
    if (call(125, room & ~4095, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, 0, 0))
        return 14;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(4242), .sin_addr = {htonl(0x7f000009)}};
    uint32_t ofConnect[3] = {socket(AF_INET, SOCK_DGRAM, 0), put(&address, sizeof address), sizeof address};
    if (call(102, 3, put(ofConnect, sizeof ofConnect), 0, 0, 0))
        return 15;
    // setgid of old: half a register counts.
    if (call(46, 0x10000 + 12, 0, 0, 0, 0))
        return 16;
    uint32_t program = text("/bin/true");
    uint32_t list[3] = {program, text("--quietly"), 0};
    call(11, program, put(list, sizeof list), 0, 0, 0);
    return 17;
}

int main(int count, char **values)
{
    return count > 1 ? in_memory(values[1]) : 2;
}
