/* A CLI that printed 2 MiB had its finish refused as too large: its run stayed open. Whatever a
 * program prints, its run ends and the next wake works, with structs as with JSON. */
#include "check.h"

enum { LIMIT = 64 << 10, LONG = 2 << 20 };

static const char gone[] = "No conversation found with session ID: gone\n";

/* Text of a length that repeats a piece, with some at its start and its end. */
static char *repeated(const char *start, const char *piece, size_t length, const char *end) {
  char *text = malloc(length + strlen(start) + strlen(end) + 1), *place = text;
  CHECK(text);
  place += sprintf(place, "%s", start);
  for (size_t done = 0; done + strlen(piece) <= length; done += strlen(piece)) {
    place += sprintf(place, "%s", piece);
  }
  strcpy(place, end);
  return text;
}

/* Ends a run that printed a text everywhere; gives the kind of its failure to be freed. */
static char *end_run(wakelog_engine engine, const char *printed, int32_t turns) {
  wakelog_wake_request request = wake_of("s");
  request.resume = "gone";
  wakelog_wake_result woken = {.size = sizeof woken};
  CHECK(wakelog_wake(engine, &request, &woken) == WAKELOG_OK);
  CHECK(!strcmp(woken.disposition, "started"));
  wakelog_finish_request finish = WAKELOG_FINISH_REQUEST;
  finish.attempt = woken.plan.attempt;
  finish.fence = woken.fence;
  finish.exit_code = 1;
  finish.turns = turns;
  finish.standard_output = finish.standard_error = finish.message = printed;
  wakelog_finish_result end = {.size = sizeof end};
  CHECK(wakelog_finish(engine, &finish, &end) == WAKELOG_OK);
  char *kind = strdup(end.failure_kind);
  wakelog_free(end.memory);
  wakelog_free(woken.memory);
  gives(engine, "reset", "{\"session\":\"s\"}", "generation");
  return kind;
}

static void check_structs(wakelog_engine engine) {
  const char *pieces[] = {"x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xff", "\x01",
                          "\xed\xa0\x80", "\xe2\x82"};
  const size_t lengths[] = {0, 10, LIMIT - 1, LIMIT, LIMIT + 1, LONG};
  for (size_t piece = 0; piece < sizeof pieces / sizeof *pieces; piece += 1) {
    for (size_t length = 0; length < sizeof lengths / sizeof *lengths; length += 1) {
      char *printed = repeated("", pieces[piece], lengths[length], "");
      free(end_run(engine, printed, 1));
      free(printed);
    }
  }
  char *ends[] = {repeated(gone, "all is well\n", LONG, ""),
                  repeated("", "all is well\n", LONG, gone)};
  for (size_t which = 0; which < 2; which += 1) {
    char *kind = end_run(engine, ends[which], 0);
    CHECK(!strcmp(kind, "unknownSession"));
    free(kind);
    free(ends[which]);
  }
}

static void check_json(wakelog_engine engine) {
  wakelog_wake_request request = wake_of("json");
  wakelog_wake_result woken = {.size = sizeof woken};
  CHECK(wakelog_wake(engine, &request, &woken) == WAKELOG_OK);
  char head[400];
  snprintf(head, sizeof head, "{\"attempt\":%llu,\"fence\":\"%s\",\"exitCode\":1,\"stderr\":\"",
           (unsigned long long)woken.plan.attempt, woken.fence);
  char *params = repeated(head, "\xc3\xa9", LONG, "\"}");
  gives(engine, "finish", params, "\"settled\":true");
  free(params);
  wakelog_free(woken.memory);
  char *facts = repeated("{\"provider\":\"claude\",\"exitCode\":1,\"turns\":0,\"stderr\":\"", "all ",
                         LONG, "\\nNo conversation found with session ID: gone\"}");
  char *result = NULL;
  CHECK(wakelog_classify(facts, strlen(facts), &result, NULL) == WAKELOG_OK);
  CHECK(strstr(result, "unknownSession"));
  wakelog_free(result);
  free(facts);
}

int main(int count, char **words) {
  CHECK(count == 2);
  wakelog_engine engine = 0;
  CHECK(wakelog_open(words[1], "host", NULL, &engine) == WAKELOG_OK);
  check_structs(engine);
  check_json(engine);
  CHECK(wakelog_close(engine) == WAKELOG_OK);
  puts("done");
  return 0;
}
