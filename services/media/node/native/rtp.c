#include "rtp.h"

#include "bytes.h"

static void take(int id, const uint8_t *value, int size, int level_id, int transport_cc_id, RtpHeader *h) {
    if (level_id && id == level_id && size >= 1) h->level = value[0];
    if (transport_cc_id && id == transport_cc_id && size >= 2) h->numbered = read16(value);
}

static void read_one_byte(const uint8_t *plain, int at, int end, int level_id, int transport_cc_id, RtpHeader *h) {
    while (at < end) {
        int mark = plain[at];
        if (!mark) {
            at++;
            continue;
        }
        if (mark >> 4 == 15) return;
        int after = at + 2 + (mark & 15);
        if (after > end) return;
        take(mark >> 4, plain + at + 1, after - at - 1, level_id, transport_cc_id, h);
        at = after;
    }
}

static void read_two_bytes(const uint8_t *plain, int at, int end, int level_id, int transport_cc_id, RtpHeader *h) {
    while (at < end) {
        if (!plain[at]) {
            at++;
            continue;
        }
        if (at + 2 > end || at + 2 + plain[at + 1] > end) return;
        take(plain[at], plain + at + 2, plain[at + 1], level_id, transport_cc_id, h);
        at += 2 + plain[at + 1];
    }
}

int rtp_read(const uint8_t *plain, int size, int level_id, int transport_cc_id, RtpHeader *h) {
    if (size < 12) return 0;
    h->marker = plain[1] >> 7;
    h->payload_type = plain[1] & 127;
    h->sequence = read16(plain + 2);
    h->timestamp = read32(plain + 4);
    h->ssrc = read32(plain + 8);
    h->level = h->numbered = -1;
    int start = 12 + 4 * (plain[0] & 15);
    if (plain[0] & 0x10) {
        if (start + 4 > size) return 0;
        int profile = read16(plain + start), begin = start + 4;
        start = begin + 4 * read16(plain + start + 2);
        if (start > size) return 0;
        if (profile == 0xBEDE)
            read_one_byte(plain, begin, start, level_id, transport_cc_id, h);
        else if ((profile & 0xFFF0) == 0x1000)
            read_two_bytes(plain, begin, start, level_id, transport_cc_id, h);
    }
    int end = size;
    if (plain[0] & 0x20) {
        int padding = plain[size - 1];
        if (!padding || padding > size - start) return 0;
        end = size - padding;
    }
    if (start > end) return 0;
    h->start = start;
    h->end = end;
    return 1;
}
