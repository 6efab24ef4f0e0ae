/* Many threads on one engine, callbacks, and closing while they are at it. */
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>

enum { threads = 6, rounds = 40, submits = 200 };

static wakelog_engine engine;

/* Runs on a key of its own; ends without error, or because the engine was closed. */
static void *run(void *context) {
  char session[32];
  snprintf(session, sizeof session, "key-%d", (int)(intptr_t)context);
  for (int round = 0; round < rounds; round++) {
    wakelog_wake_request wake = wake_of(session);
    wakelog_wake_result woken = {.size = sizeof woken};
    wakelog_status status = wakelog_wake(engine, &wake, &woken);
    if (status == WAKELOG_BUSY) return "closed";
    CHECK(status == WAKELOG_OK && woken.plan.attempt);
    CHECK(round == 0 ? !woken.plan.session_id : !strcmp(woken.plan.session_id, session));
    wakelog_finish_request finish = WAKELOG_FINISH_REQUEST;
    finish.attempt = woken.plan.attempt;
    finish.fence = woken.fence;
    finish.turns = 1;
    finish.exit_code = 0;
    finish.session_id = session;
    wakelog_finish_result end = {.size = sizeof end};
    status = wakelog_finish(engine, &finish, &end);
    wakelog_free(woken.memory);
    if (status == WAKELOG_BUSY) return "closed";
    CHECK(status == WAKELOG_OK && end.settled);
    wakelog_free(end.memory);
    /* The error is this thread's own. */
    char field[64];
    snprintf(field, sizeof field, "{\"%s\": 1}", session);
    char *result;
    status = wakelog_call(engine, "session", field, strlen(field), &result, NULL);
    if (status == WAKELOG_BUSY) return "closed";
    CHECK(status == WAKELOG_INVALID_PARAMETER && strstr(wakelog_last_error_message(), session));
  }
  return NULL;
}

static atomic_int told, isRefused, calledBack;

static void tell(void *context, wakelog_status status, const char *json, size_t length) {
  CHECK(context == &told && json[length] == 0);
  CHECK(status == WAKELOG_OK || status == WAKELOG_BUSY);
  if (wakelog_close(engine) == WAKELOG_BUSY) isRefused += 1;
  char *result;
  if (wakelog_call(engine, "hello", NULL, 0, &result, NULL) == WAKELOG_OK) {
    calledBack += 1;
    wakelog_free(result);
  }
  told += 1;
}

static void *submit(void *context) {
  intptr_t accepted = 0;
  const char *params = context;
  for (int index = 0; index < submits; index++) {
    wakelog_status status =
        wakelog_submit(engine, "host", params, strlen(params), tell, &told);
    CHECK(status == WAKELOG_OK || status == WAKELOG_BUSY);
    accepted += status == WAKELOG_OK;
  }
  return (void *)accepted;
}

static void *wait_long(void *context) {
  uint64_t last = 0;
  (void)context;
  CHECK(wakelog_wait(engine, UINT64_MAX, 600000, &last) == WAKELOG_BUSY);
  return NULL;
}

static void *close_it(void *context) {
  usleep((useconds_t)(intptr_t)context);
  return (void *)(intptr_t)wakelog_close(engine);
}

/* Starts everything, and closes after a while; 0 closes when all is done. */
static void round_of(const char *directory, int closeMicroseconds) {
  pthread_t runs[threads], submitting, waiting, closing[2];
  void *accepted, *status[2];
  told = isRefused = calledBack = 0;
  CHECK(wakelog_open(directory, NULL, NULL, &engine) == WAKELOG_OK);
  pthread_create(&waiting, NULL, wait_long, NULL);
  pthread_create(&submitting, NULL, submit, "{\"host\": \"eve\"}");
  for (intptr_t index = 0; index < threads; index++)
    pthread_create(&runs[index], NULL, run, (void *)index);
  if (!closeMicroseconds) {
    for (int index = 0; index < threads; index++) {
      void *end;
      pthread_join(runs[index], &end);
      CHECK(!end);
    }
    pthread_join(submitting, &accepted);
    CHECK((intptr_t)accepted == submits);
  }
  for (int index = 0; index < 2; index++)
    pthread_create(&closing[index], NULL, close_it, (void *)(intptr_t)closeMicroseconds);
  for (int index = 0; index < 2; index++) pthread_join(closing[index], &status[index]);
  /* Of two that close, one does; the other is told that it is closed. */
  CHECK((intptr_t)status[0] + (intptr_t)status[1] == WAKELOG_BUSY);
  if (closeMicroseconds) {
    for (int index = 0; index < threads; index++) pthread_join(runs[index], NULL);
    pthread_join(submitting, &accepted);
  }
  pthread_join(waiting, NULL);
  /* Closing waited for every callback; each came once, and none could close. */
  CHECK(told == (intptr_t)accepted && isRefused == told);
  if (!closeMicroseconds) CHECK(calledBack > 0);
}

int main(int count, char **words) {
  CHECK(count == 2);
  round_of(words[1], 0);
  for (int microseconds = 1; microseconds < 60000; microseconds = microseconds * 2 + 500) {
    char directory[4096];
    snprintf(directory, sizeof directory, "%s-%d", words[1], microseconds);
    round_of(directory, microseconds);
    CHECK(wakelog_open(directory, NULL, NULL, &engine) == WAKELOG_OK);
    CHECK(wakelog_close(engine) == WAKELOG_OK);
  }
  puts("done");
  return 0;
}
