/* What is remembered of each link, source and route. No sockets, no clock: `now` is an argument, monotonic seconds. */
#ifndef HOUSECALL_STREAMS_H
#define HOUSECALL_STREAMS_H

#include <netinet/in.h>
#include <stdint.h>

#include "rtcp.h"

enum {
    HISTORY_PACKETS = 512,
    MOST_MISSING = 128,
    MOST_ASKS = 10,
    MOST_ARRIVALS = 300,
    MOST_STREAMS = 64, /* SSRCs of one link */
    LONGEST_MID = 16,
    LONGEST_NAME = 64,
    LARGEST_BLOCK = 48, /* header extensions of a packet of ours */
};
#define ASK_AGAIN_SECONDS 0.06

typedef struct Link Link;
typedef struct Route Route;

/* A packet of a source as it may be sent again. `extended` is its number without wrapping; 0 is an empty place. */
typedef struct {
    int64_t extended;
    uint32_t timestamp;
    uint8_t payload_type, marker;
    uint16_t size, room;
    uint8_t *payload;
} Kept;

typedef struct {
    int64_t extended;
    int asks;
    double last;
} Ask;

typedef struct Source {
    int64_t id;
    struct Source *next; /* on the same link */
    Link *link;
    Route *routes;
    int video, retransmits;
    uint32_t clock_rates[128]; /* 0: not a payload type of this source */
    int16_t repairs[128];      /* RTX payload type -> the one it repairs, -1 */
    uint32_t ssrc;
    int bound;
    Kept *history;
    Ask missing[MOST_MISSING];
    int missing_count;
    int64_t first, highest;
    uint64_t packets, bytes, frames, repaired, nacks, key_frame_requests;
    int level;
    double key_frame_asked;
    int key_frame_wanted;
    int has_info;
    SenderInfo info;
    double info_at;
    double jitter, transit;
    int64_t timestamp;
    int64_t expected_before, received_before;
    int lost_fraction;
} Source;

struct Route {
    int64_t id;
    Route *next_of_source, *next_of_link;
    Source *source;
    Link *link;
    int open, started;
    int64_t floor, offset, next_sequence;
    uint16_t repair_sequence;
    uint32_t ssrc, repair_ssrc;
    int16_t payload_types[128]; /* the source's -> ours, -1 */
    uint8_t repair_types[128];  /* the source's -> our RTX's, 0 */
    uint8_t block[LARGEST_BLOCK];
    int block_size, sent_time_at, level_at; /* places in `block`, 0 for none */
    char cname[LONGEST_NAME + 1];
    uint64_t packets, bytes, retransmitted, nacks, key_frame_requests;
    int reported;
    Block last_block;
    double round_trip; /* below 0: not known */
    uint32_t last_ntp;
    double last_report_at;
};

typedef struct {
    int64_t extended, microseconds;
} Arrival;

typedef struct {
    Arrival seen[MOST_ARRIVALS];
    int count;
    int64_t highest, next;
    int started;
    uint32_t media_ssrc;
    uint8_t number;
} Arrivals;

typedef struct {
    uint32_t ssrc;
    Source *source;
    int repair;
} Stream;

struct Link {
    int64_t id;
    Link *next_in_bucket;
    int has_address;
    struct sockaddr_in6 address; /* or a sockaddr_in, by the socket's family */
    void *receiving, *sending;   /* srtp_t */
    int level_id, transport_cc_id;
    Stream streams[MOST_STREAMS];
    int stream_count;
    Source *sources;
    Route *routes;
    Arrivals arrivals;
    double feedback_at, report_at;
    uint32_t feedback_ssrc;
    int first_queued, last_queued; /* this link's chain in the forwarder's queue, valid while queued > 0 */
    int queued;
};

int64_t source_extend(const Source *s, uint16_t sequence);
void source_arrived(Source *s, int64_t extended, uint8_t payload_type, uint32_t timestamp, int size, double now);
int source_was_missing(Source *s, int64_t extended);
/* What to ask for now, ascending, at most MOST_MISSING; what is too old or was asked for too often is given up. */
int source_due(Source *s, double now, uint16_t *lost);
/* 0 where the history has it already or has gone past it. */
int source_keep(Source *s, int64_t extended, uint8_t payload_type, uint8_t marker, uint32_t timestamp,
                const uint8_t *payload, int size);
const Kept *source_kept(const Source *s, int64_t extended);
uint32_t source_lost(const Source *s);
Block source_block(Source *s, double now);
void source_free(Source *s);

/* Our number for a packet of the source; -1 for one from before the route was opened. */
int32_t route_number(Route *r, int64_t extended);
/* The source's number behind one of ours; -1 where it was not sent since the route was opened. */
int64_t route_original(const Route *r, uint16_t sequence);
void route_heard(Route *r, const Block *block, double now);

void arrivals_add(Arrivals *a, uint16_t sequence, int64_t microseconds, uint32_t ssrc);
/* Fills `times` (WIDEST_FEEDBACK) from *base on, -1 for what did not come; returns how many. */
int arrivals_take(Arrivals *a, uint16_t *base, int64_t *times);

#endif
