/* The forwarder as a Python type. Arguments are checked here; after close() every method raises. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <arpa/inet.h>
#include <string.h>

#include "forwarder.h"

typedef struct {
    PyObject_HEAD
    Forwarder forwarder;
    int open;
} Engine;

enum { MOST_BATCHES = 8 };

static int is_open(const Engine *e) {
    if (!e->open) PyErr_SetString(PyExc_ValueError, "the forwarder is closed");
    return e->open;
}

static void *found(const Table *t, long long id) {
    void *item = table_get(t, id);
    if (!item) PyErr_Format(PyExc_KeyError, "%lld", id);
    return item;
}

static int read_address(const Engine *e, const char *host, int port, struct sockaddr_in6 *address) {
    memset(address, 0, sizeof *address);
    int read;
    if (e->forwarder.graph.family == AF_INET) {
        struct sockaddr_in *a = (struct sockaddr_in *)address;
        a->sin_family = AF_INET;
        a->sin_port = htons((uint16_t)port);
        read = inet_pton(AF_INET, host, &a->sin_addr);
    } else {
        address->sin6_family = AF_INET6;
        address->sin6_port = htons((uint16_t)port);
        read = inet_pton(AF_INET6, host, &address->sin6_addr);
    }
    if (read != 1) PyErr_SetString(PyExc_ValueError, "not an IP address of the socket's family");
    return read == 1;
}

static PyObject *handed_tuple(const Engine *e, const Handed *h) {
    char host[INET6_ADDRSTRLEN] = "";
    int port;
    if (e->forwarder.graph.family == AF_INET) {
        const struct sockaddr_in *a = (const struct sockaddr_in *)h->address;
        inet_ntop(AF_INET, &a->sin_addr, host, sizeof host);
        port = ntohs(a->sin_port);
    } else {
        inet_ntop(AF_INET6, &h->address->sin6_addr, host, sizeof host);
        port = ntohs(h->address->sin6_port);
    }
    return Py_BuildValue("(iL(si)y#)", h->kind, (long long)h->link, host, port, (const char *)h->data, (Py_ssize_t)h->size);
}

static PyObject *receive(Engine *e, PyObject *Py_UNUSED(unused)) {
    if (!is_open(e)) return NULL;
    PyObject *list = PyList_New(0);
    if (!list) return NULL;
    for (int batch = 0; batch < MOST_BATCHES; batch++) {
        Handed handed[BATCH];
        int count, came = forwarder_receive(&e->forwarder, handed, &count);
        for (int i = 0; i < count; i++) {
            PyObject *tuple = handed_tuple(e, &handed[i]);
            if (!tuple || PyList_Append(list, tuple)) {
                Py_XDECREF(tuple);
                Py_DECREF(list);
                return NULL;
            }
            Py_DECREF(tuple);
        }
        if (came < BATCH) break;
    }
    return list;
}

static PyObject *tick(Engine *e, PyObject *Py_UNUSED(unused)) {
    if (!is_open(e)) return NULL;
    forwarder_tick(&e->forwarder);
    Py_RETURN_NONE;
}

static PyObject *send_datagram(Engine *e, PyObject *args) {
    const char *host, *data;
    Py_ssize_t size;
    int port;
    struct sockaddr_in6 address;
    if (!is_open(e) || !PyArg_ParseTuple(args, "(si)y#", &host, &port, &data, &size) || !read_address(e, host, port, &address)) return NULL;
    if (size > 0xFFFF) return PyErr_Format(PyExc_ValueError, "too large for a datagram");
    forwarder_send(&e->forwarder, &address, (const uint8_t *)data, (int)size);
    Py_RETURN_NONE;
}

static PyObject *add_link(Engine *e, PyObject *Py_UNUSED(unused)) {
    if (!is_open(e)) return NULL;
    Link *link = graph_add_link(&e->forwarder.graph);
    return link ? PyLong_FromLongLong(link->id) : PyErr_NoMemory();
}

static PyObject *set_address(Engine *e, PyObject *args) {
    long long id;
    const char *host;
    int port;
    struct sockaddr_in6 address;
    if (!is_open(e) || !PyArg_ParseTuple(args, "L(si)", &id, &host, &port)) return NULL;
    Link *link = found(&e->forwarder.graph.links, id);
    if (!link || !read_address(e, host, port, &address)) return NULL;
    graph_set_address(&e->forwarder.graph, link, &address);
    Py_RETURN_NONE;
}

static PyObject *set_keys(Engine *e, PyObject *args) {
    long long id;
    unsigned long long receiving, sending;
    if (!is_open(e) || !PyArg_ParseTuple(args, "LKK", &id, &receiving, &sending)) return NULL;
    Link *link = found(&e->forwarder.graph.links, id);
    if (!link) return NULL;
    link->receiving = (void *)(uintptr_t)receiving;
    link->sending = (void *)(uintptr_t)sending;
    Py_RETURN_NONE;
}

static PyObject *set_extensions(Engine *e, PyObject *args) {
    long long id;
    int level, transport_cc;
    if (!is_open(e) || !PyArg_ParseTuple(args, "Lii", &id, &level, &transport_cc)) return NULL;
    Link *link = found(&e->forwarder.graph.links, id);
    if (!link) return NULL;
    link->level_id = level;
    link->transport_cc_id = transport_cc;
    Py_RETURN_NONE;
}

static PyObject *remove_link(Engine *e, PyObject *args) {
    long long id;
    if (!is_open(e) || !PyArg_ParseTuple(args, "L", &id)) return NULL;
    Link *link = table_get(&e->forwarder.graph.links, id);
    if (link) graph_remove_link(&e->forwarder.graph, link);
    Py_RETURN_NONE;
}

static int payload_type(int type) {
    if (type < 0 || type > 127) PyErr_SetString(PyExc_ValueError, "a payload type is 0 to 127");
    return type >= 0 && type <= 127;
}

/* (link, video, retransmits, [(payload type, clock rate)], [(RTX payload type, payload type)]) */
static PyObject *add_source(Engine *e, PyObject *args) {
    long long id;
    int video, retransmits;
    PyObject *rates, *repairs;
    if (!is_open(e) || !PyArg_ParseTuple(args, "LppO!O!", &id, &video, &retransmits, &PyList_Type, &rates, &PyList_Type, &repairs)) return NULL;
    Link *link = found(&e->forwarder.graph.links, id);
    if (!link) return NULL;
    Source *s = graph_add_source(&e->forwarder.graph, link, video);
    if (!s) return PyErr_NoMemory();
    s->retransmits = retransmits;
    int type, value;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(rates); i++) {
        if (!PyArg_ParseTuple(PyList_GET_ITEM(rates, i), "ii", &type, &value) || !payload_type(type)) goto refused;
        s->clock_rates[type] = value > 0 ? (uint32_t)value : 1;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(repairs); i++) {
        if (!PyArg_ParseTuple(PyList_GET_ITEM(repairs, i), "ii", &type, &value) || !payload_type(type) || !payload_type(value)) goto refused;
        s->repairs[type] = (int16_t)(s->clock_rates[value] ? value : -1);
    }
    return PyLong_FromLongLong(s->id);
refused:
    graph_remove_source(&e->forwarder.graph, s);
    return NULL;
}

static PyObject *bind_stream(Engine *e, PyObject *args) {
    long long id;
    unsigned int ssrc;
    int repair;
    if (!is_open(e) || !PyArg_ParseTuple(args, "LIp", &id, &ssrc, &repair)) return NULL;
    Source *s = found(&e->forwarder.graph.sources, id);
    if (!s) return NULL;
    return PyBool_FromLong(graph_bind_stream(s, ssrc, repair));
}

static PyObject *remove_source(Engine *e, PyObject *args) {
    long long id;
    if (!is_open(e) || !PyArg_ParseTuple(args, "L", &id)) return NULL;
    Source *s = table_get(&e->forwarder.graph.sources, id);
    if (s) graph_remove_source(&e->forwarder.graph, s);
    Py_RETURN_NONE;
}

/* (source, link, ssrc, RTX ssrc, [(theirs, ours, our RTX)], block, place of the sent time, place of the level, cname) */
static PyObject *add_route(Engine *e, PyObject *args) {
    long long source_id, link_id;
    unsigned int ssrc, repair_ssrc;
    PyObject *types;
    const char *block, *cname;
    Py_ssize_t block_size;
    int sent_time_at, level_at;
    if (!is_open(e) || !PyArg_ParseTuple(args, "LLIIO!y#iis", &source_id, &link_id, &ssrc, &repair_ssrc, &PyList_Type, &types, &block,
                                         &block_size, &sent_time_at, &level_at, &cname))
        return NULL;
    if (block_size > LARGEST_BLOCK || sent_time_at < 0 || sent_time_at + 3 > LARGEST_BLOCK || level_at < 0 || level_at >= LARGEST_BLOCK ||
        strlen(cname) > LONGEST_NAME)
        return PyErr_Format(PyExc_ValueError, "the header extensions or the name do not fit");
    Source *source = found(&e->forwarder.graph.sources, source_id);
    Link *link = source ? found(&e->forwarder.graph.links, link_id) : NULL;
    if (!link) return NULL;
    Route *r = graph_add_route(&e->forwarder.graph, source, link);
    if (!r) return PyErr_NoMemory();
    r->ssrc = ssrc;
    r->repair_ssrc = repair_ssrc;
    memcpy(r->block, block, (size_t)block_size);
    r->block_size = (int)block_size;
    r->sent_time_at = sent_time_at;
    r->level_at = level_at;
    memcpy(r->cname, cname, strlen(cname) + 1);
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(types); i++) {
        int theirs, ours, repair;
        if (!PyArg_ParseTuple(PyList_GET_ITEM(types, i), "iii", &theirs, &ours, &repair) || !payload_type(theirs) || !payload_type(ours) ||
            !payload_type(repair)) {
            graph_remove_route(&e->forwarder.graph, r);
            return NULL;
        }
        r->payload_types[theirs] = (int16_t)ours;
        r->repair_types[theirs] = (uint8_t)repair;
    }
    return PyLong_FromLongLong(r->id);
}

static Route *route_argument(Engine *e, PyObject *args) {
    long long id;
    if (!is_open(e) || !PyArg_ParseTuple(args, "L", &id)) return NULL;
    return found(&e->forwarder.graph.routes, id);
}

static PyObject *open_route(Engine *e, PyObject *args) {
    Route *r = route_argument(e, args);
    if (!r) return NULL;
    forwarder_open_route(&e->forwarder, r);
    Py_RETURN_NONE;
}

static PyObject *close_route(Engine *e, PyObject *args) {
    Route *r = route_argument(e, args);
    if (!r) return NULL;
    r->open = 0;
    Py_RETURN_NONE;
}

static PyObject *remove_route(Engine *e, PyObject *args) {
    long long id;
    if (!is_open(e) || !PyArg_ParseTuple(args, "L", &id)) return NULL;
    Route *r = table_get(&e->forwarder.graph.routes, id);
    if (r) graph_remove_route(&e->forwarder.graph, r);
    Py_RETURN_NONE;
}

static PyObject *source_report(Engine *e, PyObject *args) {
    long long id;
    if (!is_open(e) || !PyArg_ParseTuple(args, "L", &id)) return NULL;
    Source *s = found(&e->forwarder.graph.sources, id);
    if (!s) return NULL;
    return Py_BuildValue("{s:K,s:K,s:K,s:I,s:i,s:i,s:K,s:K,s:K,s:i}", "packets", s->packets, "bytes", s->bytes, "frames", s->frames, "lost",
                         source_lost(s), "jitter", (int)s->jitter, "lost_fraction", s->lost_fraction, "repaired", s->repaired, "nacks",
                         s->nacks, "key_frame_requests", s->key_frame_requests, "level", s->level & 127);
}

static PyObject *route_report(Engine *e, PyObject *args) {
    Route *r = route_argument(e, args);
    if (!r) return NULL;
    PyObject *trip = r->round_trip < 0 ? Py_NewRef(Py_None) : PyFloat_FromDouble(r->round_trip);
    return Py_BuildValue("{s:K,s:K,s:K,s:K,s:K,s:O,s:I,s:i,s:N}", "packets", r->packets, "bytes", r->bytes, "retransmitted",
                         r->retransmitted, "nacks", r->nacks, "key_frame_requests", r->key_frame_requests, "open",
                         r->open ? Py_True : Py_False, "lost", r->reported ? r->last_block.lost : 0, "lost_fraction",
                         r->reported ? r->last_block.lost_fraction : 0, "round_trip", trip);
}

static PyObject *report(Engine *e, PyObject *Py_UNUSED(unused)) {
    if (!is_open(e)) return NULL;
    const Counters *c = &e->forwarder.count;
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {
        {"received", c->received}, {"sent", c->sent}, {"received_bytes", c->received_bytes}, {"sent_bytes", c->sent_bytes},
        {"strays", c->strays}, {"refused", c->refused}, {"unsent", c->unsent}, {"nacks_received", c->nacks_received},
        {"nacks_sent", c->nacks_sent}, {"retransmitted", c->retransmitted}, {"repaired", c->repaired},
        {"key_frames_asked", c->key_frames_asked}, {"key_frames_requested", c->key_frames_requested},
        {"receiver_reports_sent", c->receiver_reports_sent}, {"sender_reports_sent", c->sender_reports_sent},
        {"transport_feedback_sent", c->transport_feedback_sent}, {"bandwidth_estimates_received", c->bandwidth_estimates_received},
        {"links", (uint64_t)e->forwarder.graph.links.used}, {"sources", (uint64_t)e->forwarder.graph.sources.used},
        {"routes", (uint64_t)e->forwarder.graph.routes.used},
    };
    PyObject *dict = PyDict_New();
    for (size_t i = 0; dict && i < sizeof rows / sizeof *rows; i++) {
        PyObject *value = PyLong_FromUnsignedLongLong(rows[i].value);
        if (!value || PyDict_SetItemString(dict, rows[i].name, value)) Py_CLEAR(dict);
        Py_XDECREF(value);
    }
    return dict;
}

static PyObject *close_engine(Engine *e, PyObject *Py_UNUSED(unused)) {
    if (e->open) forwarder_close(&e->forwarder);
    e->open = 0;
    Py_RETURN_NONE;
}

/* (file descriptor, family, unprotect, protect, unprotect_rtcp, protect_rtcp) */
static int init(Engine *e, PyObject *args, PyObject *Py_UNUSED(keywords)) {
    int fd, family;
    unsigned long long unprotect, protect, unprotect_rtcp, protect_rtcp;
    if (e->open) {
        PyErr_SetString(PyExc_ValueError, "the forwarder is open already");
        return -1;
    }
    if (!PyArg_ParseTuple(args, "iiKKKK", &fd, &family, &unprotect, &protect, &unprotect_rtcp, &protect_rtcp)) return -1;
    if (!forwarder_open(&e->forwarder, fd, family)) {
        forwarder_close(&e->forwarder);
        PyErr_NoMemory();
        return -1;
    }
    e->forwarder.unprotect = (SrtpFunction)(uintptr_t)unprotect;
    e->forwarder.protect = (SrtpFunction)(uintptr_t)protect;
    e->forwarder.unprotect_rtcp = (SrtpFunction)(uintptr_t)unprotect_rtcp;
    e->forwarder.protect_rtcp = (SrtpFunction)(uintptr_t)protect_rtcp;
    e->open = 1;
    return 0;
}

static void dealloc(Engine *e) {
    if (e->open) forwarder_close(&e->forwarder);
    Py_TYPE(e)->tp_free((PyObject *)e);
}

#define METHOD(name, function, arguments) {name, (PyCFunction)(void (*)(void))function, arguments, NULL}
static PyMethodDef METHODS[] = {
    METHOD("receive", receive, METH_NOARGS),
    METHOD("tick", tick, METH_NOARGS),
    METHOD("send", send_datagram, METH_VARARGS),
    METHOD("add_link", add_link, METH_NOARGS),
    METHOD("set_address", set_address, METH_VARARGS),
    METHOD("set_keys", set_keys, METH_VARARGS),
    METHOD("set_extensions", set_extensions, METH_VARARGS),
    METHOD("remove_link", remove_link, METH_VARARGS),
    METHOD("add_source", add_source, METH_VARARGS),
    METHOD("bind_stream", bind_stream, METH_VARARGS),
    METHOD("remove_source", remove_source, METH_VARARGS),
    METHOD("add_route", add_route, METH_VARARGS),
    METHOD("open_route", open_route, METH_VARARGS),
    METHOD("close_route", close_route, METH_VARARGS),
    METHOD("remove_route", remove_route, METH_VARARGS),
    METHOD("source_report", source_report, METH_VARARGS),
    METHOD("route_report", route_report, METH_VARARGS),
    METHOD("report", report, METH_NOARGS),
    METHOD("close", close_engine, METH_NOARGS),
    {NULL, NULL, 0, NULL},
};

static PyTypeObject ENGINE = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "services.media.node.native.engine.Engine",
    .tp_basicsize = sizeof(Engine),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)init,
    .tp_dealloc = (destructor)dealloc,
    .tp_methods = METHODS,
};

static struct PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "engine", "The native forwarder.", -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_engine(void) {
    if (PyType_Ready(&ENGINE) < 0) return NULL;
    PyObject *module = PyModule_Create(&MODULE);
    if (module && PyModule_AddObjectRef(module, "Engine", (PyObject *)&ENGINE) < 0) Py_CLEAR(module);
    return module;
}
