/* Every function, as a host uses it. */
#include "check.h"

#include <pthread.h>

/* A run whose bound session turns out to be gone: the fallback begins a fresh one. */
static void run_with_structs(wakelog_engine engine) {
  wakelog_wake_request request = wake_of("structs");
  request.workspace_path = "/srv/app";
  request.workspace_kind = "project";
  request.resume = "gone";
  request.fingerprint = "{\"model\": \"opus\"}";
  request.transcripts = "{\"other\": true}";
  request.reason = "because";
  request.scope = "task-1";
  request.key = "wake-1";
  request.lease = 60;
  request.keep = WAKELOG_TRUE;
  wakelog_wake_result woken = {.size = sizeof woken};
  CHECK(wakelog_wake(engine, &request, &woken) == WAKELOG_OK);
  CHECK(!strcmp(woken.disposition, "started") && woken.run && !woken.because);
  CHECK(woken.plan.attempt && woken.plan.generation == 1 && !woken.duplicate);
  CHECK(!strcmp(woken.plan.session_id, "gone") && !woken.plan.params);
  CHECK(!strcmp(woken.plan.workspace_path, "/srv/app"));
  CHECK(!strcmp(woken.plan.workspace_kind, "project") && *woken.plan.because);

  wakelog_wake_result again = {.size = sizeof again};
  CHECK(wakelog_wake(engine, &request, &again) == WAKELOG_OK);
  CHECK(again.duplicate && again.run == woken.run && !strcmp(again.fence, woken.fence));
  wakelog_free(again.memory);

  CHECK(wakelog_check(engine, "structs", woken.fence) == WAKELOG_OK);
  wakelog_progress_request alive = {.size = sizeof alive};
  alive.attempt = woken.plan.attempt;
  alive.fence = woken.fence;
  alive.pid = 4711;
  CHECK(wakelog_progress(engine, &alive) == WAKELOG_OK);

  wakelog_finish_request finish = WAKELOG_FINISH_REQUEST;
  finish.attempt = woken.plan.attempt;
  finish.fence = woken.fence;
  finish.exit_code = 1;
  finish.turns = 0;
  finish.standard_error = "No conversation found with session ID: gone";
  wakelog_finish_result end = {.size = sizeof end};
  CHECK(wakelog_finish(engine, &finish, &end) == WAKELOG_OK);
  CHECK(!end.settled && end.run == woken.run && !strcmp(end.outcome, "failed"));
  CHECK(!strcmp(end.failure_kind, "unknownSession") && !strcmp(end.failure_family, "session"));
  CHECK(*end.failure_because && end.next.attempt > finish.attempt && !end.next.session_id);
  finish.attempt = end.next.attempt;
  wakelog_free(end.memory);

  finish.exit_code = 0;
  finish.turns = 3;
  finish.standard_error = NULL;
  finish.standard_output = "done";
  finish.session_id = "fresh";
  finish.display_id = "Fresh";
  finish.params = "{\"home\": \"/srv\"}";
  finish.input_tokens = 7;
  finish.key = "finish-1";
  CHECK(wakelog_finish(engine, &finish, &end) == WAKELOG_OK);
  CHECK(end.settled && !end.failure_kind && !strcmp(end.session_id, "fresh") && !end.pending);
  CHECK(!end.next.attempt && !end.next.because);
  wakelog_free(end.memory);
  REFUSED(wakelog_check(engine, "structs", woken.fence), WAKELOG_STALE_FENCE, "staleFence");
  wakelog_free(woken.memory);

  request = wake_of("structs");
  CHECK(wakelog_wake(engine, &request, &woken) == WAKELOG_OK);
  CHECK(!strcmp(woken.plan.session_id, "fresh") && strstr(woken.plan.params, "/srv"));
  wakelog_free(woken.memory);
  request.source = "timer";
  CHECK(wakelog_wake(engine, &request, &woken) == WAKELOG_OK);
  CHECK(!strcmp(woken.disposition, "coalesced") && !woken.fence && !woken.plan.attempt);
  wakelog_free(woken.memory);
  gives(engine, "session", "{\"session\": \"structs\"}", "\"condemned\":[{\"sessionId\":\"gone\"");
}

struct told {
  pthread_mutex_t mutex;
  pthread_cond_t condition;
  int count;
  wakelog_status status;
  char json[512];
};

static void tell(void *context, wakelog_status status, const char *json, size_t length) {
  struct told *told = context;
  pthread_mutex_lock(&told->mutex);
  told->count += 1;
  told->status = status;
  snprintf(told->json, sizeof told->json, "%.*s", (int)length, json);
  pthread_cond_signal(&told->condition);
  pthread_mutex_unlock(&told->mutex);
}

static void submit(wakelog_engine engine) {
  struct told told = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 99, ""};
  const char *params = "{\"session\": \"structs\"}";
  CHECK(wakelog_submit(engine, "session", params, strlen(params), tell, &told) == WAKELOG_OK);
  pthread_mutex_lock(&told.mutex);
  while (told.count < 1) pthread_cond_wait(&told.condition, &told.mutex);
  CHECK(told.status == WAKELOG_OK && strstr(told.json, "\"key\":\"structs\""));
  pthread_mutex_unlock(&told.mutex);
  CHECK(wakelog_submit(engine, "no such", NULL, 0, tell, &told) == WAKELOG_OK);
  pthread_mutex_lock(&told.mutex);
  while (told.count < 2) pthread_cond_wait(&told.condition, &told.mutex);
  CHECK(told.status == WAKELOG_UNKNOWN_METHOD && strstr(told.json, "-32601"));
  pthread_mutex_unlock(&told.mutex);
}

static void agents(void) {
  char *result;
  size_t length;
  CHECK(wakelog_providers(&result, &length) == WAKELOG_OK && strlen(result) == length);
  CHECK(result[0] == '[' && strstr(result, "\"codex\"") && strstr(result, "\"gemini\""));
  wakelog_free(result);

  const char *request =
      "{\"provider\": \"codex\", \"command\": [\"codex\", \"exec\", \"hi\"], \"sessionId\": \"x1\"}";
  CHECK(wakelog_command(request, strlen(request), &result, &length) == WAKELOG_OK);
  CHECK(strstr(result, "[\"codex\",\"exec\",\"resume\",\"x1\",\"hi\"]"));
  wakelog_free(result);

  wakelog_reader reader;
  const char *line = "{\"type\":\"thread.started\",\"thread_id\":\"t-9\"}\n";
  CHECK(wakelog_reader_open("codex", &reader) == WAKELOG_OK);
  CHECK(wakelog_reader_feed(reader, line, 20, NULL, NULL) == WAKELOG_OK);
  CHECK(wakelog_reader_feed(reader, line + 20, strlen(line) - 20, NULL, NULL) == WAKELOG_OK);
  CHECK(wakelog_reader_feed(reader, NULL, 0, &result, &length) == WAKELOG_OK);
  CHECK(strstr(result, "\"sessionId\":\"t-9\""));
  wakelog_free(result);
  CHECK(wakelog_reader_close(reader) == WAKELOG_OK);

  const char *facts = "{\"id\": 7, \"provider\": \"claude\", \"exitCode\": 1, \"turns\": 0, "
                      "\"stderr\": \"No conversation found with session ID: x\"}";
  CHECK(wakelog_classify(facts, strlen(facts), &result, NULL) == WAKELOG_OK);
  CHECK(strstr(result, "\"kind\":\"unknownSession\"") && strstr(result, "\"id\":7"));
  wakelog_free(result);
}

/* What programs that were built against this header rely on: structs only grow. */
static void layout(void) {
#if UINTPTR_MAX == UINT64_MAX
  CHECK(sizeof(wakelog_wake_request) == 120 && sizeof(wakelog_plan) == 56);
  CHECK(sizeof(wakelog_wake_result) == 112 && sizeof(wakelog_progress_request) == 40);
  CHECK(sizeof(wakelog_finish_request) == 152 && sizeof(wakelog_finish_result) == 128);
  CHECK(offsetof(wakelog_wake_request, resumable) == 119);
  CHECK(offsetof(wakelog_wake_result, duplicate) == 104);
  CHECK(offsetof(wakelog_finish_request, resumed) == 148);
  CHECK(offsetof(wakelog_finish_result, duplicate) == 122);
#endif
}

int main(int count, char **words) {
  wakelog_engine engine;
  uint64_t last = 0;
  layout();
  CHECK(count == 2 && wakelog_abi() == WAKELOG_ABI && *wakelog_version());
  CHECK(!wakelog_last_error() && !wakelog_last_error_message());
  CHECK(wakelog_open(words[1], "host-1", "{\"policy\": \"openclaw\", \"readOnly\": null}", &engine) ==
        WAKELOG_OK);
  CHECK(engine);
  gives(engine, "hello", NULL, "\"policy\":\"openclaw\"");
  gives(engine, "hello", "{}", "\"protocol\":1");
  run_with_structs(engine);
  submit(engine);
  agents();
  CHECK(wakelog_wait(engine, 0, 10, &last) == WAKELOG_OK && last > 10);
  CHECK(wakelog_wait(engine, last, 30, &last) == WAKELOG_OK);
  wakelog_engine second;
  REFUSED(wakelog_open(words[1], NULL, NULL, &second), WAKELOG_BUSY, "busy");
  CHECK(wakelog_close(engine) == WAKELOG_OK);

  CHECK(wakelog_open(words[1], NULL, "{\"readOnly\": true}", &second) == WAKELOG_OK);
  CHECK(second != engine);
  wakelog_wake_request request = wake_of("other");
  wakelog_wake_result woken = {.size = sizeof woken};
  REFUSED(wakelog_wake(second, &request, &woken), WAKELOG_READ_ONLY, "readOnly");
  CHECK(wakelog_close(second) == WAKELOG_OK);
  puts("done");
  return 0;
}
