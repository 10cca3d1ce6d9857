#define _GNU_SOURCE
#include "forwarder.h"

#include <errno.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bytes.h"

#define KEY_FRAME_INTERVAL 0.3
#define FEEDBACK_SECONDS 0.05
#define REPORT_SECONDS 1.0
#define MOST_BLOCKS 31

static socklen_t address_size(const Forwarder *f) {
    return f->graph.family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

static void read_clocks(Forwarder *f) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    f->microseconds = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
    f->now = (double)t.tv_sec + (double)t.tv_nsec / 1e9;
    clock_gettime(CLOCK_REALTIME, &t);
    f->sent_time = (uint32_t)((uint64_t)t.tv_sec * 262144 + (uint64_t)t.tv_nsec * 262144 / 1000000000) & 0xFFFFFF;
}

int forwarder_open(Forwarder *f, int fd, int family) {
    memset(f, 0, sizeof *f);
    f->fd = fd;
    f->graph.family = family;
    f->in = malloc(sizeof *f->in * BATCH);
    f->queue.slots = malloc(sizeof *f->queue.slots * QUEUE);
    f->queue.segments = 1;
    if (!f->in || !f->queue.slots) return 0;
    for (int i = 0; i < BATCH; i++) {
        f->in_vectors[i] = (struct iovec){f->in[i], SLOT};
        f->in_messages[i].msg_hdr = (struct msghdr){.msg_name = &f->in_addresses[i], .msg_iov = &f->in_vectors[i], .msg_iovlen = 1};
    }
    read_clocks(f);
    return 1;
}

/* Sending */

/* As many messages as there are runs of one size in the link's chain; the last of a run may be shorter (udp(7)). */
static int gather(Forwarder *f, Link *link, int count, int *vector) {
    Queue *q = &f->queue;
    int at = link->first_queued, left = link->queued;
    while (left) {
        int size = q->sizes[at], segments = 0, first = *vector, shorter = 0;
        do {
            q->vectors[(*vector)++] = (struct iovec){q->slots[at], (size_t)q->sizes[at]};
            shorter = q->sizes[at] < size;
            segments++;
            left--;
            at = q->next[at];
        } while (left && q->segments && !shorter && segments < MOST_SEGMENTS && q->sizes[at] <= size);
        struct msghdr *m = &q->messages[count++].msg_hdr;
        *m = (struct msghdr){.msg_name = &link->address, .msg_namelen = address_size(f), .msg_iov = &q->vectors[first],
                             .msg_iovlen = (size_t)segments};
        if (segments > 1) {
            m->msg_control = q->controls[count - 1].bytes;
            m->msg_controllen = sizeof q->controls->bytes;
            struct cmsghdr *c = CMSG_FIRSTHDR(m);
            uint16_t segment = (uint16_t)size;
            c->cmsg_level = SOL_UDP;
            c->cmsg_type = UDP_SEGMENT;
            c->cmsg_len = CMSG_LEN(sizeof segment);
            memcpy(CMSG_DATA(c), &segment, sizeof segment);
        }
    }
    link->queued = 0;
    return count;
}

/* A kernel or a device that does not segment refuses the whole message: its datagrams leave one by one. */
static void send_singly(Forwarder *f, const struct msghdr *m) {
    if (errno == EINVAL || errno == EIO || errno == EMSGSIZE || errno == ENOPROTOOPT) f->queue.segments = 0;
    for (size_t i = 0; i < m->msg_iovlen; i++)
        if (sendto(f->fd, m->msg_iov[i].iov_base, m->msg_iov[i].iov_len, MSG_DONTWAIT, m->msg_name, m->msg_namelen) < 0) f->count.unsent++;
}

static void flush(Forwarder *f) {
    Queue *q = &f->queue;
    int count = 0, vector = 0, done = 0;
    for (int i = 0; i < q->link_count; i++) count = gather(f, q->links[i], count, &vector);
    while (done < count) {
        int sent = sendmmsg(f->fd, q->messages + done, (unsigned)(count - done), MSG_DONTWAIT);
        if (sent > 0) {
            done += sent;
            continue;
        }
        if (errno == EINTR) continue;
        const struct msghdr *m = &q->messages[done].msg_hdr;
        if (errno == EAGAIN || errno == ENOBUFS) { /* a full buffer drops the rest, as the network would */
            for (; done < count; done++) f->count.unsent += q->messages[done].msg_hdr.msg_iovlen;
        } else if (m->msg_iovlen > 1) {
            send_singly(f, m);
            done++;
        } else { /* this one only: an ICMP error of a former send, an address without a way */
            f->count.unsent++;
            done++;
        }
    }
    q->used = q->link_count = 0;
}

static uint8_t *slot(Forwarder *f) {
    if (f->queue.used == QUEUE) flush(f);
    return f->queue.slots[f->queue.used];
}

/* The datagram in the last `slot` leaves for this link with the next flush. */
static void post(Forwarder *f, Link *link, int size) {
    Queue *q = &f->queue;
    int place = q->used++;
    q->sizes[place] = size;
    if (link->queued++) {
        q->next[link->last_queued] = place;
    } else {
        link->first_queued = place;
        q->links[q->link_count++] = link;
    }
    link->last_queued = place;
}

void forwarder_send(Forwarder *f, const struct sockaddr_in6 *address, const uint8_t *data, int size) {
    if (sendto(f->fd, data, (size_t)size, MSG_DONTWAIT, (const struct sockaddr *)address, address_size(f)) < 0) f->count.unsent++;
}

/* `plain` RTCP of at most RTCP_LARGEST bytes. */
static int send_rtcp(Forwarder *f, Link *link, const uint8_t *plain, int size) {
    if (!link->sending || !link->has_address) return 0;
    uint8_t *out = slot(f);
    memcpy(out, plain, (size_t)size);
    if (f->protect_rtcp(link->sending, out, &size)) {
        f->count.unsent++;
        return 0;
    }
    post(f, link, size);
    return 1;
}

static void forward(Forwarder *f, Route *r, int64_t extended, uint8_t payload_type, uint8_t marker, uint32_t timestamp,
                    const uint8_t *payload, int size, int again) {
    Link *link = r->link;
    int32_t sequence = route_number(r, extended);
    int ours = r->payload_types[payload_type];
    if (ours < 0 || sequence < 0 || !link->sending || !link->has_address) return;
    if (12 + LARGEST_BLOCK + 2 + size + TRAILER > SLOT) {
        f->count.unsent++;
        return;
    }
    int repair = again && r->repair_types[payload_type];
    uint8_t *out = slot(f);
    out[0] = r->block_size ? 0x90 : 0x80;
    out[1] = (uint8_t)((marker ? 0x80 : 0) | (repair ? r->repair_types[payload_type] : ours));
    write16(out + 2, repair ? r->repair_sequence++ : (uint16_t)sequence);
    write32(out + 4, timestamp);
    write32(out + 8, repair ? r->repair_ssrc : r->ssrc);
    int at = 12;
    memcpy(out + at, r->block, (size_t)r->block_size);
    if (r->sent_time_at) {
        out[at + r->sent_time_at] = (uint8_t)(f->sent_time >> 16);
        write16(out + at + r->sent_time_at + 1, (uint16_t)f->sent_time);
    }
    if (r->level_at) out[at + r->level_at] = (uint8_t)r->source->level;
    at += r->block_size;
    if (repair) {
        write16(out + at, (uint16_t)sequence);
        at += 2;
    }
    memcpy(out + at, payload, (size_t)size);
    int whole = at + size;
    if (f->protect(link->sending, out, &whole)) {
        f->count.unsent++;
        return;
    }
    post(f, link, whole);
    f->count.sent++;
    f->count.sent_bytes += (uint64_t)whole;
    r->packets++;
    r->bytes += (uint64_t)size;
}

static void fan_out(Forwarder *f, Source *s, int64_t extended, uint8_t payload_type, uint8_t marker, uint32_t timestamp,
                    const uint8_t *payload, int size) {
    if (!source_keep(s, extended, payload_type, marker, timestamp, payload, size)) return;
    for (Route *r = s->routes; r; r = r->next_of_source)
        if (r->open) forward(f, r, extended, payload_type, marker, timestamp, payload, size, 0);
}

/* Key frames */

static void want_key_frame(Forwarder *f, Source *s) {
    if (!s->video) return;
    s->key_frame_wanted = 1;
    if (!s->bound || f->now - s->key_frame_asked < KEY_FRAME_INTERVAL) return;
    uint8_t plain[RTCP_LARGEST];
    if (!send_rtcp(f, s->link, plain, rtcp_key_frame_request(plain, s->link->feedback_ssrc, s->ssrc))) return;
    s->key_frame_wanted = 0;
    s->key_frame_asked = f->now;
    s->key_frame_requests++;
    f->count.key_frames_requested++;
}

/* RTCP that came */

typedef struct {
    Forwarder *forwarder;
    Link *link;
} Heard;

static Route *route_of(const Link *link, uint32_t ssrc) {
    Route *r = link->routes;
    while (r && r->ssrc != ssrc) r = r->next_of_link;
    return r;
}

static const Stream *stream_of(const Link *link, uint32_t ssrc) {
    for (int i = 0; i < link->stream_count; i++)
        if (link->streams[i].ssrc == ssrc) return &link->streams[i];
    return NULL;
}

/* The publisher's own clock pair, so that sound and picture of one person stay in step (RFC 3550 §6.4.1). */
static void send_sender_report(Forwarder *f, Route *r) {
    if (!r->open || !r->packets) return;
    SenderInfo ours = {r->ssrc, r->source->info.ntp, r->source->info.rtp, (uint32_t)r->packets, (uint32_t)r->bytes};
    uint8_t plain[RTCP_LARGEST];
    if (!send_rtcp(f, r->link, plain, rtcp_sender_report(plain, &ours, r->cname))) return;
    r->last_ntp = (uint32_t)(ours.ntp >> 16);
    r->last_report_at = f->now;
    f->count.sender_reports_sent++;
}

static void heard_sender(void *to, const SenderInfo *info) {
    Heard *h = to;
    const Stream *stream = stream_of(h->link, info->ssrc);
    if (!stream || stream->repair) return;
    stream->source->info = *info;
    stream->source->has_info = 1;
    stream->source->info_at = h->forwarder->now;
    for (Route *r = stream->source->routes; r; r = r->next_of_source) send_sender_report(h->forwarder, r);
}

static void heard_block(void *to, const Block *block) {
    Heard *h = to;
    Route *r = route_of(h->link, block->ssrc);
    if (r) route_heard(r, block, h->forwarder->now);
}

static void heard_lost(void *to, uint32_t ssrc, const uint16_t *sequences, int count) {
    Heard *h = to;
    Forwarder *f = h->forwarder;
    Route *r = route_of(h->link, ssrc);
    if (!r) return;
    r->nacks++;
    f->count.nacks_received++;
    for (int i = 0; i < count; i++) {
        const Kept *kept = source_kept(r->source, route_original(r, sequences[i]));
        if (!kept) continue;
        forward(f, r, kept->extended, kept->payload_type, kept->marker, kept->timestamp, kept->payload, kept->size, 1);
        r->retransmitted++;
        f->count.retransmitted++;
    }
}

static void heard_key_frame(void *to, uint32_t ssrc) {
    Heard *h = to;
    Route *r = route_of(h->link, ssrc);
    if (!r || !r->open) return;
    r->key_frame_requests++;
    h->forwarder->count.key_frames_asked++;
    want_key_frame(h->forwarder, r->source);
}

static void heard_bandwidth(void *to) { ((Heard *)to)->forwarder->count.bandwidth_estimates_received++; }

static const RtcpReader READER = {heard_sender, heard_block, heard_lost, heard_key_frame, heard_bandwidth};

static void on_rtcp(Forwarder *f, Link *link, uint8_t *data, int size) {
    Heard heard = {f, link};
    if (f->unprotect_rtcp(link->receiving, data, &size) || !rtcp_read(data, size, &READER, &heard)) f->count.refused++;
}

/* RTP that came */

static void on_original(Forwarder *f, Source *s, const RtpHeader *h, const uint8_t *plain, int size) {
    if (!s->clock_rates[h->payload_type]) return;
    int64_t extended = source_extend(s, h->sequence);
    source_arrived(s, extended, h->payload_type, h->timestamp, size, f->now);
    if (h->level >= 0) s->level = h->level;
    fan_out(f, s, extended, h->payload_type, h->marker, h->timestamp, plain + h->start, h->end - h->start);
}

/* RFC 4588: the first two bytes of the payload are the number of the packet that is sent again. */
static void on_repair(Forwarder *f, Source *s, const RtpHeader *h, const uint8_t *plain) {
    int repaired = s->repairs[h->payload_type];
    if (repaired < 0 || h->end - h->start < 2 || !s->packets) return;
    int64_t extended = source_extend(s, read16(plain + h->start));
    if (extended > s->highest || !source_was_missing(s, extended)) return;
    s->repaired++;
    f->count.repaired++;
    fan_out(f, s, extended, (uint8_t)repaired, h->marker, h->timestamp, plain + h->start + 2, h->end - h->start - 2);
}

/* 1 for a stream that nobody announced; the packet is then decrypted in place and *size its length. */
static int on_rtp(Forwarder *f, Link *link, uint8_t *data, int *size) {
    RtpHeader h;
    int whole = *size;
    if (f->unprotect(link->receiving, data, size) || !rtp_read(data, *size, link->level_id, link->transport_cc_id, &h)) {
        f->count.refused++;
        return 0;
    }
    f->count.received++;
    f->count.received_bytes += (uint64_t)whole;
    if (h.numbered >= 0) arrivals_add(&link->arrivals, (uint16_t)h.numbered, f->microseconds, h.ssrc);
    const Stream *stream = stream_of(link, h.ssrc);
    if (!stream) return 1;
    if (stream->repair)
        on_repair(f, stream->source, &h, data);
    else
        on_original(f, stream->source, &h, data, *size);
    return 0;
}

static int on_datagram(Forwarder *f, const struct sockaddr_in6 *from, uint8_t *data, int *size, int64_t *link_id) {
    int first = *size ? data[0] : 255;
    Link *link = graph_find_link(&f->graph, from);
    *link_id = link ? link->id : -1;
    if (first >= 128 && first < 192) {
        if (!link || !link->receiving || *size < 12) {
            f->count.strays++;
        } else if (data[1] >= 192 && data[1] <= 223) {
            on_rtcp(f, link, data, *size);
        } else if (on_rtp(f, link, data, size)) {
            return HANDED_STREAM;
        }
        return 0;
    }
    if (first < 4 && *size >= 20) return HANDED_STUN;
    if (first >= 20 && first < 64 && link) return HANDED_DTLS;
    f->count.strays++;
    return 0;
}

int forwarder_receive(Forwarder *f, Handed *handed, int *count) {
    *count = 0;
    for (int i = 0; i < BATCH; i++) f->in_messages[i].msg_hdr.msg_namelen = sizeof(struct sockaddr_in6);
    int came = recvmmsg(f->fd, f->in_messages, BATCH, MSG_DONTWAIT, NULL);
    if (came <= 0) return 0;
    read_clocks(f);
    for (int i = 0; i < came; i++) {
        int size = (int)f->in_messages[i].msg_len;
        int64_t link = -1;
        int kind = on_datagram(f, &f->in_addresses[i], f->in[i], &size, &link);
        if (kind) handed[(*count)++] = (Handed){kind, link, &f->in_addresses[i], f->in[i], size};
    }
    flush(f);
    return came;
}

/* What is due */

static void tick_source(Forwarder *f, Link *link, Source *s) {
    if (s->key_frame_wanted) want_key_frame(f, s);
    if (!s->missing_count) return;
    uint16_t lost[MOST_MISSING];
    uint8_t plain[RTCP_LARGEST];
    int count = source_due(s, f->now, lost);
    if (count && send_rtcp(f, link, plain, rtcp_nack(plain, link->feedback_ssrc, s->ssrc, lost, count))) {
        s->nacks++;
        f->count.nacks_sent++;
    }
}

static void tick_link(Forwarder *f, Link *link) {
    uint8_t plain[RTCP_LARGEST];
    if (!link->sending || !link->sources) return;
    for (Source *s = link->sources; s; s = s->next) tick_source(f, link, s);
    if (link->arrivals.count && f->now - link->feedback_at >= FEEDBACK_SECONDS) {
        int64_t times[WIDEST_FEEDBACK];
        uint16_t base;
        link->feedback_at = f->now;
        int count = arrivals_take(&link->arrivals, &base, times);
        int size = rtcp_transport_feedback(plain, link->feedback_ssrc, link->arrivals.media_ssrc, link->arrivals.number++, base, times, count);
        f->count.transport_feedback_sent += (uint64_t)send_rtcp(f, link, plain, size);
    }
    if (f->now - link->report_at >= REPORT_SECONDS) {
        Block blocks[MOST_BLOCKS];
        int count = 0;
        link->report_at = f->now;
        for (Source *s = link->sources; s && count < MOST_BLOCKS; s = s->next)
            if (s->packets) blocks[count++] = source_block(s, f->now);
        if (count) {
            int size = rtcp_receiver_report(plain, link->feedback_ssrc, blocks, count);
            f->count.receiver_reports_sent += (uint64_t)send_rtcp(f, link, plain, size);
        }
    }
}

void forwarder_tick(Forwarder *f) {
    read_clocks(f);
    for (int i = 0; i < f->graph.links.room; i++)
        if (f->graph.links.items[i]) tick_link(f, f->graph.links.items[i]);
    flush(f);
}

void forwarder_open_route(Forwarder *f, Route *route) {
    if (route->open) return;
    route->open = 1;
    route->started = 0;
    read_clocks(f);
    want_key_frame(f, route->source);
    flush(f);
}

void forwarder_close(Forwarder *f) {
    graph_free(&f->graph);
    free(f->in);
    free(f->queue.slots);
    f->in = f->queue.slots = NULL;
}
