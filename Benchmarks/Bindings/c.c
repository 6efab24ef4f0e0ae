/* What a call costs through C, by structs and as JSON; see Suite+Bindings.swift for what is asked.
 *
 *   Sources/Bindings/build-library .build/libwakelog
 *   cc -O2 Benchmarks/Bindings/c.c -I.build/libwakelog -L.build/libwakelog -lwakelog \
 *     -Wl,-rpath,$PWD/.build/libwakelog -o .build/c-bench
 *   swift run -c release wakelog-bench --only bindings --binding .build/c-bench
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wakelog.h>

static wakelog_engine engine;
static char *fence, *result;

static void check(wakelog_status status) {
  if (status == WAKELOG_OK) return;
  fprintf(stderr, "%s\n", wakelog_last_error());
  exit(1);
}

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static void run_by_structs(void) {
  wakelog_wake_request wake = {.size = sizeof wake, .session = "s", .agent = "a",
      .provider = "claude", .source = "message"};
  wakelog_wake_result woken = {.size = sizeof woken};
  wakelog_finish_request finish = WAKELOG_FINISH_REQUEST;
  wakelog_finish_result end = {.size = sizeof end};
  check(wakelog_wake(engine, &wake, &woken));
  finish.attempt = woken.plan.attempt;
  finish.fence = woken.fence;
  finish.exit_code = 0;
  finish.turns = 1;
  finish.session_id = "id-1";
  check(wakelog_finish(engine, &finish, &end));
  wakelog_free(woken.memory);
  wakelog_free(end.memory);
}

static char *call(const char *method, const char *params) {
  check(wakelog_call(engine, method, params, strlen(params), &result, NULL));
  return result;
}

/* A host's own reading of JSON is not what is measured: two members are looked for. */
static void run_as_json(void) {
  char params[512];
  char *woken = call("wake", "{\"session\":\"s\",\"agent\":\"a\",\"provider\":\"claude\","
                             "\"source\":\"message\"}");
  const char *attempt = strstr(woken, "\"attempt\":"), *text = strstr(woken, "\"fence\":\"");
  if (!attempt || !text) exit(1);
  snprintf(params, sizeof params,
           "{\"attempt\":%lld,\"fence\":\"%.*s\",\"exitCode\":0,\"turns\":1,"
           "\"sessionId\":\"id-1\"}",
           atoll(attempt + 10), (int)strcspn(text + 9, "\""), text + 9);
  wakelog_free(call("finish", params));
  wakelog_free(woken);
}

static void session_as_json(void) { wakelog_free(call("session", "{\"session\":\"s\"}")); }
static void check_by_struct(void) { check(wakelog_check(engine, "checked", fence)); }

static void check_as_json(void) {
  char params[512];
  snprintf(params, sizeof params, "{\"session\":\"checked\",\"fence\":\"%s\"}", fence);
  wakelog_free(call("check", params));
}

static void noop(void) { (void)wakelog_version(); }

static void measure(const char *binding, const char *name, int count, void (*body)(void)) {
  for (int round = 0; round < count / 10 + 1; round++) body();
  double start = microseconds();
  for (int round = 0; round < count; round++) body();
  printf("{\"binding\":\"%s\",\"call\":\"%s\",\"microseconds\":%f}\n", binding, name,
         (microseconds() - start) / count);
}

int main(int count, char **words) {
  if (count != 3) return 2;
  int rounds = atoi(words[2]);
  check(wakelog_open(words[1], "bench", NULL, &engine));
  wakelog_wake_request wake = {.size = sizeof wake, .session = "checked", .agent = "a",
      .provider = "claude", .source = "message"};
  wakelog_wake_result woken = {.size = sizeof woken};
  check(wakelog_wake(engine, &wake, &woken));
  fence = strdup(woken.fence);
  wakelog_free(woken.memory);
  measure("C, structs", "run", rounds, run_by_structs);
  measure("C, JSON", "run", rounds, run_as_json);
  measure("C, JSON", "session", rounds, session_as_json);
  measure("C, structs", "check", rounds, check_by_struct);
  measure("C, JSON", "check", rounds, check_as_json);
  measure("C, structs", "noop", rounds * 10, noop);
  free(fence);
  return wakelog_close(engine);
}
