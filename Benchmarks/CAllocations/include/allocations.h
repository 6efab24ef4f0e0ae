#ifndef WAKELOG_ALLOCATIONS_H
#define WAKELOG_ALLOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

/// Whether this build counts: not with a sanitizer, which has an allocator of its own.
bool allocations_are_counted(void);

/// How many blocks of memory this thread has asked for so far: calls of malloc, calloc, realloc
/// and the aligned ones, from every library.
uint64_t allocations_made(void);

#endif
