/* What a caller does wrong is an error that says so, and never the end of the process. */
#include "check.h"

static char *result;
static size_t length;

static void told(void *context, wakelog_status status, const char *json, size_t count) {
  (void)context, (void)status, (void)json, (void)count;
}

/* Every function with nothing but null. */
static void nulls(wakelog_engine engine, const char *directory) {
  wakelog_engine other = 5;
  REFUSED(wakelog_open(NULL, NULL, NULL, &other), WAKELOG_INVALID_PARAMETER, "directory");
  CHECK(other == 0);
  REFUSED(wakelog_open(directory, NULL, NULL, NULL), WAKELOG_INVALID_PARAMETER, "engine");
  REFUSED(wakelog_call(engine, NULL, NULL, 0, &result, &length), WAKELOG_INVALID_PARAMETER,
          "method");
  REFUSED(wakelog_call(engine, "hello", NULL, 0, NULL, NULL), WAKELOG_INVALID_PARAMETER, "result");
  REFUSED(wakelog_call(engine, "hello", NULL, 3, &result, NULL), WAKELOG_INVALID_PARAMETER,
          "params");
  CHECK(wakelog_call(engine, "hello", NULL, 0, &result, NULL) == WAKELOG_OK);
  wakelog_free(result);
  wakelog_free(NULL);
  REFUSED(wakelog_submit(engine, "hello", NULL, 0, NULL, NULL), WAKELOG_INVALID_PARAMETER,
          "callback");
  REFUSED(wakelog_submit(engine, NULL, NULL, 0, told, NULL), WAKELOG_INVALID_PARAMETER, "method");
  REFUSED(wakelog_wait(engine, 0, 1, NULL), WAKELOG_INVALID_PARAMETER, "last");
  wakelog_wake_result woken = {.size = sizeof woken};
  wakelog_finish_result end = {.size = sizeof end};
  wakelog_wake_request wake = {.size = sizeof wake};
  wakelog_finish_request finish = WAKELOG_FINISH_REQUEST;
  wakelog_progress_request alive = {.size = sizeof alive};
  REFUSED(wakelog_wake(engine, NULL, &woken), WAKELOG_INVALID_PARAMETER, "request");
  REFUSED(wakelog_wake(engine, &wake, NULL), WAKELOG_INVALID_PARAMETER, "result");
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "session");
  REFUSED(wakelog_finish(engine, NULL, &end), WAKELOG_INVALID_PARAMETER, "request");
  REFUSED(wakelog_finish(engine, &finish, NULL), WAKELOG_INVALID_PARAMETER, "result");
  REFUSED(wakelog_finish(engine, &finish, &end), WAKELOG_INVALID_PARAMETER, "fence");
  REFUSED(wakelog_progress(engine, NULL), WAKELOG_INVALID_PARAMETER, "request");
  REFUSED(wakelog_progress(engine, &alive), WAKELOG_INVALID_PARAMETER, "fence");
  REFUSED(wakelog_check(engine, NULL, "x"), WAKELOG_INVALID_PARAMETER, "session");
  REFUSED(wakelog_check(engine, "x", NULL), WAKELOG_INVALID_PARAMETER, "fence");
  REFUSED(wakelog_providers(NULL, NULL), WAKELOG_INVALID_PARAMETER, "result");
  REFUSED(wakelog_command(NULL, 0, &result, NULL), WAKELOG_INVALID_PARAMETER, "provider");
  REFUSED(wakelog_command("{}", 2, NULL, NULL), WAKELOG_INVALID_PARAMETER, "result");
  REFUSED(wakelog_classify("{}", 2, NULL, NULL), WAKELOG_INVALID_PARAMETER, "result");
  REFUSED(wakelog_reader_open(NULL, NULL), WAKELOG_INVALID_PARAMETER, "reader");
}

/* Handles that no opening gave, or that were closed. */
static void handles(wakelog_engine engine, const char *directory) {
  wakelog_engine wrong[] = {0, engine + 1000, UINT64_MAX};
  uint64_t last;
  for (int index = 0; index < 3; index++) {
    REFUSED(wakelog_close(wrong[index]), WAKELOG_INVALID_PARAMETER, "engine");
    REFUSED(wakelog_call(wrong[index], "hello", NULL, 0, &result, &length),
            WAKELOG_INVALID_PARAMETER, "engine");
    CHECK(!result && !length);
    REFUSED(wakelog_wait(wrong[index], 0, 1, &last), WAKELOG_INVALID_PARAMETER, "engine");
  }
  CHECK(wakelog_close(engine) == WAKELOG_OK);
  REFUSED(wakelog_close(engine), WAKELOG_BUSY, "closed");
  REFUSED(wakelog_call(engine, "hello", NULL, 0, &result, &length), WAKELOG_BUSY, "closed");
  REFUSED(wakelog_submit(engine, "hello", NULL, 0, told, NULL), WAKELOG_BUSY, "closed");
  REFUSED(wakelog_wait(engine, 0, 1, &last), WAKELOG_BUSY, "closed");
  REFUSED(wakelog_check(engine, "a", "b"), WAKELOG_BUSY, "closed");
  wakelog_wake_request wake = wake_of("a");
  wakelog_wake_result woken = {.size = sizeof woken};
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_BUSY, "closed");
  wakelog_engine next;
  CHECK(wakelog_open(directory, NULL, NULL, &next) == WAKELOG_OK && next != engine);
  REFUSED(wakelog_call(engine, "hello", NULL, 0, &result, &length), WAKELOG_BUSY, "closed");
  CHECK(wakelog_close(next) == WAKELOG_OK);
  wakelog_reader reader;
  REFUSED(wakelog_reader_open("nobody", &reader), WAKELOG_NOT_FOUND, "claude");
  REFUSED(wakelog_reader_open("{\"name\": 1}", &reader), WAKELOG_INVALID_PARAMETER, "name");
  CHECK(wakelog_reader_open("claude", &reader) == WAKELOG_OK);
  REFUSED(wakelog_reader_feed(reader, NULL, 3, NULL, NULL), WAKELOG_INVALID_PARAMETER, "bytes");
  CHECK(wakelog_reader_close(reader) == WAKELOG_OK);
  REFUSED(wakelog_reader_close(reader), WAKELOG_BUSY, "closed");
  REFUSED(wakelog_reader_feed(reader, "", 0, NULL, NULL), WAKELOG_BUSY, "closed");
}

/* Text that is not what it should be. */
static void texts(wakelog_engine engine) {
  const char *wrong[][2] = {
      {"{\"session\": }", "column 13"},          {"[]", "not a JSON object"},
      {"", "empty"},                             {"{\"session\": \"a\", \"session\": \"b\"}", "params"},
      {"{\"session\": \"\xff\"}", "params"},     {"{\"sesion\": \"a\"}", "sesion"},
      {"{\"session\": 7}", "session"},           {"{\"session\": \"\\ud800\"}", "params"},
  };
  for (size_t index = 0; index < sizeof wrong / sizeof *wrong; index++)
    REFUSED(wakelog_call(engine, "session", wrong[index][0], strlen(wrong[index][0]), &result,
                         &length),
            WAKELOG_INVALID_PARAMETER, wrong[index][1]);
  REFUSED(wakelog_call(engine, "hello\xff", NULL, 0, &result, &length), WAKELOG_INVALID_PARAMETER,
          "UTF-8");
  REFUSED(wakelog_call(engine, "wakey", NULL, 0, &result, &length), WAKELOG_UNKNOWN_METHOD, "wake");
  wakelog_wake_request wake = wake_of("texts\xc3");
  wakelog_wake_result woken = {.size = sizeof woken};
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "UTF-8");
  CHECK(!woken.memory && !woken.run && !woken.disposition && woken.size == sizeof woken);
  wake = wake_of("");
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "session");
  wake = wake_of("texts");
  wake.source = "Timer";
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "source");
  wake = wake_of("texts");
  wake.workspace_kind = "project";
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "workspace.path");
  wake.workspace_path = "/srv";
  wake.workspace_kind = "palace";
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "workspace.kind");
  wake.workspace_kind = "home";
  wake.fingerprint = "{\"model\": []}";
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "fingerprint.model");
  wake.fingerprint = "{";
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "fingerprint");
  wake.fingerprint = NULL;
  wake.transcripts = "{\"a\": 1}";
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "transcripts.a");
  wake.transcripts = NULL;
  wake.keep = 2;
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "keep");
  wake.keep = WAKELOG_LEFT_OUT;
  wake.at = -1;
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "at");
  wake.at = INT64_MAX;
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "at");
  wakelog_progress_request alive = {sizeof alive, 1, "none", NULL, 0, WAKELOG_TRUE};
  REFUSED(wakelog_progress(engine, &alive), WAKELOG_STALE_FENCE, "staleFence");
  wakelog_finish_request finish = WAKELOG_FINISH_REQUEST;
  finish.attempt = 1;
  finish.fence = "none";
  finish.outcome = "won";
  wakelog_finish_result end = {.size = sizeof end};
  REFUSED(wakelog_finish(engine, &finish, &end), WAKELOG_INVALID_PARAMETER, "outcome");
  finish.outcome = NULL;
  finish.params = "[]";
  REFUSED(wakelog_finish(engine, &finish, &end), WAKELOG_INVALID_PARAMETER, "params");
  finish.params = NULL;
  finish.cost_micros = -7;
  REFUSED(wakelog_finish(engine, &finish, &end), WAKELOG_INVALID_PARAMETER, "usage.costMicros");
  const char *options[][2] = {
      {"{\"polcy\": 1}", "options.polcy"},   {"{\"policy\": \"nobody\"}", "options.policy"},
      {"{\"policy\": {\"rest\": 1}}", "rest"}, {"{\"readOnly\": 1}", "options.readOnly"},
      {"{\"mapSizeBytes\": 0}", "options.mapSizeBytes"}, {"7", "options"},
      {"{\"coldAfterSeconds\": -1}", "options.coldAfterSeconds"},
      {"{\"coldAfterSeconds\": \"never\"}", "options.coldAfterSeconds"},
      {"{\"writerWaitSeconds\": -1}", "options.writerWaitSeconds"},
      {"{\"writerWaitSeconds\": \"1\"}", "options.writerWaitSeconds"},
      {"{\"trustsFolder\": 0}", "options.trustsFolder"},
  };
  wakelog_engine other;
  for (size_t index = 0; index < sizeof options / sizeof *options; index++)
    REFUSED(wakelog_open("/nowhere", NULL, options[index][0], &other), WAKELOG_INVALID_PARAMETER,
            options[index][1]);
  CHECK(wakelog_open("/proc/nowhere", NULL, NULL, &other) != WAKELOG_OK);
  REFUSED(wakelog_open("/nowhere", "", NULL, &other), WAKELOG_INVALID_PARAMETER, "host");
  REFUSED(wakelog_open("/etc", NULL, NULL, &other), WAKELOG_CORRUPT, "corrupt");
}

/* Strings as long as memory allows. */
static void huge(wakelog_engine engine) {
  size_t size = 64 << 20;
  char *text = malloc(size + 1);
  memset(text, 'x', size);
  text[size] = 0;
  wakelog_wake_request wake = wake_of(text);
  wakelog_wake_result woken = {.size = sizeof woken};
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_TOO_LARGE, "session");
  REFUSED(wakelog_call(engine, text, NULL, 0, &result, &length), WAKELOG_UNKNOWN_METHOD, "method");
  CHECK(strlen(wakelog_last_error()) < 4096);
  REFUSED(wakelog_call(engine, "hello", text, size, &result, &length), WAKELOG_INVALID_PARAMETER,
          "params");
  memset(text, '[', size);
  REFUSED(wakelog_call(engine, "hello", text, size, &result, &length), WAKELOG_INVALID_PARAMETER,
          "deeper");
  CHECK(wakelog_open(text, text, NULL, &(wakelog_engine){0}) != WAKELOG_OK);
  CHECK(strlen(wakelog_last_error()) < 4096);
  memset(text, 'x', size);
  wakelog_wake_request good = wake_of("huge");
  CHECK(wakelog_wake(engine, &good, &woken) == WAKELOG_OK);
  wakelog_finish_request finish = WAKELOG_FINISH_REQUEST;
  finish.attempt = woken.plan.attempt;
  finish.fence = woken.fence;
  finish.exit_code = 1;
  finish.display_id = finish.standard_error = text;
  wakelog_finish_result end = {.size = sizeof end};
  REFUSED(wakelog_finish(engine, &finish, &end), WAKELOG_TOO_LARGE, "displayId");
  /* What a program printed is cut, and never refused. */
  finish.display_id = NULL;
  CHECK(wakelog_finish(engine, &finish, &end) == WAKELOG_OK && end.settled);
  wakelog_free(end.memory);
  wakelog_free(woken.memory);
  free(text);
}

/* Structs of callers that forgot the size, or whose header is of another version. */
static void sizes(wakelog_engine engine) {
  struct {
    wakelog_wake_request known;
    char unknown[64];
  } newer = {wake_of("newer"), "what a later header has"};
  wakelog_wake_request wake = wake_of("sizes");
  wakelog_wake_result woken = {.size = sizeof woken};
  wake.size = 0;
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "request.size");
  wake.size = sizeof wake - 8;
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "request.size");
  wake.size = sizeof wake;
  woken.size = 0;
  REFUSED(wakelog_wake(engine, &wake, &woken), WAKELOG_INVALID_PARAMETER, "result.size");
  struct {
    wakelog_wake_result known;
    char unknown[8];
  } later = {{.size = sizeof later}, "as was"};
  newer.known.size = sizeof newer;
  CHECK(wakelog_wake(engine, &newer.known, &later.known) == WAKELOG_OK);
  CHECK(later.known.size == sizeof later && later.known.run && !strcmp(later.unknown, "as was"));
  wakelog_free(later.known.memory);
}

int main(int count, char **words) {
  wakelog_engine engine;
  CHECK(count == 2 && wakelog_open(words[1], NULL, NULL, &engine) == WAKELOG_OK);
  nulls(engine, words[1]);
  texts(engine);
  huge(engine);
  sizes(engine);
  handles(engine, words[1]);
  puts("done");
  return 0;
}
