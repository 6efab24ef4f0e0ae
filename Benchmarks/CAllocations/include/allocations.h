#ifndef WAKELOG_ALLOCATIONS_H
#define WAKELOG_ALLOCATIONS_H

#include <stdint.h>

/// How many blocks of memory this thread has asked for so far: calls of malloc, calloc, realloc
/// and the aligned ones, from every library.
uint64_t allocations_made(void);

#endif
