/* A host that forks while other threads of it are in the engine. */
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

enum { children = 30, threads = 4 };

static wakelog_engine engine;
static wakelog_reader reader;
static atomic_bool isOver;

static void told(void *context, wakelog_status status, const char *json, size_t length) {
  (void)context, (void)status, (void)json, (void)length;
}

static void *busy(void *context) {
  char params[128];
  (void)context;
  for (int round = 0; !isOver; round++) {
    char *result;
    snprintf(params, sizeof params, "{\"host\": \"busy-%d\"}", round % 7);
    CHECK(wakelog_call(engine, "host", params, strlen(params), &result, NULL) == WAKELOG_OK);
    wakelog_free(result);
    CHECK(wakelog_submit(engine, "hello", NULL, 0, told, NULL) == WAKELOG_OK);
    CHECK(wakelog_call(engine, "hello", "{", 1, &result, NULL) == WAKELOG_INVALID_PARAMETER);
  }
  return NULL;
}

/* The engine of the parent, whatever is asked of it. */
static void all_refused(void) {
  char *result;
  uint64_t last;
  wakelog_wake_request wake = wake_of("child");
  wakelog_wake_result woken = {.size = sizeof woken};
  wakelog_progress_request alive = {.size = sizeof alive, .attempt = 1, .fence = "f"};
  wakelog_finish_request finish = WAKELOG_FINISH_REQUEST;
  wakelog_finish_result end = {.size = sizeof end};
  finish.fence = "f";
  REFUSED(wakelog_call(engine, "hello", NULL, 0, &result, NULL), WAKELOG_BUSY, "fork");
  REFUSED(wakelog_submit(engine, "hello", NULL, 0, told, NULL), WAKELOG_BUSY, "fork");
  REFUSED(wakelog_wait(engine, 0, 1000, &last), WAKELOG_BUSY, "fork");
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_BUSY, "fork");
  REFUSED(wakelog_progress(engine, &alive), WAKELOG_BUSY, "fork");
  REFUSED(wakelog_finish(engine, &finish, &end), WAKELOG_BUSY, "fork");
  REFUSED(wakelog_check(engine, "a", "b"), WAKELOG_BUSY, "fork");
  REFUSED(wakelog_reader_feed(reader, "x", 1, NULL, NULL), WAKELOG_BUSY, "fork");
  REFUSED(wakelog_close(engine), WAKELOG_BUSY, "fork");
}

static void *use(void *context) {
  for (int round = 0; round < 2000; round++) {
    char *result;
    CHECK(wakelog_call(*(wakelog_engine *)context, "hello", NULL, 0, &result, NULL) == WAKELOG_OK);
    wakelog_free(result);
  }
  return NULL;
}

/* A child: refused by what its parent opened, at home in what it opens itself. */
static void child(const char *directory, int index) {
  wakelog_engine own;
  char path[4096];
  pthread_t users[threads];
  alarm(60);
  all_refused();
  /* The parent's log as another process has it, or a log of its own. */
  snprintf(path, sizeof path, index % 2 ? "%s" : "%s-%d", directory, index);
  CHECK(wakelog_open(path, NULL, NULL, &own) == WAKELOG_OK && own != engine);
  for (int user = 0; user < threads; user++) pthread_create(&users[user], NULL, use, &own);
  use(&own);
  for (int user = 0; user < threads; user++) pthread_join(users[user], NULL);
  gives(own, "host", "{\"host\": \"child\"}", "epoch");
  CHECK(wakelog_close(own) == WAKELOG_OK);
  all_refused();
  exit(0);
}

int main(int count, char **words) {
  pthread_t users[threads];
  CHECK(count == 2 && wakelog_open(words[1], "parent", NULL, &engine) == WAKELOG_OK);
  CHECK(wakelog_reader_open("claude", &reader) == WAKELOG_OK);
  use(&engine);
  for (int user = 0; user < threads; user++) pthread_create(&users[user], NULL, busy, NULL);
  for (int index = 0; index < children; index++) {
    pid_t process = fork();
    CHECK(process >= 0);
    if (process == 0) child(words[1], index);
    int status;
    CHECK(waitpid(process, &status, 0) == process);
    if (status) fprintf(stderr, "child %d ended with %x\n", index, (unsigned)status);
    CHECK(status == 0);
    gives(engine, "hello", NULL, "protocol");
  }
  isOver = true;
  for (int user = 0; user < threads; user++) pthread_join(users[user], NULL);
  /* Every second child wrote to this log, and all of it is there. */
  gives(engine, "host", "{\"host\": \"child\"}", "\"epoch\":16,");
  CHECK(wakelog_close(engine) == WAKELOG_OK);
  puts("done");
  return 0;
}
