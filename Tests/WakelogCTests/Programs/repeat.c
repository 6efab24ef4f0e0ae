/* The same calls over and over: repeat DIRECTORY TIMES. Says how much memory that took. */
#include "check.h"

#include <pthread.h>

static wakelog_engine engine;
static int told;

static void tell(void *context, wakelog_status status, const char *json, size_t length) {
  (void)context, (void)json, (void)length;
  CHECK(status == WAKELOG_OK);
  __atomic_add_fetch(&told, 1, __ATOMIC_RELEASE);
}

/* Memory of the process' own: the log's file, which is mapped, is not counted. */
static long resident_kilobytes(void) {
  char line[256];
  long found = -1;
  FILE *file = fopen("/proc/self/status", "r");
  CHECK(file);
  while (fgets(line, sizeof line, file)) sscanf(line, "RssAnon: %ld", &found);
  fclose(file);
  CHECK(found > 0);
  return found;
}

static void once(wakelog_reader reader) {
  wakelog_wake_request wake = wake_of("repeat");
  wakelog_wake_result woken = {.size = sizeof woken};
  CHECK(wakelog_wake(engine, &wake, &woken) == WAKELOG_OK);
  CHECK(wakelog_check(engine, "repeat", woken.fence) == WAKELOG_OK);
  wakelog_finish_request finish = WAKELOG_FINISH_REQUEST;
  finish.attempt = woken.plan.attempt;
  finish.fence = woken.fence;
  finish.turns = 1;
  finish.exit_code = 0;
  finish.session_id = "one";
  wakelog_finish_result end = {.size = sizeof end};
  CHECK(wakelog_finish(engine, &finish, &end) == WAKELOG_OK);
  wakelog_free(woken.memory);
  wakelog_free(end.memory);
  gives(engine, "session", "{\"session\": \"repeat\"}", "one");
  char *result;
  REFUSED(wakelog_call(engine, "session", "{\"session\": 1}", 14, &result, NULL),
          WAKELOG_INVALID_PARAMETER, "session");
  CHECK(wakelog_submit(engine, "hello", NULL, 0, tell, NULL) == WAKELOG_OK);
  const char *line = "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":3}}\n";
  CHECK(wakelog_reader_feed(reader, line, strlen(line), &result, NULL) == WAKELOG_OK);
  wakelog_free(result);
}

static void *on_a_thread(void *reader) {
  once(*(wakelog_reader *)reader);
  return NULL;
}

int main(int count, char **words) {
  CHECK(count == 3);
  long times = atol(words[2]), early = 0;
  wakelog_reader reader;
  /* No more than valgrind has room for. */
  CHECK(wakelog_open(words[1], NULL, "{\"mapSizeBytes\": 4294967296}", &engine) == WAKELOG_OK);
  CHECK(wakelog_reader_open("codex", &reader) == WAKELOG_OK);
  for (long time = 0; time < times; time++) {
    once(reader);
    if (time % 100 == 0) {
      pthread_t thread;
      CHECK(!pthread_create(&thread, NULL, on_a_thread, &reader));
      pthread_join(thread, NULL);
    }
    if (time == times / 4) early = resident_kilobytes();
  }
  long late = resident_kilobytes();
  CHECK(wakelog_reader_close(reader) == WAKELOG_OK);
  CHECK(wakelog_close(engine) == WAKELOG_OK);
  CHECK(told >= times);
  printf("%ld rounds of 7 calls: %ld KiB after a quarter, %ld KiB at the end\n", times, early, late);
  puts("done");
  return 0;
}
