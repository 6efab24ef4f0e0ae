// Counts allocations, for benchmarks and tests only: linked into an executable, these stand before
// the C library's own functions, for its shared libraries too, and pass every call on. A sanitizer
// stands there itself: with one, nothing is counted.

#define _GNU_SOURCE
#include "allocations.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define STEPS_ASIDE
#endif
#endif

#ifdef STEPS_ASIDE

bool allocations_are_counted(void) { return false; }
uint64_t allocations_made(void) { return 0; }

#else

#include <errno.h>
#include <stddef.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static _Thread_local uint64_t made;

static void count(void) { made++; }

bool allocations_are_counted(void) { return true; }
uint64_t allocations_made(void) { return made; }

void *malloc(size_t size) {
  count();
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count();
  return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
  count();
  return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  count();
  *block = __libc_memalign(alignment, size);
  return *block ? 0 : ENOMEM;
}

#endif
