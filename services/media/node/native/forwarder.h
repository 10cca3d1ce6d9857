/* The flow: one UDP socket; datagrams in, rewritten and encrypted datagrams out, by the graph. Knows no Python.
 *
 * libsrtp is not linked: its functions and the srtp_t of each link are pylibsrtp's own, given as addresses. */
#ifndef HOUSECALL_FORWARDER_H
#define HOUSECALL_FORWARDER_H

#include <sys/socket.h>

#include "graph.h"
#include "rtp.h"
#include "streams.h"

enum { BATCH = 64, SLOT = 2048, TRAILER = 160, HANDED_STUN = 1, HANDED_DTLS = 2, HANDED_STREAM = 3 };
/* Datagrams that wait to leave, and how many of one size for one link leave as one (UDP_SEGMENT, udp(7)). */
enum { QUEUE = 512, MOST_SEGMENTS = 32 };

typedef int (*SrtpFunction)(void *session, void *packet, int *size);

typedef struct {
    uint64_t received, sent, received_bytes, sent_bytes, strays, refused, unsent;
    uint64_t nacks_received, nacks_sent, retransmitted, repaired, key_frames_asked, key_frames_requested;
    uint64_t receiver_reports_sent, sender_reports_sent, transport_feedback_sent, bandwidth_estimates_received;
} Counters;

/* What waits to leave: in slots as it came, in one chain for each link as it will leave. */
typedef struct {
    uint8_t (*slots)[SLOT];
    int sizes[QUEUE], next[QUEUE], used;
    Link *links[QUEUE];
    int link_count, segments; /* segments: whether the kernel takes several datagrams in one call */
    struct mmsghdr messages[QUEUE];
    struct iovec vectors[QUEUE];
    struct { _Alignas(struct cmsghdr) uint8_t bytes[CMSG_SPACE(sizeof(uint16_t))]; } controls[QUEUE];
} Queue;

/* A datagram for somebody else. `data` is valid until the next call. */
typedef struct {
    int kind;
    int64_t link;
    const struct sockaddr_in6 *address;
    const uint8_t *data;
    int size;
} Handed;

typedef struct {
    int fd;
    Graph graph;
    SrtpFunction unprotect, protect, unprotect_rtcp, protect_rtcp;
    Counters count;
    double now;
    int64_t microseconds;
    uint32_t sent_time;
    uint8_t (*in)[SLOT];
    struct mmsghdr in_messages[BATCH];
    struct iovec in_vectors[BATCH];
    struct sockaddr_in6 in_addresses[BATCH];
    Queue queue;
} Forwarder;

/* 0 where there is no memory. */
int forwarder_open(Forwarder *f, int fd, int family);
void forwarder_close(Forwarder *f);

/* Deal with up to BATCH datagrams; returns how many came (0: none waits) and fills `handed` (BATCH) and *count. */
int forwarder_receive(Forwarder *f, Handed *handed, int *count);
void forwarder_tick(Forwarder *f);
void forwarder_send(Forwarder *f, const struct sockaddr_in6 *address, const uint8_t *data, int size);

void forwarder_open_route(Forwarder *f, Route *route); /* from the next key frame on, which is asked for */

#endif
