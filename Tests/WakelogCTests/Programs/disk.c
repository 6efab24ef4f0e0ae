/* The disk is full, or the log's directory goes away, while a host has the log open. */
#include "check.h"

#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <fcntl.h>

/* Calls that go on in memory and in files that have no name any more, or are refused. */
static void removed(const char *directory) {
  wakelog_engine engine, other;
  char command[5000];
  CHECK(wakelog_open(directory, NULL, NULL, &engine) == WAKELOG_OK);
  gives(engine, "host", "{\"host\": \"a\"}", "\"epoch\":1");
  snprintf(command, sizeof command, "rm -r '%s'", directory);
  CHECK(system(command) == 0);
  for (int round = 0; round < 100; round++) {
    char *result;
    wakelog_status status = wakelog_call(engine, "host", "{\"host\": \"a\"}", 13, &result, NULL);
    CHECK(status == WAKELOG_OK || wakelog_last_error());
    if (status == WAKELOG_OK) wakelog_free(result);
  }
  /* In its place a log is made anew, which has nothing to do with the one that is open. */
  CHECK(wakelog_open(directory, NULL, NULL, &other) == WAKELOG_OK);
  gives(other, "host", "{\"host\": \"a\"}", "\"epoch\":1,");
  CHECK(wakelog_close(engine) == WAKELOG_OK);
  gives(other, "host", "{\"host\": \"a\"}", "\"epoch\":2,");
  CHECK(wakelog_close(other) == WAKELOG_OK);
}

/* Takes all room, then gives it back. */
static int fill(const char *directory) {
  char path[5000], block[4096] = {0};
  snprintf(path, sizeof path, "%s/filler", directory);
  int file = open(path, O_CREAT | O_WRONLY, 0600);
  CHECK(file >= 0);
  while (write(file, block, sizeof block) > 0) continue;
  CHECK(errno == ENOSPC);
  close(file);
  return 0;
}

static void full(const char *directory) {
  char log[5000], filler[5000];
  wakelog_engine engine;
  mkdir(directory, 0700);
  if (mount("tmpfs", directory, "tmpfs", 0, "size=8m")) {
    puts("SKIPPED: a file system of its own cannot be mounted here");
    return;
  }
  snprintf(log, sizeof log, "%s/log", directory);
  snprintf(filler, sizeof filler, "%s/filler", directory);
  CHECK(wakelog_open(log, NULL, NULL, &engine) == WAKELOG_OK);
  gives(engine, "host", "{\"host\": \"a\"}", "\"epoch\":1,");
  fill(directory);
  int refused = 0;
  for (int round = 0; round < 200 && refused < 3; round++) {
    wakelog_wake_result woken = {.size = sizeof woken};
    char session[32];
    snprintf(session, sizeof session, "full-%d", round);
    wakelog_wake_request wake = wake_of(session);
    wakelog_status status = wakelog_wake(engine, &wake, &woken);
    CHECK(status == WAKELOG_OK || (status == WAKELOG_DISK_FULL && !woken.memory));
    refused += status == WAKELOG_DISK_FULL;
    wakelog_free(woken.memory);
  }
  CHECK(refused == 3 && strstr(wakelog_last_error(), "diskFull"));
  CHECK(unlink(filler) == 0);
  wakelog_wake_result woken = {.size = sizeof woken};
  wakelog_wake_request wake = wake_of("after");
  CHECK(wakelog_wake(engine, &wake, &woken) == WAKELOG_OK && woken.run);
  wakelog_free(woken.memory);
  CHECK(wakelog_close(engine) == WAKELOG_OK);
  CHECK(umount2(directory, MNT_DETACH) == 0);
}

int main(int count, char **words) {
  CHECK(count == 2);
  removed(words[1]);
  full(words[1]);
  puts("done");
  return 0;
}
