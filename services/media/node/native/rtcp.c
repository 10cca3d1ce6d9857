#include "rtcp.h"

#include <string.h>

#include "bytes.h"

enum { SENDER_REPORT = 200, RECEIVER_REPORT, SOURCE_DESCRIPTION, TRANSPORT_FEEDBACK = 205, PAYLOAD_FEEDBACK };
enum { NACK = 1, TRANSPORT_CC = 15 };
enum { PLI = 1, FIR = 4, APPLICATION = 15 };
enum { BLOCK_SIZE = 24, TIME_UNIT = 250, MOST_LOST = 17 * 64 };

static void read_blocks(const uint8_t *p, int count, const RtcpReader *reader, void *to) {
    for (int i = 0; i < count; i++, p += BLOCK_SIZE) {
        Block b = {read32(p), p[4], read32(p + 4) & 0xFFFFFF, read32(p + 8), read32(p + 12), read32(p + 16), read32(p + 20)};
        reader->block(to, &b);
    }
}

static void read_nack(const uint8_t *body, int size, const RtcpReader *reader, void *to) {
    uint16_t lost[MOST_LOST];
    int count = 0;
    for (int at = 8; at + 4 <= size && count + 17 <= MOST_LOST; at += 4) {
        uint16_t first = read16(body + at), following = read16(body + at + 2);
        lost[count++] = first;
        for (int bit = 0; bit < 16; bit++)
            if (following >> bit & 1) lost[count++] = (uint16_t)(first + 1 + bit);
    }
    reader->lost(to, read32(body + 4), lost, count);
}

static int read_one(int kind, int count, const uint8_t *body, int size, const RtcpReader *reader, void *to) {
    if (kind == SENDER_REPORT) {
        if (size < 24 + BLOCK_SIZE * count) return 0;
        SenderInfo info = {read32(body), read64(body + 4), read32(body + 12), read32(body + 16), read32(body + 20)};
        reader->sender(to, &info);
        read_blocks(body + 24, count, reader, to);
    } else if (kind == RECEIVER_REPORT) {
        if (size < 4 + BLOCK_SIZE * count) return 0;
        read_blocks(body + 4, count, reader, to);
    } else if (kind == TRANSPORT_FEEDBACK && count == NACK && size >= 8) {
        read_nack(body, size, reader, to);
    } else if (kind == PAYLOAD_FEEDBACK && size >= 8) {
        if (count == PLI) reader->key_frame(to, read32(body + 4));
        if (count == FIR)
            for (int at = 8; at + 8 <= size; at += 8) reader->key_frame(to, read32(body + at));
        if (count == APPLICATION && size >= 12 && !memcmp(body + 8, "REMB", 4)) reader->bandwidth(to);
    }
    return 1;
}

int rtcp_read(const uint8_t *plain, int size, const RtcpReader *reader, void *to) {
    int at = 0;
    while (at < size) {
        if (at + 4 > size || plain[at] >> 6 != 2) return 0;
        int length = 4 * read16(plain + at + 2);
        if (at + 4 + length > size) return 0;
        const uint8_t *body = plain + at + 4;
        int body_size = length;
        if (plain[at] & 0x20) {
            if (!length || !body[length - 1] || body[length - 1] > length) return 0;
            body_size -= body[length - 1];
        }
        if (!read_one(plain[at + 1], plain[at] & 31, body, body_size, reader, to)) return 0;
        at += 4 + length;
    }
    return 1;
}

/* `size` is the whole packet's, a multiple of 4. */
static int finish(uint8_t *out, int count, int kind, int size, int padded) {
    out[0] = (uint8_t)((padded ? 0xA0 : 0x80) | count);
    out[1] = (uint8_t)kind;
    write16(out + 2, (uint16_t)(size / 4 - 1));
    return size;
}

int rtcp_key_frame_request(uint8_t *out, uint32_t sender, uint32_t media) {
    write32(out + 4, sender);
    write32(out + 8, media);
    return finish(out, PLI, PAYLOAD_FEEDBACK, 12, 0);
}

int rtcp_nack(uint8_t *out, uint32_t sender, uint32_t media, const uint16_t *lost, int count) {
    int size = 12, at = 0;
    write32(out + 4, sender);
    write32(out + 8, media);
    while (at < count && size + 4 <= RTCP_LARGEST) {
        uint16_t first = lost[at++], following = 0;
        while (at < count) {
            uint16_t distance = (uint16_t)(lost[at] - first);
            if (!distance || distance > 16) break;
            following |= (uint16_t)(1 << (distance - 1));
            at++;
        }
        write16(out + size, first);
        write16(out + size + 2, following);
        size += 4;
    }
    return finish(out, NACK, TRANSPORT_FEEDBACK, size, 0);
}

int rtcp_receiver_report(uint8_t *out, uint32_t sender, const Block *blocks, int count) {
    write32(out + 4, sender);
    uint8_t *p = out + 8;
    for (int i = 0; i < count; i++, p += BLOCK_SIZE) {
        uint32_t lost = blocks[i].lost > 0x7FFFFF ? 0x7FFFFF : blocks[i].lost;
        write32(p, blocks[i].ssrc);
        write32(p + 4, (uint32_t)blocks[i].lost_fraction << 24 | lost);
        write32(p + 8, blocks[i].highest);
        write32(p + 12, blocks[i].jitter);
        write32(p + 16, blocks[i].last_report);
        write32(p + 20, blocks[i].delay);
    }
    return finish(out, count, RECEIVER_REPORT, 8 + BLOCK_SIZE * count, 0);
}

int rtcp_sender_report(uint8_t *out, const SenderInfo *info, const char *cname) {
    write32(out + 4, info->ssrc);
    write64(out + 8, info->ntp);
    write32(out + 16, info->rtp);
    write32(out + 20, info->packets);
    write32(out + 24, info->octets);
    finish(out, 0, SENDER_REPORT, 28, 0);
    uint8_t *description = out + 28;
    int name = (int)strlen(cname);
    if (name > 255) name = 255;
    write32(description + 4, info->ssrc);
    description[8] = 1;
    description[9] = (uint8_t)name;
    memcpy(description + 10, cname, (size_t)name);
    int size = 10 + name + 1;
    int whole = (size + 3) & ~3;
    memset(description + 10 + name, 0, (size_t)(whole - 10 - name));
    return 28 + finish(description, 1, SOURCE_DESCRIPTION, whole, 0);
}

int rtcp_transport_feedback(uint8_t *out, uint32_t sender, uint32_t media, uint8_t number, uint16_t base,
                            const int64_t *arrivals, int count) {
    int first = 0;
    while (first < count && arrivals[first] < 0) first++;
    int64_t reference = arrivals[first] / 64000, last = reference * 64000;
    int chunks = (count + 6) / 7;
    uint8_t *deltas = out + 20 + 2 * chunks;
    for (int chunk = 0; chunk < chunks; chunk++) {
        uint16_t vector = 0xC000;
        for (int place = 0; place < 7 && chunk * 7 + place < count; place++) {
            int64_t arrived = arrivals[chunk * 7 + place];
            if (arrived < 0) continue;
            /* rounded down, as the pure Python forwarder does */
            int64_t apart = arrived - last, delta = apart >= 0 ? apart / TIME_UNIT : -((-apart + TIME_UNIT - 1) / TIME_UNIT);
            if (delta > 32767) delta = 32767;
            if (delta < -32768) delta = -32768;
            last += delta * TIME_UNIT;
            int small = delta >= 0 && delta <= 255;
            if (deltas + 2 > out + RTCP_LARGEST - 4) continue;
            vector |= (uint16_t)((small ? 1 : 2) << (12 - 2 * place));
            if (small) {
                *deltas++ = (uint8_t)delta;
            } else {
                write16(deltas, (uint16_t)(int16_t)delta);
                deltas += 2;
            }
        }
        write16(out + 20 + 2 * chunk, vector);
    }
    write32(out + 4, sender);
    write32(out + 8, media);
    write16(out + 12, base);
    write16(out + 14, (uint16_t)count);
    write32(out + 16, (uint32_t)(reference & 0xFFFFFF) << 8 | number);
    int size = (int)(deltas - out), padding = -size & 3;
    if (padding) {
        memset(out + size, 0, (size_t)padding);
        out[size + padding - 1] = (uint8_t)padding;
    }
    return finish(out, TRANSPORT_CC, TRANSPORT_FEEDBACK, size + padding, padding != 0);
}
