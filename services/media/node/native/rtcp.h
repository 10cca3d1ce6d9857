/* RTCP (RFC 3550 §6, RFC 4585, transport-wide congestion control): reading what came, writing what we send. */
#ifndef HOUSECALL_RTCP_H
#define HOUSECALL_RTCP_H

#include <stdint.h>

#define RTCP_LARGEST 1400
#define WIDEST_FEEDBACK 1000

typedef struct {
    uint32_t ssrc;
    uint8_t lost_fraction;
    uint32_t lost, highest, jitter, last_report, delay;
} Block;

typedef struct {
    uint32_t ssrc;
    uint64_t ntp;
    uint32_t rtp, packets, octets;
} SenderInfo;

/* What rtcp_read found, one call for each; `to` is the reader's own. */
typedef struct {
    void (*sender)(void *to, const SenderInfo *info);
    void (*block)(void *to, const Block *block);
    void (*lost)(void *to, uint32_t ssrc, const uint16_t *sequences, int count);
    void (*key_frame)(void *to, uint32_t ssrc);
    void (*bandwidth)(void *to);
} RtcpReader;

/* 0 for a malformed compound packet; what came before the fault was already told. */
int rtcp_read(const uint8_t *plain, int size, const RtcpReader *reader, void *to);

/* Each writes into `out` (RTCP_LARGEST bytes) and returns the length. */
int rtcp_key_frame_request(uint8_t *out, uint32_t sender, uint32_t media);
int rtcp_nack(uint8_t *out, uint32_t sender, uint32_t media, const uint16_t *lost, int count);
int rtcp_receiver_report(uint8_t *out, uint32_t sender, const Block *blocks, int count);
int rtcp_sender_report(uint8_t *out, const SenderInfo *info, const char *cname);

/* arrivals[i]: microseconds at which base + i came, or -1; `count` of them, at most WIDEST_FEEDBACK, one of them there. */
int rtcp_transport_feedback(uint8_t *out, uint32_t sender, uint32_t media, uint8_t number, uint16_t base,
                            const int64_t *arrivals, int count);

#endif
