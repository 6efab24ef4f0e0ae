#include <xxhash.h>

// Asks for a cache line that is read soon. Never faults, whatever the address.
static inline void wakelog_prefetch(const void *address) { __builtin_prefetch(address); }
