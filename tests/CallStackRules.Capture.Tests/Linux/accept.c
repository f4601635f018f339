// A program that takes three connections from itself: of IPv4 and of IPv6, once without wanting to know from where, and one of a file, which is none of the network. It keeps
// them open until its input ends.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int take(struct sockaddr *address, socklen_t length, int wants_to_know)
{
    struct sockaddr_storage other;
    socklen_t size = sizeof other;
    int listener = socket(address->sa_family, SOCK_STREAM, 0);
    int client = socket(address->sa_family, SOCK_STREAM, 0);
    int yes = 1;
    // Connections of a run before may linger.
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, address, length) || listen(listener, 1) || connect(client, address, length))
        return -1;
    return wants_to_know ? accept(listener, (struct sockaddr *)&other, &size) : accept4(listener, NULL, NULL, 0);
}

int main(void)
{
    char byte;
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(42421), .sin_addr = {htonl(0x7f000009)}};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(42422), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_un file = {.sun_family = AF_UNIX};
    if (take((struct sockaddr *)&four, sizeof four, 1) < 0)
        return 10;
    four.sin_port = htons(42423);
    if (take((struct sockaddr *)&four, sizeof four, 0) < 0)
        return 11;
    int hasSix = take((struct sockaddr *)&six, sizeof six, 0) >= 0;
    strcpy(file.sun_path + 1, "callstackrules-accept");
    if (take((struct sockaddr *)&file, sizeof file, 0) < 0)
        return 12;
    write(1, hasSix ? "6" : "4", 1);
    while (read(0, &byte, 1) > 0)
        ;
    return 0;
}
