#define _GNU_SOURCE
#include "wakelog_system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int wakelog_scratch_open(const char *folder) {
  int descriptor = open(folder, O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  /* Every other error is one that a file with a name would meet too. */
  if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
    return descriptor;
  char path[4096];
  if (snprintf(path, sizeof path, "%s/.creating-XXXXXX", folder) >= (int)sizeof path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  descriptor = mkostemp(path, O_CLOEXEC);
  if (descriptor >= 0) unlink(path);
  return descriptor;
}

void *wakelog_memory_move(void *from, size_t bytes, size_t room, void *to) {
  void *moved = to ? mremap(from, bytes, room, MREMAP_MAYMOVE | MREMAP_FIXED, to)
                   : mremap(from, bytes, room, MREMAP_MAYMOVE);
  return moved == MAP_FAILED ? NULL : moved;
}
