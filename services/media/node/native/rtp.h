/* RTP headers (RFC 3550 §5.1) and their extensions (RFC 8285). The only code that reads an RTP packet. */
#ifndef HOUSECALL_RTP_H
#define HOUSECALL_RTP_H

#include <stdint.h>

typedef struct {
    uint8_t marker, payload_type;
    uint16_t sequence;
    uint32_t timestamp, ssrc;
    int start, end;      /* the payload is [start, end) of the packet */
    int level;           /* audio level byte, -1 where there is none */
    int32_t numbered;    /* transport-wide sequence number, -1 where there is none */
} RtpHeader;

/* 1 and *h filled in for a well-formed packet, else 0. Extension ids of 0 are not looked for. */
int rtp_read(const uint8_t *plain, int size, int level_id, int transport_cc_id, RtpHeader *h);

#endif
