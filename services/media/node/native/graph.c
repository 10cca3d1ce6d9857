#define _GNU_SOURCE
#include "graph.h"

#include <stdlib.h>
#include <string.h>

/* Tables: an id is a place and how often the place was used, so that an old id finds nothing. */

int64_t table_add(Table *t, void *item) {
    int place = 0;
    while (place < t->room && t->items[place]) place++;
    if (place == t->room) {
        int room = t->room ? t->room * 2 : 64;
        void **items = realloc(t->items, sizeof *items * (size_t)room);
        if (!items) return -1;
        t->items = items;
        uint32_t *generations = realloc(t->generations, sizeof *generations * (size_t)room);
        if (!generations) return -1;
        t->generations = generations;
        memset(items + t->room, 0, sizeof *items * (size_t)(room - t->room));
        memset(generations + t->room, 0, sizeof *generations * (size_t)(room - t->room));
        t->room = room;
    }
    t->items[place] = item;
    t->used++;
    return (int64_t)(++t->generations[place]) << 24 | place;
}

void *table_get(const Table *t, int64_t id) {
    int64_t place = id & 0xFFFFFF;
    if (id < 0 || place >= t->room || t->generations[place] != (uint32_t)(id >> 24)) return NULL;
    return t->items[place];
}

void table_remove(Table *t, int64_t id) {
    if (!table_get(t, id)) return;
    t->items[id & 0xFFFFFF] = NULL;
    t->used--;
}

/* Addresses */

static int same_address(const Graph *g, const struct sockaddr_in6 *a, const struct sockaddr_in6 *b) {
    if (g->family == AF_INET) {
        const struct sockaddr_in *x = (const struct sockaddr_in *)a, *y = (const struct sockaddr_in *)b;
        return x->sin_port == y->sin_port && x->sin_addr.s_addr == y->sin_addr.s_addr;
    }
    return a->sin6_port == b->sin6_port && !memcmp(&a->sin6_addr, &b->sin6_addr, sizeof a->sin6_addr);
}

static Link **bucket_of(Graph *g, const struct sockaddr_in6 *address) {
    uint64_t mixed;
    if (g->family == AF_INET) {
        const struct sockaddr_in *a = (const struct sockaddr_in *)address;
        mixed = (uint64_t)a->sin_addr.s_addr << 16 | a->sin_port;
    } else {
        uint64_t halves[2];
        memcpy(halves, &address->sin6_addr, sizeof halves);
        mixed = (halves[0] * 31 + halves[1]) * 65537 + address->sin6_port;
    }
    return &g->buckets[(mixed * 0x9E3779B97F4A7C15ull) >> 52];
}

Link *graph_find_link(Graph *g, const struct sockaddr_in6 *address) {
    Link *link = *bucket_of(g, address);
    while (link && !same_address(g, &link->address, address)) link = link->next_in_bucket;
    return link;
}

static void forget_address(Graph *g, Link *link) {
    if (!link->has_address) return;
    Link **at = bucket_of(g, &link->address);
    while (*at && *at != link) at = &(*at)->next_in_bucket;
    if (*at) *at = link->next_in_bucket;
    link->has_address = 0;
}

void graph_set_address(Graph *g, Link *link, const struct sockaddr_in6 *address) {
    forget_address(g, link);
    Link *former = graph_find_link(g, address);
    if (former) forget_address(g, former);
    link->address = *address;
    link->has_address = 1;
    Link **bucket = bucket_of(g, address);
    link->next_in_bucket = *bucket;
    *bucket = link;
}

/* Links, sources, routes */

static uint32_t random32(void) { return (uint32_t)random() << 16 ^ (uint32_t)random(); }

Link *graph_add_link(Graph *g) {
    Link *link = calloc(1, sizeof *link);
    if (!link) return NULL;
    link->feedback_ssrc = random32();
    link->id = table_add(&g->links, link);
    if (link->id < 0) {
        free(link);
        return NULL;
    }
    return link;
}

void graph_remove_link(Graph *g, Link *link) {
    while (link->sources) graph_remove_source(g, link->sources);
    while (link->routes) graph_remove_route(g, link->routes);
    forget_address(g, link);
    table_remove(&g->links, link->id);
    free(link);
}

Source *graph_add_source(Graph *g, Link *link, int video) {
    Source *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->history = video ? calloc(HISTORY_PACKETS, sizeof *s->history) : NULL;
    s->id = video && !s->history ? -1 : table_add(&g->sources, s);
    if (s->id < 0) {
        source_free(s);
        return NULL;
    }
    s->link = link;
    s->video = video;
    s->level = 127;
    s->timestamp = -1;
    s->key_frame_asked = -1e9;
    for (int i = 0; i < 128; i++) s->repairs[i] = -1;
    s->next = link->sources;
    link->sources = s;
    return s;
}

int graph_bind_stream(Source *source, uint32_t ssrc, int repair) {
    Link *link = source->link;
    int place = 0;
    while (place < link->stream_count && link->streams[place].ssrc != ssrc) place++;
    if (place == MOST_STREAMS) return 0;
    if (place == link->stream_count) link->stream_count++;
    link->streams[place] = (Stream){ssrc, source, repair};
    if (!repair) {
        source->ssrc = ssrc;
        source->bound = 1;
    }
    return 1;
}

void graph_remove_source(Graph *g, Source *source) {
    Link *link = source->link;
    while (source->routes) graph_remove_route(g, source->routes);
    int left = 0;
    for (int i = 0; i < link->stream_count; i++)
        if (link->streams[i].source != source) link->streams[left++] = link->streams[i];
    link->stream_count = left;
    Source **at = &link->sources;
    while (*at && *at != source) at = &(*at)->next;
    if (*at) *at = source->next;
    table_remove(&g->sources, source->id);
    source_free(source);
}

Route *graph_add_route(Graph *g, Source *source, Link *link) {
    Route *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->id = table_add(&g->routes, r);
    if (r->id < 0) {
        free(r);
        return NULL;
    }
    r->source = source;
    r->link = link;
    r->round_trip = -1;
    r->next_sequence = 0x10000 + (random32() & 0x7FFF);
    r->repair_sequence = (uint16_t)(random32() & 0x7FFF);
    for (int i = 0; i < 128; i++) r->payload_types[i] = -1;
    r->next_of_source = source->routes;
    source->routes = r;
    r->next_of_link = link->routes;
    link->routes = r;
    return r;
}

void graph_remove_route(Graph *g, Route *route) {
    Route **at = &route->source->routes;
    while (*at && *at != route) at = &(*at)->next_of_source;
    if (*at) *at = route->next_of_source;
    at = &route->link->routes;
    while (*at && *at != route) at = &(*at)->next_of_link;
    if (*at) *at = route->next_of_link;
    table_remove(&g->routes, route->id);
    free(route);
}

void graph_free(Graph *g) {
    for (int i = 0; i < g->links.room; i++)
        if (g->links.items[i]) graph_remove_link(g, g->links.items[i]);
    Table *tables[] = {&g->links, &g->sources, &g->routes};
    for (int i = 0; i < 3; i++) {
        free(tables[i]->items);
        free(tables[i]->generations);
        *tables[i] = (Table){0};
    }
}
