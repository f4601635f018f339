// Requests through io_uring, without a library: each is handed in by itself and waited for. Ends with 77 where the kernel lets nobody use io_uring.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int ring;
static char *queue;
static char *completions;
static struct io_uring_sqe *entries;
static struct io_uring_params parameters;

static int request(int operation, int descriptor, const void *first, uint64_t second, unsigned third, unsigned flags)
{
    unsigned *tail = (unsigned *)(queue + parameters.sq_off.tail);
    unsigned mask = *(unsigned *)(queue + parameters.sq_off.ring_mask);
    unsigned place = *tail & mask;
    memset(&entries[place], 0, sizeof entries[place]);
    entries[place].opcode = operation;
    entries[place].fd = descriptor;
    entries[place].addr = (uintptr_t)first;
    entries[place].off = second;
    entries[place].len = third;
    entries[place].open_flags = flags;
    ((unsigned *)(queue + parameters.sq_off.array))[place] = place;
    __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
    syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
    unsigned *head = (unsigned *)(completions + parameters.cq_off.head);
    unsigned last = *(unsigned *)(completions + parameters.cq_off.ring_mask);
    int result = ((struct io_uring_cqe *)(completions + parameters.cq_off.cqes))[*head & last].res;
    __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
    return result;
}

int main(int count, char **values)
{
    char made[256];
    char moved[256];
    if (count < 2)
        return 2;
    ring = syscall(SYS_io_uring_setup, 8, &parameters);
    if (ring < 0)
        return 77;
    queue = mmap(NULL, parameters.sq_off.array + 64, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
    completions = mmap(NULL, parameters.cq_off.cqes + 16 * sizeof(struct io_uring_cqe), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
    entries = mmap(NULL, 8 * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
    strcat(strcpy(made, values[1]), "/made");
    strcat(strcpy(moved, values[1]), "/moved");
    if (request(IORING_OP_OPENAT, AT_FDCWD, "/etc/hostname", 0, 0, O_RDONLY) < 0 || request(IORING_OP_OPENAT, AT_FDCWD, made, 0, 0600, O_CREAT | O_RDWR) < 0)
        return 10;
    if (request(IORING_OP_RENAMEAT, AT_FDCWD, made, (uintptr_t)moved, AT_FDCWD, 0) || request(IORING_OP_UNLINKAT, AT_FDCWD, moved, 0, 0, 0))
        return 11;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(4242), .sin_addr = {htonl(0x7f000009)}};
    if (request(IORING_OP_CONNECT, socket(AF_INET, SOCK_DGRAM, 0), &address, sizeof address, 0, 0))
        return 12;
    return 0;
}
