// What the header declares is implemented in WakelogC.
#include "wakelog.h"

#include <stdio.h>

// Where C libraries print to that are linked into libwakelog.so: see Bindings/build-library.
__attribute__((visibility("hidden"))) FILE *wakelog_stderr;
__attribute__((visibility("hidden"))) FILE *wakelog_stdin;

__attribute__((constructor)) static void find_streams(void) {
  wakelog_stderr = stderr;
  wakelog_stdin = stdin;
}
