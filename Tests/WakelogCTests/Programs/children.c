/* What a child of the host has of the log: no descriptor. An agent's program once inherited
   data.mdb open for writing. */
#include "check.h"

#include <sys/wait.h>

int main(int count, char **words) {
  CHECK(count == 2);
  wakelog_engine engine;
  CHECK(wakelog_open(words[1], NULL, NULL, &engine) == WAKELOG_OK);
  wakelog_wake_request wake = wake_of("s");
  wakelog_wake_result woken = {.size = sizeof woken};
  CHECK(wakelog_wake(engine, &wake, &woken) == WAKELOG_OK);
  int ends[2];
  CHECK(pipe(ends) == 0);
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execl("/bin/sh", "sh", "-c", "for f in /proc/self/fd/*; do readlink $f; done", (char *)NULL);
    _exit(127);
  }
  close(ends[1]);
  FILE *list = fdopen(ends[0], "r");
  CHECK(list != NULL);
  char line[4096];
  int seen = 0;
  while (fgets(line, sizeof line, list)) {
    CHECK(strncmp(line, words[1], strlen(words[1])) != 0);
    seen++;
  }
  CHECK(seen >= 3);
  int status;
  CHECK(waitpid(child, &status, 0) == child && status == 0);
  CHECK(wakelog_close(engine) == WAKELOG_OK);
  puts("done");
  return 0;
}
