/* Who gets what: links, the sources that come by them, and the routes by which a source goes on to other links. Sends nothing. */
#ifndef HOUSECALL_GRAPH_H
#define HOUSECALL_GRAPH_H

#include <sys/socket.h>

#include "streams.h"

enum { BUCKETS = 4096 };

typedef struct {
    void **items;
    uint32_t *generations;
    int room, used;
} Table;

/* All zero but `family` (AF_INET, AF_INET6) is an empty one. `buckets`: links by their address. */
typedef struct {
    int family;
    Table links, sources, routes;
    Link *buckets[BUCKETS];
} Graph;

int64_t table_add(Table *t, void *item); /* -1 where there is no memory */
void *table_get(const Table *t, int64_t id);
void table_remove(Table *t, int64_t id);

/* What is added is NULL where there is no memory. */
Link *graph_add_link(Graph *g);
Link *graph_find_link(Graph *g, const struct sockaddr_in6 *address); /* NULL for a stranger's */
void graph_set_address(Graph *g, Link *link, const struct sockaddr_in6 *address);
void graph_remove_link(Graph *g, Link *link);
Source *graph_add_source(Graph *g, Link *link, int video);
int graph_bind_stream(Source *source, uint32_t ssrc, int repair); /* 0: the link has too many */
void graph_remove_source(Graph *g, Source *source);
Route *graph_add_route(Graph *g, Source *source, Link *link);
void graph_remove_route(Graph *g, Route *route);
void graph_free(Graph *g);

#endif
