#include <stddef.h>

/* Reads the beginning of a file, up to one byte less than there is room for, and ends it with a
   zero. The count; 0 where it cannot be read. */
__attribute__((visibility("hidden")))
size_t wakelog_read_file(const char *path, char *text, size_t capacity);
