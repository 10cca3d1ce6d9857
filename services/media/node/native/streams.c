#include "streams.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int64_t near(int64_t highest, uint16_t sequence) {
    return highest + (int16_t)(uint16_t)(sequence - (uint16_t)highest);
}

int64_t source_extend(const Source *s, uint16_t sequence) {
    return s->packets ? near(s->highest, sequence) : 0x10000 + (int64_t)sequence;
}

static void forget_asks(Source *s, int first, int count) {
    memmove(s->missing + first, s->missing + first + count, sizeof(Ask) * (size_t)(s->missing_count - first - count));
    s->missing_count -= count;
}

static void add_missing(Source *s, int64_t first, int64_t after) {
    if (first < after - MOST_MISSING) first = after - MOST_MISSING;
    int64_t added = after - first;
    if (added <= 0) return;
    if (s->missing_count + added > MOST_MISSING) forget_asks(s, 0, (int)(s->missing_count + added - MOST_MISSING));
    for (int64_t extended = first; extended < after; extended++)
        s->missing[s->missing_count++] = (Ask){extended, 0, -1e9};
}

int source_was_missing(Source *s, int64_t extended) {
    for (int i = 0; i < s->missing_count; i++)
        if (s->missing[i].extended == extended) {
            forget_asks(s, i, 1);
            return 1;
        }
    return 0;
}

int source_due(Source *s, double now, uint16_t *lost) {
    int count = 0, left = 0;
    for (int i = 0; i < s->missing_count; i++) {
        Ask ask = s->missing[i];
        if (s->highest - ask.extended >= HISTORY_PACKETS || ask.asks >= MOST_ASKS) continue;
        if (now - ask.last >= ASK_AGAIN_SECONDS) {
            ask.asks++;
            ask.last = now;
            lost[count++] = (uint16_t)ask.extended;
        }
        s->missing[left++] = ask;
    }
    s->missing_count = left;
    return count;
}

void source_arrived(Source *s, int64_t extended, uint8_t payload_type, uint32_t timestamp, int size, double now) {
    if (!s->packets) {
        s->first = s->highest = extended;
    } else if (extended > s->highest) {
        if (s->retransmits && extended > s->highest + 1) add_missing(s, s->highest + 1, extended);
        s->highest = extended;
    } else if (s->missing_count) {
        source_was_missing(s, extended);
    }
    s->packets++;
    s->bytes += (uint64_t)size;
    if ((int64_t)timestamp == s->timestamp) return;
    double transit = now * s->clock_rates[payload_type] - timestamp;
    if (s->timestamp >= 0) {
        double change = fabs(transit - s->transit);
        if (change < 0x40000000) s->jitter += (change - s->jitter) / 16;
    }
    s->transit = transit;
    s->timestamp = timestamp;
}

int source_keep(Source *s, int64_t extended, uint8_t payload_type, uint8_t marker, uint32_t timestamp,
                const uint8_t *payload, int size) {
    if (!s->history) return 1;
    Kept *kept = &s->history[extended % HISTORY_PACKETS];
    if (kept->extended >= extended) return 0;
    if (size > kept->room || !kept->payload) {
        uint8_t *larger = realloc(kept->payload, (size_t)size + 1);
        if (!larger) return 1; /* forwarded, but not to be had again */
        kept->payload = larger;
        kept->room = (uint16_t)size;
    }
    memcpy(kept->payload, payload, (size_t)size);
    kept->extended = extended;
    kept->payload_type = payload_type;
    kept->marker = marker;
    kept->timestamp = timestamp;
    kept->size = (uint16_t)size;
    s->frames += marker;
    return 1;
}

const Kept *source_kept(const Source *s, int64_t extended) {
    if (!s->history || extended < 0) return NULL;
    const Kept *kept = &s->history[extended % HISTORY_PACKETS];
    return kept->extended == extended && kept->payload ? kept : NULL;
}

uint32_t source_lost(const Source *s) {
    if (!s->packets) return 0;
    int64_t lost = s->highest - s->first + 1 - (int64_t)s->packets - (int64_t)s->repaired;
    return lost > 0 ? (uint32_t)lost : 0;
}

Block source_block(Source *s, double now) {
    int64_t expected = s->highest - s->first + 1, received = (int64_t)(s->packets + s->repaired);
    int64_t due = expected - s->expected_before, came = received - s->received_before;
    s->expected_before = expected;
    s->received_before = received;
    int64_t fraction = due > 0 && due > came ? (due - came) * 256 / due : 0;
    s->lost_fraction = (int)(fraction > 255 ? 255 : fraction);
    Block b = {s->ssrc, (uint8_t)s->lost_fraction, source_lost(s), (uint32_t)(s->highest - 0x10000), (uint32_t)s->jitter, 0, 0};
    if (s->has_info) {
        b.last_report = (uint32_t)(s->info.ntp >> 16);
        b.delay = (uint32_t)((now - s->info_at) * 65536);
    }
    return b;
}

void source_free(Source *s) {
    if (s->history)
        for (int i = 0; i < HISTORY_PACKETS; i++) free(s->history[i].payload);
    free(s->history);
    free(s);
}

int32_t route_number(Route *r, int64_t extended) {
    if (!r->started) {
        r->started = 1;
        r->floor = extended;
        r->offset = r->next_sequence - extended;
    }
    if (extended < r->floor) return -1;
    int64_t ours = extended + r->offset;
    if (ours + 1 > r->next_sequence) r->next_sequence = ours + 1;
    return (int32_t)(ours & 0xFFFF);
}

int64_t route_original(const Route *r, uint16_t sequence) {
    if (!r->open || !r->started) return -1;
    uint16_t behind = (uint16_t)((uint16_t)(r->next_sequence - 1) - sequence);
    int64_t extended = r->next_sequence - 1 - behind - r->offset;
    return extended >= r->floor ? extended : -1;
}

void route_heard(Route *r, const Block *block, double now) {
    r->reported = 1;
    r->last_block = *block;
    if (block->last_report && block->last_report == r->last_ntp) {
        double trip = now - r->last_report_at - block->delay / 65536.0;
        r->round_trip = trip > 0 ? trip : 0;
    }
}

void arrivals_add(Arrivals *a, uint16_t sequence, int64_t microseconds, uint32_t ssrc) {
    if (!a->started) {
        a->started = 1;
        a->highest = a->next = 0x10000 + (int64_t)sequence;
    }
    int64_t extended = near(a->highest, sequence);
    if (extended > a->highest) a->highest = extended;
    if (a->count == MOST_ARRIVALS) {
        memmove(a->seen, a->seen + 1, sizeof(Arrival) * (MOST_ARRIVALS - 1));
        a->count--;
    }
    a->seen[a->count++] = (Arrival){extended, microseconds};
    a->media_ssrc = ssrc;
}

int arrivals_take(Arrivals *a, uint16_t *base, int64_t *times) {
    int64_t lowest = a->seen[0].extended, highest = lowest;
    for (int i = 1; i < a->count; i++) {
        if (a->seen[i].extended < lowest) lowest = a->seen[i].extended;
        if (a->seen[i].extended > highest) highest = a->seen[i].extended;
    }
    int64_t first = lowest < a->next ? lowest : a->next;
    if (first < highest + 1 - WIDEST_FEEDBACK) first = highest + 1 - WIDEST_FEEDBACK;
    int count = (int)(highest + 1 - first);
    for (int i = 0; i < count; i++) times[i] = -1;
    for (int i = 0; i < a->count; i++) {
        int64_t place = a->seen[i].extended - first;
        if (place >= 0 && times[place] < 0) times[place] = a->seen[i].microseconds;
    }
    a->count = 0;
    a->next = highest + 1;
    *base = (uint16_t)first;
    return count;
}
