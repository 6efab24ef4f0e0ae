/* The library as interpreters have it: loaded, let go of, and loaded again. */
#include <dlfcn.h>

#include "check.h"

static char *message;

const char *wakelog_last_error(void) { return message; }

static void *find(void *library, const char *name) {
  void *found = dlsym(library, name);
  message = found ? NULL : dlerror();
  CHECK(found);
  return found;
}

int main(int count, char **words) {
  CHECK(count == 3);
  for (int round = 0; round < 3; round++) {
    void *library = dlopen(words[2], RTLD_NOW | RTLD_LOCAL);
    message = library ? NULL : dlerror();
    CHECK(library);
    wakelog_status (*opening)(const char *, const char *, const char *, wakelog_engine *);
    wakelog_status (*closing)(wakelog_engine);
    *(void **)&opening = find(library, "wakelog_open");
    *(void **)&closing = find(library, "wakelog_close");
    wakelog_engine engine;
    CHECK(opening(words[1], NULL, NULL, &engine) == WAKELOG_OK);
    /* Numbers go on, because the library stays. */
    CHECK(engine == (wakelog_engine)round + 1);
    CHECK(closing(engine) == WAKELOG_OK);
    CHECK(dlclose(library) == 0);
  }
  puts("done");
  return 0;
}
