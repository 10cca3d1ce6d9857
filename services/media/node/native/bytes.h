/* Big-endian numbers in packets. Callers have checked the length. */
#ifndef HOUSECALL_BYTES_H
#define HOUSECALL_BYTES_H

#include <stdint.h>

static inline uint16_t read16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }

static inline uint32_t read32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t read64(const uint8_t *p) { return (uint64_t)read32(p) << 32 | read32(p + 4); }

static inline void write16(uint8_t *p, uint16_t v) {
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static inline void write32(uint8_t *p, uint32_t v) {
    write16(p, (uint16_t)(v >> 16));
    write16(p + 2, (uint16_t)v);
}

static inline void write64(uint8_t *p, uint64_t v) {
    write32(p, (uint32_t)(v >> 32));
    write32(p + 4, (uint32_t)v);
}

#endif
